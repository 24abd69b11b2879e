import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesIn, orMissing } from '../files.ts';
import { loadSqlite } from '../sqlite.ts';
import type { Bucket } from './bucket.ts';

/** That another process writes one small file. */
const LOCK_WAIT_MS = 10_000;

/** A folder as a bucket, say a mounted volume whose file system has locks. */
export function openFolder(address: string): Bucket {
  const root = fileURLToPath(address);
  const at = (name: string): string => join(root, ...name.split('/'));
  return {
    address,
    async get(name) {
      const body = await orMissing(readFile(at(name)));
      return body && { body, version: versionOf(body) };
    },
    async put(name, body, onlyIf) {
      if (onlyIf !== undefined) return putIf(root, { path: at(name), body, onlyIf });
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(`${at(name)}.tmp`, body, { flush: true });
      await rename(`${at(name)}.tmp`, at(name));
      return versionOf(body);
    },
    list: (start) => filesIn(root, start),
    async remove(name) {
      await rm(at(name), { force: true });
      // Folders are ours to make and to remove; one that holds something stays.
      await rmdir(dirname(at(name))).catch(() => undefined);
    },
  };
}

const versionOf = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

/** Compares and writes under a lock of the kernel, which is gone with the process. */
function putIf(
  root: string,
  { path, body, onlyIf }: { path: string; body: Buffer; onlyIf: string | null },
): string | undefined {
  mkdirSync(root, { recursive: true });
  const { DatabaseSync } = loadSqlite();
  const lock = new DatabaseSync(join(root, 'lock.sqlite'), { timeout: LOCK_WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    if (versionNow(path) !== onlyIf) return undefined;
    writeFileSync(`${path}.tmp`, body, { flush: true });
    renameSync(`${path}.tmp`, path);
    return versionOf(body);
  } finally {
    lock.close();
  }
}

function versionNow(path: string): string | null {
  try {
    return versionOf(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
