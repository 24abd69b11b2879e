import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from '../../tables/duckdb.ts';
import type { CheckEngine, CheckRow } from '../checks/check.ts';
import { duckdbShape } from '../checks/shape.ts';
import { nameOf, PREVIOUS, SCHEMA } from './session.ts';
import { plainRows, textOf } from './values.ts';

/**
 * The file that is being built, as the checks ask it: at that point its tables hold the rows of this run
 * and nothing else. The release before is attached, if there is one.
 */
export async function checkEngine(
  connection: DuckDBConnection,
  { hasPrevious }: { hasPrevious: boolean },
): Promise<CheckEngine> {
  const rows = async (sql: string): Promise<CheckRow[]> => {
    const reader = await connection.runAndReadAll(sql);
    return plainRows(reader).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'object' && value !== null ? textOf(value) : value,
        ]),
      ),
    );
  };
  const before = new Set(hasPrevious ? await tablesBefore(rows) : []);
  return {
    kind: 'duckdb',
    rows,
    table: nameOf,
    before: (name) => (before.has(name) ? `${identifier(PREVIOUS)}.${nameOf(name)}` : null),
    columnsBefore: async (name) => {
      const columns = await rows(
        `SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ${literal(PREVIOUS)} AND schema_name = ${literal(SCHEMA)} AND table_name = ${literal(name)} ORDER BY column_index`,
      );
      return columns.map((it) => duckdbShape(String(it['column_name']), String(it['data_type'])));
    },
  };
}

/** Every file has every table: one that is empty was never loaded, so there is nothing to compare. */
async function tablesBefore(rows: CheckEngine['rows']): Promise<string[]> {
  const found = await rows(
    `SELECT table_name FROM duckdb_tables() WHERE database_name = ${literal(PREVIOUS)} AND schema_name = ${literal(SCHEMA)} AND estimated_size > 0`,
  );
  return found.map((it) => String(it['table_name']));
}
