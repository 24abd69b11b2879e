import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { EtlError, systemCode } from '../errors.ts';
import { fromSqlite, loadSqlite, sqliteFailure } from './sqlite.ts';

/** Who holds a storage, for the message that another run gets. */
export interface LockHolder {
  pid: number;
  host: string;
  command: string;
  /** ISO 8601, UTC. */
  since: string;
}

export interface StorageLock {
  /** Facts of a run before this one that ended without releasing; undefined otherwise. */
  readonly left: LockHolder | undefined;
  release: () => void;
}

/**
 * Takes the lock of a storage folder. It is a kernel lock that SQLite holds on `lock.sqlite`, so it is
 * gone with the process however that dies; a pid in a file would not be, and pids repeat in containers.
 * `lock.json` beside it only says who holds it.
 *
 * @throws {EtlError} `STORAGE_LOCKED` when another run holds it, `STORAGE_DENIED`
 */
export function takeLock(storageDir: string, command: string): StorageLock {
  const holderPath = join(storageDir, 'lock.json');
  const database = lockDatabase(join(storageDir, 'lock.sqlite'), holderPath);
  try {
    const left = readHolder(holderPath);
    const since = new Date().toISOString();
    const holder: LockHolder = { pid: process.pid, host: hostname(), command, since };
    writeFileSync(holderPath, `${JSON.stringify(holder)}\n`);
    const release = (): void => {
      if (!database.isOpen) return;
      rmSync(holderPath, { force: true });
      database.close();
    };
    return { left, release };
  } catch (error) {
    database.close();
    throw error;
  }
}

function lockDatabase(path: string, holderPath: string): DatabaseSync {
  const sqlite = loadSqlite();
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path);
    database.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (sqliteFailure(error) !== 'STORAGE_LOCKED') throw fromSqlite(error, path);
    throw lockedError(path, readHolder(holderPath), error);
  }
}

function lockedError(path: string, holder: LockHolder | undefined, cause: unknown): EtlError {
  if (holder === undefined) {
    return new EtlError('STORAGE_LOCKED', `${path} is locked by another run`, { cause });
  }
  const { pid, host, command, since } = holder;
  const message = `\`${command}\` holds the storage (pid ${String(pid)} on ${host}, since ${since})`;
  return new EtlError('STORAGE_LOCKED', message, { cause, context: { pid, host, command, since } });
}

function readHolder(path: string): LockHolder | undefined {
  try {
    // Only shown to a person; a torn or foreign file is no holder.
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockHolder> | null;
    const { pid, host, command, since } = holder ?? {};
    if (pid === undefined || host === undefined) return undefined;
    return command === undefined || since === undefined ? undefined : { pid, host, command, since };
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
