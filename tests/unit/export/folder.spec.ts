import { expect, test } from '@playwright/test';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolder } from '../../../src/export/folder.ts';
import { withTemporaryFolder } from './captured.ts';

const fillWith = (text: string) => (folder: string) => writeFile(join(folder, 'file'), text);
/** No process has this number: Linux ends at 2^22. */
const DEAD = '99999999';

test('replaces a folder and leaves nothing else behind', async () => {
  await withTemporaryFolder(async (parent) => {
    const path = join(parent, 'deep', 'out');
    await writeFolder(path, fillWith('old'));
    await writeFolder(path, fillWith('new'));
    expect(await readFile(join(path, 'file'), 'utf8')).toBe('new');
    expect(await readdir(join(parent, 'deep'))).toEqual(['out']);
  });
});

test('a failure leaves the folder as it was, and no leftover', async () => {
  await withTemporaryFolder(async (parent) => {
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
});

test('leftovers of dead processes go; those of a living one stay', async () => {
  await withTemporaryFolder(async (parent) => {
    const path = join(parent, 'out');
    await mkdir(`${path}.tmp-${DEAD}`);
    await mkdir(`${path}.tmp-${process.ppid}`);
    await mkdir(`${path}.old-${DEAD}`);
    await writeFolder(path, fillWith('new'));
    expect((await readdir(parent)).sort()).toEqual(['out', `out.tmp-${process.ppid}`]);
  });
});

test('a replacement killed between its two renames is undone before the next one begins', async () => {
  await withTemporaryFolder(async (parent) => {
    const path = join(parent, 'out');
    await writeFolder(path, fillWith('old'));
    await rename(path, `${path}.old-${DEAD}`);
    const failing = writeFolder(path, () => Promise.reject(new Error('no more')));
    await expect(failing).rejects.toThrow('no more');
    expect(await readFile(join(path, 'file'), 'utf8')).toBe('old');
    expect(await readdir(parent)).toEqual(['out']);
  });
});
