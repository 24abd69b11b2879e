import {
  DuckDBListType,
  DuckDBStructType,
  type DuckDBConnection,
  type DuckDBType,
} from '@duckdb/node-api';
import { identifier, literal } from '../../tables/duckdb.ts';
import type { CheckEngine, CheckRow, ColumnShape } from '../checks/check.ts';
import { nameOf, PREVIOUS, SCHEMA } from './session.ts';
import { plainRows, textOf } from './values.ts';

/**
 * The file that is being built, as the checks ask it: at that point its tables hold the rows of this run
 * and nothing else. The release before is attached, if there is one.
 */
export async function checkEngine(connection: DuckDBConnection): Promise<CheckEngine> {
  const rows = async (sql: string): Promise<CheckRow[]> => {
    return (await plainRows(connection, sql)).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'object' && value !== null ? textOf(value) : value,
        ]),
      ),
    );
  };
  const before = new Set(await tablesBefore(rows));
  const nameBefore = (name: string) => `${identifier(PREVIOUS)}.${nameOf(name)}`;
  return {
    kind: 'duckdb',
    rows,
    table: nameOf,
    before: (name) => (before.has(name) ? nameBefore(name) : null),
    columnsBefore: (name) => shapesIn(connection, nameBefore(name)),
  };
}

/** Every file has every table: one that is empty was never loaded, so there is nothing to compare. */
async function tablesBefore(rows: CheckEngine['rows']): Promise<string[]> {
  const found = await rows(
    `SELECT table_name FROM duckdb_tables() WHERE database_name = ${literal(PREVIOUS)} AND schema_name = ${literal(SCHEMA)} AND estimated_size > 0`,
  );
  return found.map((it) => String(it['table_name']));
}

/** The columns of a table, in their order. */
export async function shapesIn(
  connection: DuckDBConnection,
  table: string,
): Promise<ColumnShape[]> {
  const reader = await connection.runAndReadAll(`FROM ${table} LIMIT 0`);
  const types = reader.columnTypes();
  return reader.columnNames().flatMap((name, at) => shapeOf(name, types[at]));
}

const TYPES: Partial<Record<string, string>> = {
  VARCHAR: 'STRING',
  BIGINT: 'INTEGER',
  DOUBLE: 'FLOAT',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
};

/** A type that is not one of ours keeps its name, and differs from all of ours. */
function shapeOf(name: string, type: DuckDBType | undefined): ColumnShape[] {
  if (type === undefined) return [];
  if (type instanceof DuckDBListType)
    return shapeOf(name, type.valueType).map((it) => ({ ...it, isRepeated: true }));
  if (type instanceof DuckDBStructType) {
    const fields = type.entryNames.flatMap((it, at) => shapeOf(it, type.entryTypes[at]));
    return [{ name, type: 'RECORD', isRepeated: false, fields }];
  }
  const word = type.alias ?? String(type);
  return [{ name, type: TYPES[word] ?? word, isRepeated: false, fields: [] }];
}
