import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HubReplica } from '../../../demo/hub/index.ts';
import { runCli, type CliResult } from '../../helpers/cli.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';

// What a user names to be written is refused where it is not ours: by every command, before it works.

const RUN = ['run', '--sources', 'models', '--to', 'jsonl', '--json', '--retry-base', '0.01'];

interface Place {
  /** A folder of a user, which the command line is started in. */
  home: string;
  hub: HubReplica;
  run: (...args: string[]) => Promise<CliResult>;
}

const test = base.extend<{ place: Place }>({
  place: async ({ folder: home, fewHub: hub }, use) => {
    await mkdir(path.join(home, 'thesis', 'demo'), { recursive: true });
    for (const name of ['chapter-1.md', 'lock.json', 'demo/lock.json', 'demo/notes.txt']) {
      await writeFile(path.join(home, 'thesis', name), 'mine');
    }
    // Paths are relative to it; a worker of the tests has one test at a time.
    const before = process.cwd();
    process.chdir(home);
    await use({ ...{ home, hub }, run: (...args) => runCli([...args, '--endpoint', hub.url]) });
    process.chdir(before);
  },
});

/** Names and bytes of all files, but of the lock, which each opening writes. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((it) => it.isFile() && it.name !== 'lock.sqlite');
  const texts = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return `${path.relative(folder, file)}: ${await readFile(file, 'hex')}`;
  });
  return (await Promise.all(texts)).sort();
}

const codeOf = (stdout: string): unknown =>
  (JSON.parse(stdout) as { error?: { code: string } }).error?.code;

test('run says before the first request that --out is not for it', async ({ place }) => {
  const { home, hub, run } = place;
  const before = await filesIn(home);
  for (const out of ['thesis', '.', 'storage', 'storage/runs']) {
    const { code, stdout, stderr } = await run(...RUN, '--out', out);

    expect([out, code, codeOf(stdout)]).toEqual([out, 2, 'FOLDER_TAKEN']);
    expect(stderr).toContain('[FOLDER_TAKEN]');
    expect(await filesIn(home)).toEqual(before);
  }
  expect(hub.requests).toHaveLength(0);
});

test('the current folder is refused although it is empty and holds no storage', async ({
  place,
}) => {
  const { home, hub } = place;
  const empty = path.join(home, 'empty');
  await mkdir(empty);
  process.chdir(empty);
  const args = [...RUN, '--storage', '../elsewhere', '--out', '.', '--endpoint', hub.url];

  const { code, stdout } = await runCli(args);

  expect([code, codeOf(stdout)]).toEqual([2, 'FOLDER_TAKEN']);
  expect(hub.requests).toHaveLength(0);
});

test('export refuses the same, and the captures give their tables afterwards', async ({
  place,
}) => {
  const { home, run } = place;
  const first = await run(...RUN, '--out', 'tables');
  expect(first.code, first.stderr).toBe(0);
  const tables = await filesIn(path.join(home, 'tables'));
  const before = await filesIn(home);
  for (const out of ['thesis', '.', 'storage']) {
    const { code, stdout } = await run('export', '--to', 'jsonl', '--json', '--out', out);

    expect([out, code, codeOf(stdout)]).toEqual([out, 2, 'FOLDER_TAKEN']);
    expect(await filesIn(home)).toEqual(before);
  }
  for (const out of ['tables', 'storage/tables']) {
    const { code, stderr } = await run('export', '--to', 'jsonl', '--json', '--out', out);

    expect(code, stderr).toBe(0);
    expect(await filesIn(path.join(home, out))).toEqual(tables);
  }
});

test('no command makes a storage of a folder whose files it would overwrite', async ({ place }) => {
  const { home, hub, run } = place;
  const before = await filesIn(home);
  for (const command of [RUN, ['export', '--json'], ['demo', '--json']]) {
    const { code, stdout } = await run(...command, '--storage', 'thesis');

    expect([command[0], code, codeOf(stdout)]).toEqual([command[0], 2, 'FOLDER_TAKEN']);
    expect(await filesIn(home)).toEqual(before);
  }
  expect(hub.requests).toHaveLength(0);
});

test('a file where a folder is expected is a usage error of load and of boards new', async ({
  place,
}) => {
  const { home, hub, run } = place;
  const before = await filesIn(home);

  const load = await run('load', '--json', '--storage', 'new', '--out', 'thesis/chapter-1.md');
  const described = await run(
    ...['boards', 'new', 'mine', '--url', hub.url, '--json', '--storage', 'new'],
    ...['--out', 'thesis/chapter-1.md/mine.ts'],
  );

  expect([load.code, codeOf(load.stdout)]).toEqual([2, 'EXPORT_MISSING']);
  expect([described.code, codeOf(described.stdout)]).toEqual([2, 'FOLDER_TAKEN']);
  expect(hub.requests).toHaveLength(0);
  expect(await filesIn(home)).toEqual(expect.arrayContaining(before));
});
