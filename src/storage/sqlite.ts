import type * as sqlite from 'node:sqlite';
import { EtlError, type ErrorCode } from '../errors.ts';

/** Result codes of SQLite that we know what to do about. @see https://www.sqlite.org/rescode.html */
const CODES: Partial<Record<number, ErrorCode>> = {
  // A table or column that is not there: we make each file with both.
  1: 'STORAGE_CORRUPT',
  3: 'STORAGE_DENIED',
  5: 'STORAGE_LOCKED',
  8: 'STORAGE_DENIED',
  10: 'STORAGE_CORRUPT',
  11: 'STORAGE_CORRUPT',
  13: 'STORAGE_FULL',
  14: 'STORAGE_DENIED',
  26: 'STORAGE_CORRUPT',
};
/** Extended codes of an I/O error that a full disk causes: writing, and the shared memory of a WAL. */
const FULL_DISK: readonly number[] = [778, 4874, 5386];

/** Node.js 22 warns that its SQLite is experimental; we use nothing that could change. */
export function loadSqlite(): typeof sqlite {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The `EtlError` code of a failure of SQLite; undefined for any other error. */
export function sqliteFailure(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  const { errcode } = error;
  if (typeof errcode !== 'number') return undefined;
  return FULL_DISK.includes(errcode) ? 'STORAGE_FULL' : CODES[errcode & 0xff];
}

/** An `EtlError` for a failure of SQLite that a person can act on; others pass unchanged. */
export function fromSqlite(error: unknown, file: string): unknown {
  const code = sqliteFailure(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return new EtlError(code, `${file}: ${error.message}`, { cause: error, context: { file } });
}
