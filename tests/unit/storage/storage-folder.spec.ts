import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkFormat, openStorage } from '../../../src/storage/storage-folder.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { outcome, startProgram } from './samples.ts';

const command = 'export';

test('makes a storage that can be opened again', async ({ folder: dir }) => {
  const path = join(dir, 'new', 'storage');
  const storage = await openStorage(path, { command });
  storage.close();
  storage.close(); // closing twice is no error

  (await openStorage(path, { command })).close();

  expect(JSON.parse(await readFile(join(path, 'format.json'), 'utf8'))).toEqual({ format: 3 });
  expect((await readdir(path)).sort()).toEqual(['datasets', 'format.json', 'lock.sqlite']);
  expect(await checkFormat(path)).toBe(false);
});

for (const text of ['{"format":1}', '{"format":"2"}', '[]', 'null', '', '\0\0']) {
  test(`refuses the format ${JSON.stringify(text)} and leaves it`, async ({ folder: dir }) => {
    await writeFile(join(dir, 'format.json'), text);

    await expect(openStorage(dir, { command })).rejects.toMatchObject({
      code: 'STORAGE_VERSION',
    });

    expect(await readFile(join(dir, 'format.json'), 'utf8')).toBe(text);
  });
}

for (const name of ['lock.json', 'lock.sqlite', 'datasets', 'warehouse', 'boards']) {
  test(`refuses a folder of the user in which something is named ${name}, and leaves it`, async ({
    folder: dir,
  }) => {
    await writeFile(join(dir, name), 'mine');

    await expect(openStorage(dir, { command })).rejects.toMatchObject({
      code: 'FOLDER_TAKEN',
      exitCode: 2,
      message: expect.stringContaining(name),
    });

    expect(await readdir(dir)).toEqual([name]);
    expect(await readFile(join(dir, name), 'utf8')).toBe('mine');
  });
}

test('may be made beside files with other names, and after a kill that left only its format', async ({
  folder: dir,
}) => {
  await writeFile(join(dir, 'README.md'), 'mine');
  (await openStorage(dir, { command })).close();
  await rm(join(dir, 'datasets'), { recursive: true });
  await rm(join(dir, 'lock.sqlite'));

  (await openStorage(dir, { command })).close();

  expect(await readFile(join(dir, 'README.md'), 'utf8')).toBe('mine');
  expect((await readdir(dir)).sort()).toEqual([
    ...['README.md', 'datasets', 'format.json', 'lock.sqlite'],
  ]);
});

test('refuses a second opening in one process', async ({ folder: dir }) => {
  const storage = await openStorage(dir, { command });
  await expect(openStorage(dir, { command })).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  await expect(openStorage(dir, { command })).rejects.toMatchObject({ exitCode: 8 });
  storage.close();
  (await openStorage(dir, { command })).close();
});

test('tells a second process who holds the storage, and lets it in once that is killed', async ({
  folder: dir,
}) => {
  const holder = startProgram('lock-program.ts', [dir]);
  const ended = outcome(holder);
  if (holder.stdout === null) throw new Error('the program has no stdout');
  await Promise.race([once(holder.stdout, 'data'), ended]);

  const error: unknown = await openStorage(dir, { command }).catch((it: unknown) => it);
  holder.kill('SIGKILL');
  await ended;
  const warnings: unknown[] = [];
  const log = { warn: (facts: object) => warnings.push(facts) };
  const storage = await openStorage(dir, { command, log });

  const { pid } = holder;
  expect(error).toMatchObject({
    code: 'STORAGE_LOCKED',
    exitCode: 8,
    context: { pid, host: hostname(), command: 'crawl models' },
  });
  expect(String(error)).toMatch(
    new RegExp(`crawl models.*pid ${String(pid)} on ${hostname()}, since \\d{4}-\\d\\d-\\d\\dT`),
  );
  expect(warnings).toMatchObject([{ pid, command: 'crawl models' }]);
  storage.close();
});

test('of many processes exactly one gets the storage', async ({ folder: dir }) => {
  const children = Array.from({ length: 5 }, () => startProgram('lock-program.ts', [dir]));
  const endings = children.map(outcome);
  const firstLines = await Promise.all(
    children.map(async ({ stdout }) => {
      if (stdout === null) throw new Error('the program has no stdout');
      const [chunk] = (await once(stdout, 'data')) as [Buffer]; // no encoding is set
      return chunk.toString().trim();
    }),
  );
  for (const child of children) child.stdin?.end();
  await Promise.all(endings);

  const locked = firstLines.filter((line) => line === 'STORAGE_LOCKED');
  expect([firstLines.includes('open'), locked.length]).toEqual([true, 4]);
  (await openStorage(dir, { command })).close();
});

test('says STORAGE_DENIED when the folder is not writable', async ({ folder: dir }) => {
  const path = join(dir, 'storage');
  await mkdir(path);
  await chmod(dir, 0o755);
  await chmod(path, 0o555);
  // Root may write everywhere, so the program runs as nobody then.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const fresh = await outcome(startProgram('lock-program.ts', [path], nobody));
  await chmod(path, 0o755);
  (await openStorage(path, { command })).close();
  await chmod(join(path, 'lock.sqlite'), 0o444);
  await chmod(path, 0o555);

  const used = await outcome(startProgram('lock-program.ts', [path], nobody));

  expect(fresh).toMatchObject({ output: 'STORAGE_DENIED\n', errors: '' });
  expect(used).toMatchObject({ output: 'STORAGE_DENIED\n', errors: '' });
});

test('says STORAGE_DENIED when the path is a file, or a link to nothing', async ({
  folder: dir,
}) => {
  const [path, link] = [join(dir, 'file'), join(dir, 'link')];
  await writeFile(path, '');
  await symlink(join(dir, 'gone'), link);
  for (const place of [path, join(path, 'below'), link]) {
    await expect(openStorage(place, { command })).rejects.toMatchObject({
      code: 'STORAGE_DENIED',
    });
  }
});

test('removes what a process left that died while it dropped a dataset', async ({
  folder: dir,
}) => {
  (await openStorage(dir, { command })).close();
  const left = join(dir, 'datasets', '.dropped-models-1');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, '000001.sqlite'), '');

  (await openStorage(dir, { command })).close();

  expect(await readdir(join(dir, 'datasets'))).toEqual([]);
});
