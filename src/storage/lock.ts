import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { EtlError, systemCode } from '../errors.ts';
import { fromSqlite, loadSqlite, sqliteFailure } from './sqlite.ts';

/** Who holds a storage, for the message that another run gets. */
export const LockHolder = z.object({
  pid: z.number(),
  host: z.string(),
  command: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
});
type LockHolder = z.infer<typeof LockHolder>;

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
    const holder = readHolder(holderPath);
    if (holder !== undefined) throw heldBy(holder, 'the storage', error);
    throw new EtlError('STORAGE_LOCKED', `${path} is locked by another run`, { cause: error });
  }
}

/** That another run holds something, and which one. */
export function heldBy(
  { pid, host, command, since }: LockHolder,
  what: string,
  cause?: unknown,
): EtlError {
  const message = `\`${command}\` holds ${what} (pid ${pid} on ${host}, since ${since})`;
  return new EtlError('STORAGE_LOCKED', message, { cause, context: { pid, host, command, since } });
}

function readHolder(path: string): LockHolder | undefined {
  try {
    // Only shown to a person; a torn or foreign file is no holder.
    return LockHolder.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
