import { join } from 'node:path';
import { columnsOf } from '../tables/columns.ts';
import { literal } from '../tables/duckdb.ts';
import type { Table } from '../tables/table.ts';
import { readFilesSql, readJsonSql, withDuckdb } from './duckdb/session.ts';
import { csvCellSql, isNested } from './csv.ts';
import type { TableEntry, TableFile } from './manifest.ts';
import { digestFile } from '../storage/files.ts';

export type CopyFormat = 'parquet' | 'csv';

/** Small groups keep the writer's buffers of nested rows small; larger ones run out of memory. */
const PARQUET = '(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)';
const CSV = '(FORMAT csv, HEADER)';

/**
 * Writes a finished table once more, as one file. Parquet has the table's own columns. CSV (RFC 4180,
 * UTF-8, header, LF): null is an empty field, the empty text is `""`, a list or a record is its JSON.
 */
export async function writeCopy(
  { table, entry }: { table: Table; entry: TableEntry },
  format: CopyFormat,
  folder: string,
): Promise<TableFile> {
  const path = `${table.name}.${format}`;
  const target = join(folder, path);
  const rows =
    format === 'csv'
      ? csvRowsSql(table, entry, folder)
      : `SELECT * FROM ${readJsonSql(table, entry, folder)}`;
  // One thread keeps the order of rows.
  await withDuckdb(':memory:', { threads: 1, spillFolder: `${target}.spill` }, (connection) =>
    connection.run(`COPY (${rows}) TO ${literal(target)} ${format === 'csv' ? CSV : PARQUET}`),
  );
  return { path, rows: entry.rows, ...(await digestFile(target)) };
}

/** Numbers and times are texts here, so that they stand in CSV as in JSON. */
function csvRowsSql(table: Table, entry: TableEntry, folder: string): string {
  const columns = columnsOf(table);
  const types = columns.map((it) => `${literal(it.name)}: '${isNested(it) ? 'JSON' : 'VARCHAR'}'`);
  const source = readFilesSql(entry, folder, `{${types.join(', ')}}`);
  return `SELECT ${columns.map(csvCellSql).join(', ')} FROM ${source}`;
}
