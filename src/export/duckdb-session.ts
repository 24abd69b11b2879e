import { DuckDBInstance, type DuckDBConnection, type DuckDBResultReader } from '@duckdb/node-api';
import { join } from 'node:path';
import { duckdbColumns, literal } from '../tables/duckdb.ts';
import type { Table } from '../tables/table.ts';
import type { TableEntry } from './manifest.ts';

export interface SessionOptions {
  /** Without it DuckDB takes 80 % of the machine's memory. @default '700MB' */
  memoryLimit?: string;
  /** Where it spills to; only for sessions that write. */
  spillFolder?: string;
  /** One thread keeps the order of rows, so that what is written is the same each time. */
  threads?: number;
  readOnly?: boolean;
}

/** A connection to one DuckDB file (or `:memory:`), open for the time of `work`. Loads no extension. */
export async function withDuckdb<Result>(
  path: string,
  options: SessionOptions,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(path, {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: options.memoryLimit ?? '700MB',
    preserve_insertion_order: 'false',
    ...(options.spillFolder === undefined ? {} : { temp_directory: options.spillFolder }),
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.readOnly === true ? { access_mode: 'READ_ONLY' } : {}),
  });
  try {
    const connection = await instance.connect();
    try {
      // Days of timestamps are UTC days, whatever the machine's zone.
      await connection.run("SET TimeZone = 'UTC'");
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** Twice the largest record that cleaning lets through. */
const MAX_OBJECT_BYTES = 33_554_432;

/** The rows of a table's JSONL files as an SQL table, with the table's own columns, nothing guessed. */
export function readJsonSql(table: Table, entry: TableEntry, folder: string): string {
  const paths = entry.files.map(({ path }) => literal(join(folder, path)));
  return `read_json([${paths.join(', ')}], format = 'newline_delimited', compression = 'auto_detect', maximum_object_size = ${String(MAX_OBJECT_BYTES)}, columns = ${duckdbColumns(table)})`;
}

/** The first value of the first row, a count. */
export async function countOf(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(sql);
  return Number(reader.getRowsJS()[0]?.[0]);
}

/** A value of a query as JSON has it: a BIGINT is a number when safe, else its digits. */
export type PlainValue =
  string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };

export type PlainRow = Record<string, PlainValue>;

/** All rows of a result as plain values. */
export function plainRows(reader: DuckDBResultReader): PlainRow[] {
  const isDay = new Set(
    reader.columnNames().filter((_, index) => String(reader.columnType(index)) === 'DATE'),
  );
  return reader.getRowObjectsJS().map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const plain = plainOf(value);
        return [name, isDay.has(name) && typeof plain === 'string' ? plain.slice(0, 10) : plain];
      }),
    ),
  );
}

function plainOf(value: unknown): PlainValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, plainOf(it)]));
  }
  return Object.prototype.toString.call(value);
}
