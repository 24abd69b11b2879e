import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fromSystemError, systemCode } from '../errors.ts';
import { orMissing, syncFile } from '../storage/files.ts';
import { realPath, refuseForeign } from './out-folder.ts';

/** What stands beside the folder for a while. The names are ours: nobody's `tables.old-2025` is one. */
const NEW = '.huggingface-etl-new-';
const OLD = '.huggingface-etl-old-';

/**
 * Fills a folder that appears whole or not at all: `fill` writes into a folder beside it, which is
 * synced and then renamed. An export that stood there before is replaced; when `fill` throws, or the
 * process is killed, it stays as it was. Leftovers of killed processes are removed.
 *
 * @throws {EtlError} `FOLDER_TAKEN` when something stands there that is not ours, also when it came
 * while `fill` worked
 */
export async function writeFolder<Result>(
  out: string,
  fill: (folder: string) => Promise<Result>,
): Promise<Result> {
  const path = await realPath(out);
  const folder = `${path}${NEW}${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await recover(path);
    await refuseForeign(path);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const result = await fill(folder);
    await syncFile(folder);
    await replace(folder, path);
    return result;
  } catch (error) {
    // What cannot be removed is left for the next export; it must not hide what happened.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    throw fromSystemError(error, `writing ${path}`);
  }
}

/** Two renames: between them `path` is missing for microseconds, and `recover` knows that state. */
async function replace(folder: string, path: string): Promise<void> {
  const aside = `${path}${OLD}${process.pid}`;
  await refuseForeign(path);
  const hadOne = (await orMissing(rename(path, aside).then(() => true))) === true;
  try {
    await rename(folder, path);
  } catch (error) {
    if (hadOne) await rename(aside, path);
    throw error;
  }
  await syncFile(dirname(path));
  if (hadOne) await rm(aside, { recursive: true, force: true });
}

/** The same as `recover` for all folders in one, of whatever run: what killed exports have left. */
export async function recoverAll(parent: string): Promise<void> {
  const names = (await orMissing(readdir(parent))) ?? [];
  const marks = [NEW, OLD].map((mark) => mark.replaceAll('.', '[.]')).join('|');
  const ours = names.map((name) => name.split(new RegExp(`(?:${marks})\\d+$`)));
  const folders = new Set(ours.flatMap(([name, rest]) => (rest === '' ? [name ?? ''] : [])));
  for (const name of folders) await recover(join(parent, name));
}

/** Puts back a folder whose replacement was killed between the two renames, and removes leftovers. */
async function recover(path: string): Promise<void> {
  const siblings = await readdir(dirname(path));
  const name = basename(path);
  const isOurs = (prefix: string) => (sibling: string) =>
    sibling.startsWith(prefix) && isDead(sibling.slice(prefix.length));
  const aside = siblings.filter(isOurs(`${name}${OLD}`));
  if (!siblings.includes(name) && aside[0] !== undefined) {
    await rename(join(dirname(path), aside[0]), path);
    aside.shift();
  }
  for (const leftover of [...aside, ...siblings.filter(isOurs(`${name}${NEW}`))]) {
    await rm(join(dirname(path), leftover), { recursive: true, force: true });
  }
}

/** Whether no process of this number runs; ours counts as dead, for it has only now begun. */
function isDead(pid: string): boolean {
  if (!/^\d+$/.test(pid)) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}
