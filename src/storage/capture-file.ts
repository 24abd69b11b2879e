import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { EtlError, fromSystemError } from '../errors.ts';
import type { CaptureFacts } from './capture.ts';
import { fromSqlite, loadSqlite } from './sqlite.ts';

/** A capture as it lies in storage. */
export interface StoredCapture {
  /** Number in its dataset, from 0. */
  n: number;
  facts: CaptureFacts;
  /** The body, packed with zstd. Memory of its own, which may go to another thread. */
  packed: Buffer;
}

/** A body takes some of these; small ones would make a long chain of a large body. */
const PAGE_BYTES = 16_384;
// The body comes last, so that the facts are read without it.
const SCHEMA = `CREATE TABLE captures (
  n INTEGER PRIMARY KEY, source TEXT NOT NULL, url TEXT NOT NULL, status INTEGER NOT NULL,
  headers TEXT NOT NULL, fetchedAt TEXT NOT NULL, next TEXT, count INTEGER NOT NULL,
  first TEXT, last TEXT, sha256 TEXT NOT NULL, body BLOB NOT NULL) STRICT`;

/** A file of captures that is written to. What it throws is said with the file's name. */
export interface CaptureFile {
  /** True when it was closed for good: nothing can be added. */
  readonly isSealed: boolean;
  /** Commits all of these or none; they are on the disk when it returns. */
  append(captures: readonly StoredCapture[]): void;
  /** Closes it for good: one file without companions, which never changes again. */
  seal(): void;
  close(): void;
}

/**
 * Opens a file for writing; makes it when it does not exist. What a killed process committed is there.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`, `STORAGE_FULL`, `STORAGE_DENIED`, `STORAGE_LOCKED`
 */
export function openCaptureFile(path: string): CaptureFile {
  const isNew = !existsSync(path);
  if (isNew) named(path, () => create(path));
  const database = connect(path, false);
  const run = <Result>(work: () => Result): Result => named(path, work);
  try {
    const isSealed = !isNew && run(() => journalMode(database)) !== 'wal';
    if (!isSealed) run(() => database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL'));
    const sql = 'INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
    const insert = run(() => database.prepare(sql));
    return {
      isSealed,
      append: (captures) =>
        run(() => {
          database.exec('BEGIN IMMEDIATE');
          try {
            for (const stored of captures) insert.run(...valuesOf(stored));
            database.exec('COMMIT');
          } catch (error) {
            if (database.isTransaction) database.exec('ROLLBACK');
            throw error;
          }
        }),
      seal: () =>
        run(() => {
          try {
            database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE');
          } finally {
            database.close();
          }
        }),
      close: () => {
        if (database.isOpen) database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** By rename, so that a file has its table from the start; a kill leaves none, or an empty one. */
function create(path: string): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const database = connect(temporary, false);
  try {
    database.exec(`PRAGMA journal_mode=OFF; PRAGMA page_size=${PAGE_BYTES}; ${SCHEMA}`);
  } finally {
    database.close();
  }
  renameSync(temporary, path);
}

const journalMode = (database: DatabaseSync): unknown =>
  database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];

/**
 * Yields the rows of a file from a number on, each checked against its hash; with `desc` downwards.
 *
 * @throws {EtlError} `STORAGE_CORRUPT` naming file, number and url
 */
export function* readRows(
  path: string,
  { from, desc = false }: { from: number; desc?: boolean },
): Generator<StoredCapture, void> {
  const database = connect(path, true);
  try {
    const range = desc ? 'n <= ? ORDER BY n DESC' : 'n >= ? ORDER BY n';
    const rows = named(path, () =>
      database.prepare(`SELECT * FROM captures WHERE ${range}`).iterate(from),
    );
    for (;;) {
      const { done, value } = named(path, () => rows.next());
      if (done === true) return;
      yield checked(value, path);
    }
  } finally {
    database.close();
  }
}

/**
 * Copies a file that is written to, as it is now; false for one that was closed, which is its own copy.
 * Whoever writes to it must be this thread: the copy would not let another one close it.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`, `STORAGE_FULL`, `STORAGE_DENIED`
 */
export function copyIfOpen(path: string, copy: string): boolean {
  const database = connect(path, true);
  try {
    if (named(path, () => journalMode(database)) !== 'wal') return false;
    rmSync(copy, { force: true });
    named(path, () => database.prepare('VACUUM INTO ?').run(copy));
    return true;
  } finally {
    database.close();
  }
}

/** What the rows of a file say of themselves beside their bodies, unchecked. */
export interface RowFacts {
  n: number;
  url: string;
  next: string | null;
  count: number;
  /** See `CaptureFacts`; null where a page does not say. */
  first: string | null;
  last: string | null;
  bytes: number;
}

/** @throws {EtlError} `STORAGE_CORRUPT` */
export function readFacts(path: string): RowFacts[] {
  const database = connect(path, true);
  try {
    const sql =
      'SELECT n, url, next, count, first, last, length(body) AS bytes FROM captures ORDER BY n';
    // The columns are of these types in a STRICT table; what a disk made of them, no code relies on.
    return named(path, () => database.prepare(sql).all()) as unknown as RowFacts[];
  } finally {
    database.close();
  }
}

export const corrupt = (message: string, context: { file: string; url?: string }): EtlError =>
  new EtlError('STORAGE_CORRUPT', `${context.file}: ${message}`, { context });

function connect(path: string, readOnly: boolean): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  return named(path, () => new DatabaseSync(path, { readOnly, timeout: 5000 }));
}

function named<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw fromSystemError(fromSqlite(error, path), path);
  }
}

function valuesOf({ n, facts, packed }: StoredCapture): SQLInputValue[] {
  const { source, url, status, headers, fetchedAt, next, count } = facts;
  const [first = null, last = null] = facts.span ?? [];
  const page = [JSON.stringify(headers), fetchedAt, next, count, first, last];
  const row = [n, source, url, status, ...page];
  // SQLite holds UTF-8: half a surrogate pair would come back as another character.
  if (row.some((it) => typeof it === 'string' && !it.isWellFormed()))
    throw new Error(`the facts of a capture must be well-formed text: ${JSON.stringify(url)}`);
  return [...row, hashOf(row, packed), packed];
}

/** Over all columns and the body. */
const hashOf = (row: readonly unknown[], packed: Uint8Array): string =>
  createHash('sha256')
    .update(`${JSON.stringify(row)}\n`)
    .update(packed)
    .digest('hex');

function checked(row: Record<string, SQLOutputValue>, path: string): StoredCapture {
  const { n, source, url, status, headers, fetchedAt, next, count, first, last, sha256, body } =
    row;
  const packed = body instanceof Uint8Array ? body : new Uint8Array();
  const values = [n, source, url, status, headers, fetchedAt, next, count, first, last];
  if (hashOf(values, packed) !== sha256) {
    const what = `capture ${String(n)} (${String(url)}) is not as it was written`;
    throw corrupt(what, { file: path, url: String(url) });
  }
  const span = first === null || last === null ? {} : { span: [first, last] };
  const page = { headers: JSON.parse(String(headers)) as unknown, fetchedAt, next, count, ...span };
  return {
    n: Number(n),
    // The hash says that they are what was written.
    facts: { source, url, status, ...page } as unknown as CaptureFacts,
    packed: Buffer.from(packed.buffer),
  };
}
