import type { DuckDBConnection } from '@duckdb/node-api';
import { columnsOf } from '../tables/columns.ts';
import { identifier, literal } from '../tables/duckdb.ts';
import type { Table } from '../tables/table.ts';

/** Name under which the file of the release before is attached. */
export const PREVIOUS = 'previous';

export interface CarryOptions {
  schema: string;
  /** Whether this run brought rows of the table, or left its source out. */
  isFresh: boolean;
}

/**
 * Brings rows of the release before into a table that holds this run's rows. A table of a source that
 * this run left out comes over whole; history without the days that this run brings; and of boards,
 * those that this run does not publish (it left them out, or their page had drifted).
 */
export async function carryOver(
  connection: DuckDBConnection,
  table: Table,
  { schema, isFresh }: CarryOptions,
): Promise<void> {
  const slice = isFresh ? sliceOf(table) : [];
  if (isFresh && slice.length === 0) return;
  const name = `${identifier(schema)}.${identifier(table.name)}`;
  const columns = await commonColumns(connection, table, schema);
  if (columns.length === 0) return;
  const list = columns.map(identifier).join(', ');
  const expressions = slice.join(', ');
  // The set of new slices is taken first: afterwards old and new rows cannot be told apart.
  const condition = isFresh
    ? ` WHERE (${expressions}) NOT IN (SELECT (${expressions}) FROM fresh_slices)`
    : '';
  if (isFresh) {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE fresh_slices AS SELECT DISTINCT ${sliceColumns(table).map(identifier).join(', ')} FROM ${name}`,
    );
  }
  await connection.run(
    `INSERT INTO ${name} (${list}) SELECT ${list} FROM ${PREVIOUS}.${name}${condition}`,
  );
  if (isFresh) await connection.run('DROP TABLE fresh_slices');
}

/** Columns that say which of the rows before a new row replaces; none replaces all of them. */
function sliceColumns(table: Table): string[] {
  const names = columnsOf(table).map(({ name }) => name);
  const { historyBy } = table;
  // Each run is a row of its own; a second one on the same day does not replace the first.
  if (table.origin === 'run') return names.includes('run') ? ['run'] : [];
  const board = table.origin === 'board' && names.includes('board') ? ['board'] : [];
  return [...board, ...(historyBy === undefined ? [] : [historyBy])];
}

/** The same as SQL; of a time, its day. */
const sliceOf = (table: Table): string[] =>
  sliceColumns(table).map((name) =>
    name === table.historyBy ? `CAST(${identifier(name)} AS DATE)` : identifier(name),
  );

/** Columns that the table had in the release before; empty when it did not exist. */
async function commonColumns(
  connection: DuckDBConnection,
  table: Table,
  schema: string,
): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    `SELECT column_name FROM duckdb_columns() WHERE database_name = ${literal(PREVIOUS)} AND schema_name = ${literal(schema)} AND table_name = ${literal(table.name)}`,
  );
  const before = new Set(reader.getRowsJS().map(([name]) => name));
  return columnsOf(table).flatMap(({ name }) => (before.has(name) ? [name] : []));
}
