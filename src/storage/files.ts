import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fromSystemError, systemCode } from '../errors.ts';

/** Writes a small file of JSON as `writeText` does. */
export const writeJson = (file: string, value: object): void =>
  writeText(file, `${JSON.stringify(value, null, 2)}\n`);

/**
 * Writes a small file, whole or not at all: a kill leaves the one before.
 *
 * @throws {EtlError} `STORAGE_FULL`, `STORAGE_DENIED`
 */
export function writeText(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.tmp`, text, { flush: true });
    renameSync(`${file}.tmp`, file);
  } catch (error) {
    throw fromSystemError(error, `Writing ${file}`);
  }
}

/** Makes durable what a file holds, or a folder: a new file is only safe once its folder is synced. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The files in a folder and in those within, as paths from `root` with slashes; none where it does not exist. */
export async function filesIn(root: string, folder: string): Promise<string[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const entries = (await orMissing(readdir(join(root, folder), options))) ?? [];
  return entries
    .filter((it) => it.isFile())
    .map((it) => relative(root, join(it.parentPath, it.name)).replaceAll(sep, '/'));
}

/** Bytes and SHA-256 of a file. */
export async function digestFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  // A stream without encoding yields buffers.
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 });
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** `undefined` instead of the error when the file or folder does not exist. */
export async function orMissing<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
