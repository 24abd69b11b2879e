import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EtlError, fromSystemError, systemCode } from '../errors.ts';
import { datasetsFolder, removeDropped } from './dataset-folder.ts';
import { orMissing, syncFile } from './files.ts';
import { takeLock } from './lock.ts';

/** The part of a pino logger that the storage uses. */
export interface StorageLog {
  warn(facts: object, message: string): void;
}

export interface OpenStorageOptions {
  /** Told to whoever finds the storage locked, e.g. `crawl models`. Never put a token in it. */
  command: string;
  log?: StorageLog;
  /** One that is not there is refused: its name may be misspelt. @default false */
  mustExist?: boolean;
}

/** A storage folder that this process alone writes to, until `close` or its end. */
export interface Storage {
  close: () => void;
}

/** Version of the layout of a storage folder; raised when an older program could misread it. */
export const STORAGE_FORMAT = 3;

/** What a storage keeps its own files in. In a folder that states no format these are somebody else's. */
export const STORAGE_NAMES: readonly string[] = [
  ...['datasets', 'runs', 'boards', 'exports', 'warehouse', 'backfill'],
  ...['lock.json', 'lock.sqlite', 'format.json', 'state.json'],
];

/**
 * Opens a storage folder for writing: makes it when it does not exist, checks its format and takes its
 * lock. Reading (`readCaptures` …) needs no open storage.
 *
 * @throws {EtlError} `STORAGE_VERSION`, `STORAGE_LOCKED`, `STORAGE_DENIED`, `STORAGE_FULL`,
 * `TOO_MANY_FILES`, `FOLDER_TAKEN` for a folder without our format where something has a name that a storage uses,
 * `EXPORT_MISSING` for one that is not there and must be
 */
export async function openStorage(
  dir: string,
  { command, log, mustExist = false }: OpenStorageOptions,
): Promise<Storage> {
  try {
    // In this order, for another process may be making it: it writes the format before the rest.
    const names = (await orMissing(readdir(dir))) ?? [];
    if (await checkFormat(dir)) {
      refuseForeign(dir, names);
      if (mustExist) throw new EtlError('EXPORT_MISSING', `There is no storage in ${dir}`);
      await mkdir(dir, { recursive: true });
      await writeFormat(dir);
    }
    await mkdir(datasetsFolder(dir), { recursive: true });
    const lock = takeLock(dir, command);
    try {
      await tryFiles(join(dir, 'format.json'));
      await removeDropped(dir);
    } catch (error) {
      lock.release();
      throw error;
    }
    if (lock.left !== undefined)
      log?.warn(lock.left, 'the run before ended without closing its storage');
    return { close: lock.release };
  } catch (error) {
    const system = systemCode(error);
    // Of a link to nothing it is ENOENT.
    if (/^(?:EEXIST|ENOTDIR|ENOENT|ELOOP)$/.test(system ?? '')) {
      throw new EtlError('STORAGE_DENIED', `opening storage ${dir}: not a folder`, {
        cause: error,
      });
    }
    throw fromSystemError(error, `opening storage ${dir}`);
  }
}

/**
 * Checks that this program can read a storage folder.
 *
 * @returns true when the folder states no format yet
 * @throws {EtlError} `STORAGE_VERSION` for any format but ours
 */
export async function checkFormat(dir: string): Promise<boolean> {
  const path = join(dir, 'format.json');
  const text = await orMissing(readFile(path, 'utf8'));
  if (text === undefined) return true;
  if (readFormat(text) === STORAGE_FORMAT) return false;
  const found = text.trim().slice(0, 100);
  const message = `${path} is of another format: ${found}; this program knows ${String(STORAGE_FORMAT)}`;
  throw new EtlError('STORAGE_VERSION', message, { context: { path, found } });
}

function readFormat(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'format' in value
      ? value.format
      : undefined;
  } catch {
    // Not JSON: an unknown format, which is what undefined says.
    return undefined;
  }
}

/** Other files may stay beside a new storage; what has one of its names would be overwritten. */
function refuseForeign(dir: string, names: readonly string[]): void {
  const foreign = names.find((name) => STORAGE_NAMES.includes(name));
  if (foreign === undefined) return;
  const message = `${dir} is no storage of ours (it has no format.json) and holds ${foreign}, a name that a storage uses`;
  throw new EtlError('FOLDER_TAKEN', message, { context: { folder: dir } });
}

/** What a browser, a database and two threads open at a time, and more. */
const FILES = 64;

/** Meets the limit of open files now: in the middle of a run it has as many faces as we have libraries. */
async function tryFiles(path: string): Promise<void> {
  const opened = await Promise.allSettled(Array.from({ length: FILES }, () => open(path)));
  for (const it of opened) if (it.status === 'fulfilled') await it.value.close();
  for (const it of opened) if (it.status === 'rejected') throw it.reason;
}

/** By rename, so that a kill leaves no half of it. */
async function writeFormat(dir: string): Promise<void> {
  const temporary = join(dir, `format.json.${process.pid}.tmp`);
  await writeFile(temporary, `${JSON.stringify({ format: STORAGE_FORMAT })}\n`, { flush: true });
  await rename(temporary, join(dir, 'format.json'));
  await syncFile(dir);
}
