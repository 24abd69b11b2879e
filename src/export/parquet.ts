import { join } from 'node:path';
import { literal } from '../tables/duckdb.ts';
import type { Table } from '../tables/table.ts';
import { readJsonSql, withDuckdb } from './duckdb/session.ts';
import type { TableEntry, TableFile } from './manifest.ts';
import { digestFile } from './verify-files.ts';

/** Small groups keep the writer's buffers of nested rows small; larger ones run out of memory. */
const ROW_GROUP_ROWS = 8192;

/** Writes a finished table once more, as one Parquet file with the table's own columns. */
export async function writeParquet(
  table: Table,
  entry: TableEntry,
  folder: string,
): Promise<TableFile> {
  const path = `${table.name}.parquet`;
  const target = join(folder, path);
  const spillFolder = `${target}.spill`;
  await withDuckdb(':memory:', { threads: 1, spillFolder }, async (connection) => {
    await connection.run(
      `COPY (SELECT * FROM ${readJsonSql(table, entry, folder)}) TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${String(ROW_GROUP_ROWS)})`,
    );
  });
  const digest = await digestFile(target);
  if (digest === undefined) throw new Error(`DuckDB did not write ${path}`);
  return { path, rows: entry.rows, ...digest };
}
