import { basename, join } from 'node:path';
import { z } from 'zod';
import { corrupt, readFacts } from './capture-file.ts';
import { openCaptures } from './captures.ts';
import { captureFiles, datasetFolder } from './dataset-folder.ts';
import { digestFile } from './files.ts';

/** What a closed file of a dataset is: a run remembers it of each. */
export const FileFacts = z.object({
  /** `000001.sqlite` */
  file: z.string(),
  captures: z.number(),
  records: z.number(),
  /** On disk, packed. */
  bytes: z.number(),
  /** Of all its bytes. */
  sha256: z.string(),
});
export type FileFacts = z.infer<typeof FileFacts>;

export const bytesOf = (files: readonly FileFacts[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Closes what is open of a dataset and says what its files are. A file that is known already is taken
 * as it is known: what a disk made of it since is for `checkDataset` to find.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`
 */
export async function describeDataset(
  storageDir: string,
  name: string,
  known: readonly FileFacts[] = [],
): Promise<FileFacts[]> {
  const files = [...known];
  const isKnown = (path: string): boolean => files.some(({ file }) => file === basename(path));
  if ((await captureFiles(storageDir, name)).every(isKnown)) return files;
  // A killed writer left its file open.
  await (await openCaptures(storageDir, name)).close();
  for (const path of await captureFiles(storageDir, name)) {
    if (isKnown(path)) continue;
    const rows = readFacts(path);
    const records = rows.reduce((sum, { count }) => sum + count, 0);
    const digest = await digestFile(path);
    files.push({ file: basename(path), captures: rows.length, records, ...digest });
  }
  return files;
}

/**
 * Checks that a dataset is what it was when it was described: no file is missing, changed or new.
 *
 * @throws {EtlError} `STORAGE_CORRUPT` naming the file
 */
export async function checkDataset(
  storageDir: string,
  name: string,
  expected: readonly FileFacts[],
): Promise<void> {
  const found = await captureFiles(storageDir, name);
  for (const { file, captures, records, sha256 } of expected) {
    const path = join(datasetFolder(storageDir, name), file);
    const holds = `with ${String(captures)} captures of ${String(records)} records`;
    if (!found.includes(path)) throw corrupt(`the file ${holds} is missing`, { file: path });
    if ((await digestFile(path)).sha256 !== sha256)
      throw corrupt(`the file ${holds} is not as the crawl left it`, { file: path });
  }
  const known = new Set(expected.map(({ file }) => file));
  const other = found.find((path) => !known.has(basename(path)));
  if (other !== undefined)
    throw corrupt('the crawl of this run wrote no such file', { file: other });
}
