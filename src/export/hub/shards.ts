import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mayBePublished } from '../../boards/licence.ts';
import { digestFile } from '../../storage/files.ts';
import { columnsOf, type Column } from '../../tables/columns.ts';
import { identifier, literal } from '../../tables/duckdb.ts';
import { PUBLISH } from '../../tables/publish.ts';
import type { Table } from '../../tables/table.ts';
import { metadataSql, PARQUET } from '../copies.ts';
import { nameOf } from '../duckdb/session.ts';
import { isTakenSql, keptElementsSql } from './takedown.ts';

export interface PublishedFile {
  /** In the repository, and in the folder it was written to. */
  path: string;
  bytes: number;
  sha256: string;
}

export interface PublishedTable {
  rows: number;
  /** Rows that the takedown list left out. */
  takenDown: number;
  /** Rows of boards that not everybody may publish. */
  withheld: number;
  /** Columns, and fields of records, that were left out. */
  columnsLeftOut: readonly string[];
  files: PublishedFile[];
}

export interface ShardOptions {
  /** Folder that the repository's files are written to. */
  folder: string;
  /** A file is closed at about that. */
  shardBytes: number;
  /** Whether a session was told of a takedown list. */
  hasTakedown: boolean;
  leftOut: readonly string[];
}

/**
 * Writes what may be published of a table of a release: `data/TABLE/TABLE-00000.parquet` and so on, history from
 * its first day, so that files of days before stay as they were.
 */
export async function writeShards(
  connection: DuckDBConnection,
  table: Table,
  options: ShardOptions,
): Promise<PublishedTable> {
  const { folder, hasTakedown, leftOut } = options;
  const taken = hasTakedown ? isTakenSql(table) : 'false';
  const withheld = withheldSql(table);
  const source = `(SELECT *, ${taken} AS is_taken, ${withheld} AS is_withheld FROM ${nameOf(table.name)})`;
  const reader = await connection.runAndReadAll(
    `SELECT count(*) FILTER (NOT is_taken AND NOT is_withheld), count(*) FILTER (is_taken),
      count(*) FILTER (is_withheld AND NOT is_taken) FROM ${source}`,
  );
  const [rows = 0, takenDown = 0, kept = 0] = reader.getRowsJS()[0]?.map(Number) ?? [];
  const counts = { rows, takenDown, withheld: kept, columnsLeftOut: leftOut };
  if (rows === 0) return { ...counts, files: [] };
  const cells = columnsOf(table).flatMap((column) => {
    const name = identifier(column.name);
    const cell = cellSql(column, { at: name, path: column.name, depth: 0 }, options);
    return cell === undefined ? [] : [`${cell} AS ${name}`];
  });
  const order = table.historyBy === undefined ? '' : ` ORDER BY ${identifier(table.historyBy)}`;
  const place = `data/${table.name}`;
  await mkdir(join(folder, 'data'), { recursive: true });
  const new_ = join(folder, `${table.name}.new`);
  await connection.run(
    `COPY (SELECT ${cells.join(', ')} FROM ${source} WHERE NOT is_taken AND NOT is_withheld${order})
      TO ${literal(new_)} (${PARQUET}, KV_METADATA ${metadataSql(table)},
      FILE_SIZE_BYTES ${options.shardBytes}, FILENAME_PATTERN '{i}')`,
  );
  return { ...counts, files: await named(new_, { folder, place, table: table.name }) };
}

/** DuckDB counts its files from 0 without leading zeros. */
async function named(
  from: string,
  { folder, place, table }: { folder: string; place: string; table: string },
): Promise<PublishedFile[]> {
  const files: PublishedFile[] = [];
  await mkdir(join(folder, place), { recursive: true });
  const count = (await readdir(from)).length;
  for (let at = 0; at < count; at += 1) {
    const path = `${place}/${table}-${String(at).padStart(5, '0')}.parquet`;
    await rename(join(from, `${at}.parquet`), join(folder, path));
    files.push({ path, ...(await digestFile(join(folder, path))) });
  }
  await rmdir(from);
  return files;
}

function withheldSql(table: Table): string {
  if (!columnsOf(table).some(({ name }) => name === 'publish')) return 'false';
  const open = PUBLISH.filter((publish) => mayBePublished({ publish }));
  return `NOT coalesce(publish IN (${open.map(literal).join(', ')}), false)`;
}

interface Place {
  /** The value, as SQL. */
  at: string;
  /** Names of the column and of the fields that lead to it, with dots. */
  path: string;
  /** Of records in lists: each needs a name of its own. */
  depth: number;
}

/** A value as it is published, as SQL; undefined where it is left out. */
function cellSql(column: Column, place: Place, options: ShardOptions): string | undefined {
  const { at, path, depth } = place;
  const { type, mode, fields } = column;
  if (options.leftOut.includes(path)) return undefined;
  // Parquet's own type JSON is bytes for pandas and Polars.
  if (type === 'JSON') return `${at}::VARCHAR`;
  const list = mode === 'REPEATED' && options.hasTakedown ? keptElementsSql(column, at) : undefined;
  const record = fields && recordSql(fields, place, { mode, options });
  if (record === undefined) return list ?? at;
  return mode === 'REPEATED'
    ? `list_transform(${list ?? at}, lambda r${depth}: ${record})`
    : `CASE WHEN ${at} IS NOT NULL THEN ${record} END`;
}

/** A record, or one of a list, without what is left out; undefined where that is nothing. */
function recordSql(
  fields: readonly Column[],
  { at, path, depth }: Place,
  { mode, options }: { mode: Column['mode']; options: ShardOptions },
): string | undefined {
  const element = mode === 'REPEATED' ? `r${depth}` : at;
  const inner = fields.flatMap((field) => {
    const own = { at: `${element}.${identifier(field.name)}`, path: `${path}.${field.name}` };
    const sql = cellSql(field, { ...own, depth: depth + 1 }, options);
    return sql === undefined ? [] : [{ name: field.name, at: own.at, sql }];
  });
  if (inner.length === fields.length && inner.every((it) => it.sql === it.at)) return undefined;
  return `{${inner.map(({ name, sql }) => `${literal(name)}: ${sql}`).join(', ')}}`;
}
