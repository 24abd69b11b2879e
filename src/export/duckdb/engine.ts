import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from '../../tables/duckdb.ts';
import type { CheckEngine, CheckRow } from '../checks/check.ts';
import { duckdbShape, type ColumnShape } from '../checks/shape.ts';
import { nameOf, PREVIOUS, SCHEMA } from './session.ts';
import { plainRows, textOf } from './values.ts';

/**
 * The file that is being built, as the checks ask it: at that point its tables hold the rows of this run
 * and nothing else. The release before is attached, if there is one.
 */
export async function checkEngine(connection: DuckDBConnection): Promise<CheckEngine> {
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
  const before = new Set(await tablesBefore(rows));
  const shapes = await shapesBefore(rows);
  return {
    kind: 'duckdb',
    rows,
    table: nameOf,
    before: (name) => (before.has(name) ? `${identifier(PREVIOUS)}.${nameOf(name)}` : null),
    columnsBefore: (name) => Promise.resolve(shapes.get(name) ?? []),
  };
}

/** Every file has every table: one that is empty was never loaded, so there is nothing to compare. */
async function tablesBefore(rows: CheckEngine['rows']): Promise<string[]> {
  const found = await rows(
    `SELECT table_name FROM duckdb_tables() WHERE database_name = ${literal(PREVIOUS)} AND schema_name = ${literal(SCHEMA)} AND estimated_size > 0`,
  );
  return found.map((it) => String(it['table_name']));
}

/** The columns of each of its tables, in their order. */
async function shapesBefore(rows: CheckEngine['rows']): Promise<Map<string, ColumnShape[]>> {
  const found = await rows(
    `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ${literal(PREVIOUS)} AND schema_name = ${literal(SCHEMA)} ORDER BY column_index`,
  );
  const columns = found.map((it): [table: string, shape: ColumnShape] => [
    String(it['table_name']),
    duckdbShape(String(it['column_name']), String(it['data_type'])),
  ]);
  const byTable = Map.groupBy(columns, ([table]) => table);
  return new Map([...byTable].map(([table, of]) => [table, of.map(([, shape]) => shape)]));
}
