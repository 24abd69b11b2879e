import { expect, test } from '@playwright/test';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startCli } from '../../helpers/cli.ts';
import { temporaryFolder } from '../../helpers/pipeline.ts';
import { startHub } from '../../../demo/hub/index.ts';

// What a user names to be written is refused where it is not ours: by every command, before it works.

const RUN = ['run', '--sources', 'models', '--to', 'jsonl', '--json', '--retry-base', '0.01'];

/** A folder of a user, which the command line is started in, and a Hub. */
async function inHome(
  work: (place: {
    home: string;
    hub: Awaited<ReturnType<typeof startHub>>;
    cli: (...args: string[]) => ReturnType<typeof startCli>['done'];
  }) => Promise<void>,
): Promise<void> {
  const { folder: home, remove } = await temporaryFolder();
  const hub = await startHub({});
  await mkdir(path.join(home, 'thesis', 'demo'), { recursive: true });
  for (const name of ['chapter-1.md', 'lock.json', 'demo/lock.json', 'demo/notes.txt']) {
    await writeFile(path.join(home, 'thesis', name), 'mine');
  }
  try {
    const cli = (...args: string[]) => startCli([...args, '--endpoint', hub.url], {}, home).done;
    await work({ home, hub, cli });
  } finally {
    await hub.close();
    await remove();
  }
}

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

test('run says before the first request that --out is not for it', () =>
  inHome(async ({ home, hub, cli }) => {
    const before = await filesIn(home);
    for (const out of ['thesis', '.', 'storage', 'storage/runs']) {
      const { code, stdout, stderr } = await cli(...RUN, '--out', out);

      expect([out, code, codeOf(stdout)]).toEqual([out, 2, 'FOLDER_TAKEN']);
      expect(stderr).toContain('[FOLDER_TAKEN]');
      expect(await filesIn(home)).toEqual(before);
    }
    expect(hub.requests).toHaveLength(0);
  }));

test('the current folder is refused although it is empty and holds no storage', () =>
  inHome(async ({ home, hub }) => {
    const empty = path.join(home, 'empty');
    await mkdir(empty);
    const args = [...RUN, '--storage', '../elsewhere', '--out', '.', '--endpoint', hub.url];

    const { code, stdout } = await startCli(args, {}, empty).done;

    expect([code, codeOf(stdout)]).toEqual([2, 'FOLDER_TAKEN']);
    expect(hub.requests).toHaveLength(0);
  }));

test('export refuses the same, and the captures give their tables afterwards', () =>
  inHome(async ({ home, cli }) => {
    const run = await cli(...RUN, '--out', 'tables');
    expect(run.code, run.stderr).toBe(0);
    const tables = await filesIn(path.join(home, 'tables'));
    const before = await filesIn(home);
    for (const out of ['thesis', '.', 'storage']) {
      const { code, stdout } = await cli('export', '--to', 'jsonl', '--json', '--out', out);

      expect([out, code, codeOf(stdout)]).toEqual([out, 2, 'FOLDER_TAKEN']);
      expect(await filesIn(home)).toEqual(before);
    }
    for (const out of ['tables', 'storage/tables']) {
      const { code, stderr } = await cli('export', '--to', 'jsonl', '--json', '--out', out);

      expect(code, stderr).toBe(0);
      expect(await filesIn(path.join(home, out))).toEqual(tables);
    }
  }));

test('no command makes a storage of a folder whose files it would overwrite', () =>
  inHome(async ({ home, hub, cli }) => {
    const before = await filesIn(home);
    for (const command of [RUN, ['export', '--json'], ['demo', '--json']]) {
      const { code, stdout } = await cli(...command, '--storage', 'thesis');

      expect([command[0], code, codeOf(stdout)]).toEqual([command[0], 2, 'FOLDER_TAKEN']);
      expect(await filesIn(home)).toEqual(before);
    }
    expect(hub.requests).toHaveLength(0);
  }));

test('a file where a folder is expected is a usage error of load and of boards new', () =>
  inHome(async ({ home, hub, cli }) => {
    const before = await filesIn(home);

    const load = await cli('load', '--json', '--storage', 'new', '--out', 'thesis/chapter-1.md');
    const described = await cli(
      ...['boards', 'new', 'mine', '--url', hub.url, '--json', '--storage', 'new'],
      ...['--out', 'thesis/chapter-1.md/mine.ts'],
    );

    expect([load.code, codeOf(load.stdout)]).toEqual([2, 'EXPORT_MISSING']);
    expect([described.code, codeOf(described.stdout)]).toEqual([2, 'FOLDER_TAKEN']);
    expect(hub.requests).toHaveLength(0);
    expect(await filesIn(home)).toEqual(expect.arrayContaining(before));
  }));
