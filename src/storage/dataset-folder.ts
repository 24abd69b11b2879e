import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { orMissing, syncFolder, withFile } from './files.ts';
import { corrupt, indexPath } from './index-file.ts';
import { segmentNumber } from './segments.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const DROPPED = '.dropped-';

/** Folder that holds the datasets of a storage. */
export const datasetsFolder = (storageDir: string): string => join(storageDir, 'datasets');

/**
 * Folder of a dataset. A name is a path segment: letters, digits, `.`, `_` and `-`, at most 100, the
 * first a letter or digit.
 *
 * @throws {Error} for any other name, so that none leads out of the storage
 */
export function datasetFolder(storageDir: string, name: string): string {
  if (!NAME.test(name)) throw new Error(`"${name}" cannot be the name of a dataset`);
  return join(datasetsFolder(storageDir), name);
}

/** Names of the datasets of a storage, sorted; empty when the storage does not exist. */
export async function listDatasets(storageDir: string): Promise<string[]> {
  const names = (await orMissing(readdir(datasetsFolder(storageDir)))) ?? [];
  const found: string[] = [];
  for (const name of names.filter((it) => NAME.test(it)).sort()) {
    if (await datasetExists(storageDir, name)) found.push(name);
  }
  return found;
}

/** True when the dataset was created, even if it holds nothing yet. */
export async function datasetExists(storageDir: string, name: string): Promise<boolean> {
  const folder = datasetFolder(storageDir, name);
  return (await orMissing(stat(indexPath(folder)))) !== undefined;
}

/**
 * Makes an empty dataset, durably, unless it exists. Gives its folder.
 *
 * @throws {EtlError} `STORAGE_CORRUPT` when there are segments without their index
 */
export async function ensureDataset(storageDir: string, name: string): Promise<string> {
  const folder = datasetFolder(storageDir, name);
  if (await datasetExists(storageDir, name)) return folder;
  await mkdir(folder, { recursive: true });
  // An index is made before the first segment, so it cannot be missing beside one.
  if ((await readdir(folder)).some((file) => segmentNumber(file) !== undefined)) {
    throw corrupt('the index is missing', { file: indexPath(folder), offset: 0 });
  }
  await withFile(open(indexPath(folder), 'a'), (index) => index.sync());
  await syncFolder(folder);
  await syncFolder(dirname(folder));
  await syncFolder(storageDir);
  return folder;
}

/**
 * Removes a dataset. It is gone at once or, when the process dies, not at all; what a killed process
 * left of a dropped one is removed by `removeDropped`.
 */
export async function dropDataset(storageDir: string, name: string): Promise<void> {
  const folder = datasetFolder(storageDir, name);
  const aside = join(dirname(folder), `${DROPPED}${name}-${process.hrtime.bigint().toString(36)}`);
  await orMissing(rename(folder, aside));
  await rm(aside, { recursive: true, force: true });
}

/** Removes what processes left that died while they dropped a dataset. */
export async function removeDropped(storageDir: string): Promise<void> {
  const folder = datasetsFolder(storageDir);
  for (const name of (await orMissing(readdir(folder))) ?? []) {
    if (name.startsWith(DROPPED)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
