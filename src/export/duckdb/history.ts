import type { DuckDBConnection } from '@duckdb/node-api';
import { columnsOf } from '../../tables/columns.ts';
import { identifier } from '../../tables/duckdb.ts';
import type { Table } from '../../tables/table.ts';
import { sliceColumns, type SliceColumn } from '../warehouse/slices.ts';
import { countOf, nameOf, PREVIOUS, type TableColumns } from './session.ts';

/**
 * Brings rows of the release before into a table that holds this run's rows. A table of a source that
 * this run left out comes over whole; history without the days that this run brings; and of boards,
 * those that this run does not publish (it left them out, or their page had drifted).
 *
 * @param previous the tables of the release before
 */
export async function carryOver(
  connection: DuckDBConnection,
  table: Table,
  { isFresh, previous }: { isFresh: boolean; previous: TableColumns },
): Promise<void> {
  if (isFresh && sliceOf(table).length === 0) return;
  const before = previous.get(table.name) ?? new Set();
  const columns = columnsOf(table).flatMap(({ name }) => (before.has(name) ? [name] : []));
  if (columns.length === 0) return;
  const name = nameOf(table.name);
  const list = columns.map(identifier).join(', ');
  // Rows of an older schema lack what was required later.
  for (const { name: column, mode } of columnsOf(table)) {
    if (mode === 'NULLABLE' || before.has(column)) continue;
    await connection.run(`ALTER TABLE ${name} ALTER COLUMN ${identifier(column)} DROP NOT NULL`);
  }
  if (isFresh) await takeSlices(connection, table, name);
  await connection.run(
    `INSERT INTO ${name} (${list}) SELECT ${list} FROM ${PREVIOUS}.${name}${isFresh ? keptSql(table) : ''}`,
  );
  if (isFresh) await connection.run('DROP TABLE fresh_slices');
}

/**
 * Rows of the release before, which has the table, that `carryOver` would bring.
 *
 * @param fresh the table's new rows as SQL; null when this run left its source out
 */
export async function countKept(
  connection: DuckDBConnection,
  table: Table,
  fresh: string | null,
): Promise<number> {
  if (fresh !== null && sliceOf(table).length === 0) return 0;
  if (fresh !== null) await takeSlices(connection, table, fresh);
  const kept = `SELECT count(*) FROM ${PREVIOUS}.${nameOf(table.name)}`;
  return countOf(connection, fresh === null ? kept : `${kept}${keptSql(table)}`);
}

/** The set of new slices is taken first: afterwards old and new rows cannot be told apart. */
async function takeSlices(connection: DuckDBConnection, table: Table, from: string): Promise<void> {
  const slices = sliceColumns(table).map((it) => `${sliceSql(it)} AS ${identifier(it.name)}`);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE fresh_slices AS SELECT DISTINCT ${slices.join(', ')} FROM ${from}`,
  );
}

const keptSql = (table: Table): string =>
  ` WHERE (${sliceOf(table).join(', ')}) NOT IN (SELECT (${sliceColumns(table)
    .map(({ name }) => identifier(name))
    .join(', ')}) FROM fresh_slices)`;

/** The columns of a slice as SQL; of a time, its day. */
const sliceOf = (table: Table): string[] => sliceColumns(table).map(sliceSql);

const sliceSql = ({ name, byDay }: SliceColumn): string =>
  byDay ? `CAST(${identifier(name)} AS DATE)` : identifier(name);
