import { join } from 'node:path';
import { columnsOf, type Column } from '../tables/columns.ts';
import { identifier, literal } from '../tables/duckdb.ts';
import type { Table } from '../tables/table.ts';
import { readFilesSql, readJsonSql, withDuckdb } from './duckdb/session.ts';
import { csvCellSql, isNested } from './csv.ts';
import type { Manifest, TableEntry, TableFile } from './manifest.ts';
import { digestFile } from '../storage/files.ts';

export type CopyFormat = 'parquet' | 'csv';

/** Small groups keep the writer's buffers of nested rows small; larger ones run out of memory. */
export const PARQUET = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192';
const CSV = 'FORMAT csv, HEADER';

/** What a Parquet file says of itself. */
export type FileFacts = Pick<Manifest, 'run' | 'version' | 'schemaVersion'>;

/**
 * Writes a finished table once more, as one file. Parquet has the table's own columns, JSON as
 * text, and what they mean among its key-value metadata. CSV (RFC 4180,
 * UTF-8, header, LF): null is an empty field, the empty text is `""`, a list or a record is its JSON.
 */
export async function writeCopy(
  { table, entry, facts }: { table: Table; entry: TableEntry; facts: FileFacts },
  format: CopyFormat,
  folder: string,
): Promise<TableFile> {
  const path = `${table.name}.${format}`;
  const target = join(folder, path);
  const rows =
    format === 'csv'
      ? csvRowsSql(table, entry, folder)
      : `SELECT ${columnsOf(table).map(parquetCellSql).join(', ')} FROM ${readJsonSql(table, entry, folder)}`;
  const how =
    format === 'csv' ? CSV : `${PARQUET}, KV_METADATA ${metadataSql(table, factsOf(facts))}`;
  // One thread keeps the order of rows.
  await withDuckdb(':memory:', { threads: 1, spillFolder: `${target}.spill` }, (connection) =>
    connection.run(`COPY (${rows}) TO ${literal(target)} (${how})`),
  );
  return { path, rows: entry.rows, ...(await digestFile(target)) };
}

/** Parquet's own type JSON is bytes for pandas and Polars. */
const parquetCellSql = ({ name, type }: Column): string =>
  type === 'JSON' ? `${identifier(name)}::VARCHAR AS ${identifier(name)}` : identifier(name);

const factsOf = ({ run, version, schemaVersion }: FileFacts): Record<string, string> => ({
  ...{ run, version, schema_version: String(schemaVersion) },
});

/** What a table and its columns mean, for a Parquet file, after facts of the file. */
export function metadataSql(table: Table, facts: Record<string, string> = {}): string {
  const columns = columnsOf(table).map(({ name, description }) => [name, description]);
  const values = {
    ...facts,
    description: table.description,
    columns: JSON.stringify(Object.fromEntries(columns)),
  };
  const pairs = Object.entries(values).map(([name, text]) => `${name}: ${literal(text)}`);
  return `{${pairs.join(', ')}}`;
}

/** Numbers and times are texts here, so that they stand in CSV as in JSON. */
function csvRowsSql(table: Table, entry: TableEntry, folder: string): string {
  const columns = columnsOf(table);
  const types = columns.map((it) => `${literal(it.name)}: '${isNested(it) ? 'JSON' : 'VARCHAR'}'`);
  const source = readFilesSql(entry, folder, `{${types.join(', ')}}`);
  return `SELECT ${columns.map(csvCellSql).join(', ')} FROM ${source}`;
}
