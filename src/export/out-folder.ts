import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { EtlError, fromSystemError, systemCode } from '../errors.ts';
import { orMissing } from '../storage/files.ts';
import { STORAGE_NAMES } from '../storage/storage-folder.ts';
import { filesOf, MANIFEST_FILE, readManifest } from './manifest.ts';
import { isPage, PAGE_FILE } from './page-file.ts';

/** The storage that is exported, and the run once it is known: its folder in there is for its tables. */
interface Source {
  storageDir: string;
  run?: string;
}

/**
 * Refuses a folder for tables that is not ours to replace: one that the storage or this process needs
 * where it is, and what `refuseForeign` refuses.
 *
 * @throws {EtlError} `FOLDER_TAKEN` saying why, `STORAGE_DENIED`
 */
export async function checkOut(out: string, source: Source): Promise<void> {
  const folder = await realPath(out);
  const why = await otherUse(folder, source);
  if (why !== undefined) throw taken(folder, why);
  await refuseForeign(folder);
}

/** What a folder is needed for, even when it is empty. */
async function otherUse(folder: string, { storageDir, run }: Source): Promise<string | undefined> {
  if (run !== undefined && folder === (await realPath(join(storageDir, 'exports', run)))) return;
  const storage = await realPath(storageDir);
  if (folder === storage) return 'is the storage itself';
  if (isIn(storage, folder)) return `holds the storage ${storage}`;
  for (const name of STORAGE_NAMES) {
    const own = await realPath(join(storageDir, name));
    if (!isIn(folder, own) && !isIn(own, folder)) continue;
    return `is where the storage keeps its own files (as in ${STORAGE_NAMES.join(', ')})`;
  }
  return folder === process.cwd() ? 'is the current folder: name one in it' : undefined;
}

/**
 * Refuses what may not be replaced by a finished export: anything but no folder, an empty one, or one
 * with the files that its manifest lists, its page, and nothing else.
 *
 * @param folder a real path, so that a link is judged by what it leads to
 * @throws {EtlError} `FOLDER_TAKEN` naming a file that is not ours
 */
export async function refuseForeign(folder: string): Promise<void> {
  const found = await orMissing(lstat(folder));
  if (found === undefined) return;
  if (!found.isDirectory()) throw taken(folder, 'is not a folder');
  const { dev } = await lstat(dirname(folder));
  if (found.dev !== dev) throw taken(folder, 'is a mounted disk: name a folder in it');
  const entries = await readdir(folder, { withFileTypes: true });
  const ours = new Set(entries.length === 0 ? [] : await ownFiles(folder));
  const foreign = entries.find((entry) => !entry.isFile() || !ours.has(entry.name));
  if (foreign === undefined) return;
  const which =
    ours.size === 0 ? 'and no manifest of an export' : 'which its manifest does not list';
  throw taken(folder, `holds ${JSON.stringify(foreign.name)}, ${which}`);
}

/** Names of the files that an export wrote into a folder; none when it holds no manifest of ours. */
async function ownFiles(folder: string): Promise<string[]> {
  try {
    const pages = [PAGE_FILE, `${PAGE_FILE}.tmp`];
    const own = await Promise.all(pages.map((name) => isPage(join(folder, name))));
    const files = filesOf(await readManifest(folder));
    return [MANIFEST_FILE, ...pages.filter((_, at) => own[at]), ...files];
  } catch (error) {
    if (error instanceof EtlError && error.code === 'EXPORT_MISSING') return [];
    throw fromSystemError(error, `reading the manifest of ${folder}`);
  }
}

/**
 * Where a path leads, links followed; its end need not exist.
 *
 * @throws {EtlError} `FOLDER_TAKEN` when it leads through a file or a broken link; `STORAGE_DENIED`
 */
export async function realPath(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    const real = await orMissing(realpath(whole));
    if (real !== undefined) return real;
    const found = await orMissing(lstat(whole));
    if (found?.isSymbolicLink() === true) throw taken(whole, 'is a link to nothing');
    // Made by somebody since the line above.
    if (found !== undefined) return await realPath(whole);
    return join(await realPath(dirname(whole)), basename(whole));
  } catch (error) {
    const system = systemCode(error);
    if (system === 'ENOTDIR') throw taken(whole, 'leads through a file');
    if (system === 'ELOOP') throw taken(whole, 'is a link that leads to itself');
    throw fromSystemError(error, `looking at ${whole}`);
  }
}

/** Whether a path is `folder` or lies in it. */
const isIn = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(join(folder, sep));

const taken = (folder: string, why: string): EtlError =>
  new EtlError('FOLDER_TAKEN', `${folder} ${why}`, { context: { folder } });
