import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recoverAll, writeFolder } from '../../../src/export/folder.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const MANIFEST = { format: 1, run: 'r1', tables: { t: { files: [{ path: 'file' }] } } };

const fillWith = (text: string) => async (folder: string) => {
  await writeFile(join(folder, 'file'), text);
  const manifest = { ...MANIFEST, rejects: { files: [] } };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
};
/** What stands beside the folder while it is replaced. */
const NEW = 'out.huggingface-etl-new-';
const OLD = 'out.huggingface-etl-old-';
/** No process has this number: Linux ends at 2^22. */
const DEAD = '99999999';

test('replaces a folder and leaves nothing else behind', async ({ folder: parent }) => {
  const path = join(parent, 'deep', 'out');
  await writeFolder(path, fillWith('old'));
  await writeFolder(path, fillWith('new'));
  expect(await readFile(join(path, 'file'), 'utf8')).toBe('new');
  expect(await readdir(join(parent, 'deep'))).toEqual(['out']);
});

test('a failure leaves the folder as it was, and no leftover', async ({ folder: parent }) => {
  const path = join(parent, 'out');
  await writeFolder(path, fillWith('old'));
  const failing = writeFolder(path, async (folder) => {
    await writeFile(join(folder, 'file'), 'half');
    throw new Error('no more');
  });
  await expect(failing).rejects.toThrow('no more');
  expect(await readFile(join(path, 'file'), 'utf8')).toBe('old');
  expect(await readdir(parent)).toEqual(['out']);
});

test('leftovers of dead processes go; those of a living one stay', async ({ folder: parent }) => {
  const path = join(parent, 'out');
  await mkdir(join(parent, `${NEW}${DEAD}`));
  await mkdir(join(parent, `${NEW}${process.ppid}`));
  await mkdir(join(parent, `${OLD}${DEAD}`));
  await writeFolder(path, fillWith('new'));
  expect((await readdir(parent)).sort()).toEqual(['out', `${NEW}${process.ppid}`]);
});

test('what killed exports of any run have left goes, or back to its place', async ({
  folder: parent,
}) => {
  await writeFolder(join(parent, 'whole'), fillWith('whole'));
  for (const name of [`a${NEW.slice(3)}${DEAD}`, `whole${OLD.slice(3)}${DEAD}`, 'b.bak'])
    await mkdir(join(parent, name));
  await writeFolder(join(parent, 'moved'), fillWith('moved'));
  await rename(join(parent, 'moved'), join(parent, `moved${OLD.slice(3)}${DEAD}`));

  await recoverAll(parent);
  await recoverAll(join(parent, 'nowhere'));

  expect((await readdir(parent)).sort()).toEqual(['b.bak', 'moved', 'whole']);
  expect(await readFile(join(parent, 'whole', 'file'), 'utf8')).toBe('whole');
});

test('what a user named like a copy of the folder stays', async ({ folder: parent }) => {
  const names = [`out.old-${DEAD}`, `out.tmp-${DEAD}`, 'out.old-', 'out.old', 'out.bak'];
  for (const name of names) await mkdir(join(parent, name));
  await writeFolder(join(parent, 'out'), fillWith('old'));
  await writeFolder(join(parent, 'out'), fillWith('new'));
  expect((await readdir(parent)).sort()).toEqual(['out', ...names].sort());
});

for (const wasThere of [true, false]) {
  test(`a user's file that comes while the folder is filled stays (${wasThere ? 'an export' : 'nothing'} there before)`, async ({
    folder: parent,
  }) => {
    const path = join(parent, 'out');
    if (wasThere) await writeFolder(path, fillWith('old'));
    const replacing = writeFolder(path, async (folder) => {
      await fillWith('new')(folder);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'mine'), 'mine');
    });
    await expect(replacing).rejects.toMatchObject({ code: 'FOLDER_TAKEN' });
    expect(await readFile(join(path, 'mine'), 'utf8')).toBe('mine');
    expect(await readdir(parent)).toEqual(['out']);
  });
}

test('a replacement killed between its two renames is undone before the next one begins', async ({
  folder: parent,
}) => {
  const path = join(parent, 'out');
  await writeFolder(path, fillWith('old'));
  await rename(path, join(parent, `${OLD}${DEAD}`));
  const failing = writeFolder(path, () => Promise.reject(new Error('no more')));
  await expect(failing).rejects.toThrow('no more');
  expect(await readFile(join(path, 'file'), 'utf8')).toBe('old');
  expect(await readdir(parent)).toEqual(['out']);
});
