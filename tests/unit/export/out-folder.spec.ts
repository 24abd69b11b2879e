import { cp, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { exportRun } from '../../../src/export/export.ts';
import { expect, temporaryFolder, test as base } from '../../helpers/fixtures.ts';
import { inputOf, tinyModel, writePages } from './captured.ts';

/** A user's home: a storage in it, an export of it beside, and what each test adds. */
interface Home {
  home: string;
  storage: string;
  /** A folder with an earlier export. */
  earlier: string;
  exportTo: (out: string, run?: string) => Promise<unknown>;
}

const homeAt = (home: string): Home => {
  const storage = join(home, 'storage');
  const exportTo = (out: string, run = 'r1') =>
    exportRun(inputOf(storage, { models: 'models' }, { run }), {
      out,
      compress: 'none',
      workers: 0,
      formats: ['csv'],
      tables: ['core_model'],
    });
  return { home, storage, earlier: join(home, 'earlier'), exportTo };
};

/** One made once a worker, and a copy of it for each test. */
const test = base.extend<{ home: Home }, { firstHome: string }>({
  firstHome: [
    async ({}, use) => {
      const { folder, remove } = await temporaryFolder();
      const { storage, earlier, exportTo } = homeAt(folder);
      await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
      await exportTo(earlier);
      await use(folder);
      await remove();
    },
    { scope: 'worker' },
  ],
  home: async ({ folder, firstHome }, use) => {
    await cp(firstHome, folder, { recursive: true });
    await use(homeAt(folder));
  },
});

/** Everything in a folder, with its bytes; links as links. */
async function tree(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) found[relative(folder, path)] = `-> ${await readlink(path)}`;
    else found[relative(folder, path)] = entry.isFile() ? await readFile(path, 'hex') : 'folder';
  }
  return found;
}

async function usersFolder(home: string): Promise<string> {
  const path = join(home, 'thesis');
  await mkdir(path);
  await writeFile(join(path, 'chapter-1.md'), 'three years of work');
  return path;
}

async function linkTo(target: string): Promise<string> {
  const path = `${target}-link`;
  await symlink(target, path);
  return path;
}

async function added(folder: string, name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return folder;
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}

const REFUSED: [string, (home: Home) => string | Promise<string>, RegExp][] = [
  ['a folder of the user', ({ home }) => usersFolder(home), /thesis holds "chapter-1.md"/],
  ['a link to one', async ({ home }) => linkTo(await usersFolder(home)), /thesis holds "chapter-1/],
  ['the storage', ({ storage }) => storage, /is the storage itself/],
  ['the storage by another way', ({ storage }) => `${storage}/datasets/../`, /is the storage/],
  ['a link to the storage', ({ storage }) => linkTo(storage), /is the storage itself/],
  [
    'the storage under a link to its parent',
    async ({ home, storage }) => {
      await symlink(home, join(home, 'again'));
      return join(home, 'again', relative(home, storage));
    },
    /is the storage itself/,
  ],
  ['the parent of the storage', ({ home }) => home, /holds the storage/],
  ['its datasets', ({ storage }) => join(storage, 'datasets'), /keeps its own files/],
  ['a dataset', ({ storage }) => join(storage, 'datasets', 'models'), /keeps its own files/],
  ['a new one there', ({ storage }) => join(storage, 'datasets', 'a', 'b'), /keeps its own files/],
  ['an empty one of its own', ({ storage }) => made(join(storage, 'runs')), /keeps its own files/],
  [
    'the export of another run',
    async ({ storage, exportTo }) => {
      await exportTo(join(storage, 'exports', 'r0'), 'r0');
      return join(storage, 'exports', 'r0');
    },
    /keeps its own files/,
  ],
  [
    'where a link has put the exports of the storage',
    async ({ home, storage }) => {
      await symlink(await made(join(home, 'large-disk')), join(storage, 'exports'));
      return join(home, 'large-disk');
    },
    /keeps its own files/,
  ],
  [
    'an earlier export with a file more',
    ({ earlier }) => added(earlier, 'notes.txt', 'mine'),
    /holds "notes.txt", which its manifest does not list/,
  ],
  [
    'an earlier export with a folder more',
    async ({ earlier }) => {
      await mkdir(join(earlier, 'plots'));
      return earlier;
    },
    /holds "plots"/,
  ],
  [
    'an earlier export with a link for a file',
    async ({ earlier }) => {
      await rm(join(earlier, 'rejects.jsonl'));
      await symlink('/dev/null', join(earlier, 'rejects.jsonl'));
      return earlier;
    },
    /holds "rejects.jsonl"/,
  ],
  [
    'an earlier export without its manifest',
    async ({ earlier }) => {
      await rm(join(earlier, 'manifest.json'));
      return earlier;
    },
    /no manifest of an export/,
  ],
  ...['{"name":"my-app"}', '{"format":1,"tables":null}', '{"format":1,"tables":{}}', ''].map(
    (text): [string, (home: Home) => Promise<string>, RegExp] => [
      `a folder with another manifest: ${text}`,
      async ({ home }) => added(await made(join(home, 'app')), 'manifest.json', text),
      /holds "manifest.json", and no manifest of an export/,
    ],
  ),
  [
    'a file',
    ({ home }) => added(home, 'file', 'mine').then(() => join(home, 'file')),
    /is not a folder/,
  ],
  [
    'a way through a file',
    ({ home }) => added(home, 'file', 'mine').then(() => join(home, 'file', 'new')),
    /leads through a file/,
  ],
  ['a broken link', ({ home }) => linkTo(join(home, 'nothing')), /is a link to nothing/],
  [
    'a way through a broken link',
    async ({ home }) => join(await linkTo(join(home, 'nothing')), 'new'),
    /is a link to nothing/,
  ],
  [
    'a link to itself',
    async ({ home }) => {
      await symlink('loop', join(home, 'loop'));
      return join(home, 'loop');
    },
    /leads to itself/,
  ],
];

for (const [what, prepare, why] of REFUSED) {
  test(`refuses ${what} and changes nothing`, async ({ home }) => {
    const out = await prepare(home);
    const before = await tree(home.home);

    const refused: unknown = await home.exportTo(out).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'FOLDER_TAKEN', exitCode: 2 });
    expect(String(refused)).toMatch(why);
    expect(await tree(home.home)).toEqual(before);
  });
}

const ALLOWED: [string, (home: Home) => string | Promise<string>][] = [
  ['a new folder', ({ home }) => join(home, 'new')],
  ['a new folder in new folders', ({ home }) => join(home, 'a', 'b', 'new')],
  ['an empty folder', ({ home }) => made(join(home, 'empty'))],
  ['an earlier export', ({ earlier }) => earlier],
  ['an earlier export, with a slash', ({ earlier }) => `${earlier}/`],
  ['a path from the current folder', ({ home }) => relative(process.cwd(), join(home, 'new'))],
  ['a new folder in the storage', ({ storage }) => join(storage, 'tables')],
  ['its own folder in the storage', ({ storage }) => join(storage, 'exports', 'r1')],
  ['a link to an empty folder', async ({ home }) => linkTo(await made(join(home, 'empty')))],
  ['a link to an earlier export', ({ earlier }) => linkTo(earlier)],
];

for (const [what, prepare] of ALLOWED) {
  test(`fills ${what}, and does so again`, async ({ home }) => {
    const out = await prepare(home);
    const before = await tree(home.home);
    await home.exportTo(out);
    const once = await tree(home.home);

    await home.exportTo(out);

    expect(Object.keys(await tree(out)).sort()).toEqual(
      Object.keys(await tree(home.earlier)).sort(),
    );
    expect(await tree(home.home)).toEqual(once);
    expect(once).toMatchObject(before);
  });
}
