import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { extname, join } from 'node:path';
import { EtlError, fromSystemError } from '../../errors.ts';
import { duckdbColumns, identifier, literal } from '../../tables/duckdb.ts';
import type { Table } from '../../tables/table.ts';
import type { TableEntry } from '../manifest.ts';

/** Schema that holds all tables. */
export const SCHEMA = 'huggingface';

/** Name under which the file of the release before is attached. */
export const PREVIOUS = 'previous';

/** A table of ours in SQL. */
export const nameOf = (table: string): string => `${identifier(SCHEMA)}.${identifier(table)}`;

export interface SessionOptions {
  /** Without it DuckDB takes 80 % of the machine's memory. @default '600MB' */
  memoryLimit?: string;
  /** Where it spills to; only for sessions that write. */
  spillFolder?: string;
  /** One thread keeps the order of rows, so that what is written is the same each time. */
  threads?: number;
  readOnly?: boolean;
  /** Of a new file, how many rows of a table each thread gathers before they are written. @default 122,880 */
  rowGroupRows?: number;
  /** Another DuckDB file to be read beside it, as the database `PREVIOUS`. */
  previous?: string | undefined;
  /** False: no file but the database itself is read or written. @default true */
  otherFiles?: boolean;
}

/** A connection to one DuckDB file (or `:memory:`), open for the time of `work`. Loads no extension. */
export async function withDuckdb<Result>(
  path: string,
  options: SessionOptions,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const { rowGroupRows } = options;
  const instance = await DuckDBInstance.create(rowGroupRows === undefined ? path : ':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: options.memoryLimit ?? '600MB',
    preserve_insertion_order: 'false',
    ...(options.spillFolder === undefined ? {} : { temp_directory: options.spillFolder }),
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.readOnly === true ? { access_mode: 'READ_ONLY' } : {}),
  });
  try {
    const connection = await instance.connect();
    try {
      if (rowGroupRows !== undefined) {
        await connection.run(
          `ATTACH ${literal(path)} AS building (ROW_GROUP_SIZE ${rowGroupRows}); USE building`,
        );
      }
      // Days of timestamps are UTC days, whatever the machine's zone.
      await connection.run("SET TimeZone = 'UTC'");
      if (options.previous !== undefined) {
        await connection.run(`ATTACH ${literal(options.previous)} AS ${PREVIOUS} (READ_ONLY)`);
      }
      if (options.otherFiles === false) await connection.run('SET enable_external_access = false');
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A little more than the largest record that cleaning lets through; DuckDB makes room for two, and takes a line as long. */
const MAX_OBJECT_BYTES = 17_000_000;

/** By the end of a file's name. */
const COMPRESSIONS: Partial<Record<string, string>> = { '.zst': 'zstd', '.gz': 'gzip' };

/** The rows of a table's JSONL files as an SQL table, with the table's own columns, nothing guessed. */
export const readJsonSql = (table: Table, entry: TableEntry, folder: string): string =>
  readFilesSql(entry, folder, duckdbColumns(table));

/** The same with columns of these types, and of files only: a folder `date=2026-11-30` is none. @param columns see `duckdbColumns` */
export function readFilesSql(entry: TableEntry, folder: string, columns: string): string {
  const paths = entry.files.map(({ path }) => literal(join(folder, path)));
  // Of itself DuckDB goes by what is before a question mark, and a folder's name may have one.
  const compression = COMPRESSIONS[extname(entry.files[0]?.path ?? '')] ?? 'uncompressed';
  return `read_json([${paths.join(', ')}], format = 'newline_delimited', compression = '${compression}', maximum_object_size = ${String(MAX_OBJECT_BYTES)}, columns = ${columns}, hive_partitioning = false)`;
}

/** The first value of the first row, a count. */
export async function countOf(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(sql);
  return Number(reader.getRowsJS()[0]?.[0]);
}

/** The rows of each of these tables, asked for at once: by itself, each takes half a millisecond. */
export async function countAll(
  connection: DuckDBConnection,
  names: readonly string[],
): Promise<Map<string, number>> {
  const counts = names.map((it) => `SELECT ${literal(it)}, count(*) FROM ${nameOf(it)}`);
  const reader = await connection.runAndReadAll(counts.join(' UNION ALL '));
  const rows = reader.getRowsJS() as [string, bigint][]; // as selected
  return new Map(rows.map(([name, count]) => [name, Number(count)]));
}

/** The tables of a database, without its views, each with the names of its columns. */
export type TableColumns = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * None where there is no such database. Ask once for all: the whole catalogue is read each time.
 *
 * @param database an attached one. @default the file itself
 */
export async function tableColumns(
  connection: DuckDBConnection,
  database?: typeof PREVIOUS,
): Promise<TableColumns> {
  const own = database === undefined ? 'current_database()' : literal(database);
  const reader = await connection.runAndReadAll(
    `SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = ${own} AND schema_name = ${literal(SCHEMA)} AND table_oid IN (SELECT table_oid FROM duckdb_tables() WHERE database_name = ${own}) GROUP BY 1`,
  );
  const rows = reader.getRowsJS() as [table: string, columns: string[]][]; // as selected
  return new Map(rows.map(([table, columns]) => [table, new Set(columns)]));
}

/** What DuckDB says when the disk is full, under any of its own kinds of error. */
const FULL = /no space left on device|disk quota exceeded|max_temp_directory_size/i;

/** A failure of a load as an `EtlError`: `STORAGE_FULL`, `STORAGE_DENIED`, else `LOAD_FAILED`. */
export function asLoadError(error: unknown, path: string): EtlError {
  const known = fromSystemError(error, `loading ${path}`);
  if (known instanceof EtlError) return known;
  const text = error instanceof Error ? error.message : String(error);
  const code = FULL.test(text) ? 'STORAGE_FULL' : 'LOAD_FAILED';
  return new EtlError(code, `loading ${path}: ${text.slice(0, 500)}`, { cause: error });
}
