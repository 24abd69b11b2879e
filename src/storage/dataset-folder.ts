import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { orMissing, syncFile } from './files.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const FILE = /^\d{6}\.sqlite$/;
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
  return names.filter((it) => NAME.test(it)).sort();
}

/** File of a dataset by its number, from 1: `000001.sqlite`. */
export const captureFile = (folder: string, number: number): string =>
  join(folder, `${String(number).padStart(6, '0')}.sqlite`);

/** Paths of a dataset's files, in order; none when it does not exist. */
export async function captureFiles(storageDir: string, name: string): Promise<string[]> {
  const folder = datasetFolder(storageDir, name);
  const names = (await orMissing(readdir(folder))) ?? [];
  return names
    .filter((it) => FILE.test(it))
    .sort()
    .map((it) => join(folder, it));
}

/** Makes the folder of a dataset, durably, unless it exists. */
export async function ensureDataset(storageDir: string, name: string): Promise<string> {
  const folder = datasetFolder(storageDir, name);
  if ((await mkdir(folder, { recursive: true })) === undefined) return folder;
  await syncFile(dirname(folder));
  await syncFile(storageDir);
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
