import { open as openHandle, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../errors.ts';

/** The part of a Node.js file handle that the storage writes with. */
export type OpenedFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'stat' | 'close'>;

/** Opens a file for writing; `node:fs/promises` `open` unless a test simulates a disk. */
export type OpenFile = (path: string, flags: number) => Promise<OpenedFile>;

/** Runs `work` with an opened file and closes it, whatever happens. */
export async function withFile<File extends { close(): Promise<void> }, Result>(
  opening: Promise<File>,
  work: (file: File) => Promise<Result>,
): Promise<Result> {
  const file = await opening;
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Writes all of `bytes` at `position`; a short write (a disk that fills up) is gone on with. */
export async function writeAll(
  file: OpenedFile,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const left = bytes.length - written;
    const { bytesWritten } = await file.write(bytes, written, left, position + written);
    written += bytesWritten;
  }
}

/** Makes the names of a folder's files durable: a new file is only safe once its folder is synced. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its file systems write names through.
  if (process.platform === 'win32') return;
  await withFile(openHandle(path, 'r'), (folder) => folder.sync());
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
