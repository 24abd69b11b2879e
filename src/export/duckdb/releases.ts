import type { DuckDBConnection } from '@duckdb/node-api';
import { columnsOf } from '../../tables/columns.ts';
import { duckdbDdl, literal } from '../../tables/duckdb.ts';
import type { Table } from '../../tables/table.ts';
import type { CheckResult } from '../checks/check.ts';
import type { Manifest } from '../manifest.ts';
import {
  releaseCheckRows,
  releaseChecks,
  releaseRows,
  releases,
  releasesFrom,
  type Release,
  type ReleaseRow,
} from '../warehouse/releases.ts';
import {
  countOf,
  nameOf,
  PREVIOUS,
  SCHEMA,
  tableColumns,
  withDuckdb,
  type TableColumns,
} from './session.ts';
import { plainRows } from './values.ts';

/**
 * Makes `releases` and `release_checks`: those of the file before and of this run, which replaces
 * itself when it is published anew.
 *
 * @param previous the tables of the file before
 */
export async function buildReleases(
  connection: DuckDBConnection,
  previous: TableColumns,
  { manifest, checks }: { manifest: Manifest; checks: readonly CheckResult[] },
): Promise<void> {
  const { run } = manifest;
  for (const table of [releases, releaseChecks]) {
    await connection.run(duckdbDdl(table, { schema: SCHEMA }).join(';'));
    const name = nameOf(table.name);
    if (!previous.has(table.name)) continue;
    await connection.run(
      `INSERT INTO ${name} BY NAME SELECT * FROM ${PREVIOUS}.${name} WHERE run <> ${literal(run)}`,
    );
  }
  const latest = `SELECT coalesce(max(sequence), 0) FROM ${nameOf(releases.name)}`;
  const sequence = (await countOf(connection, latest)) + 1;
  await insertRows(connection, releases, releaseRows(manifest, sequence));
  await insertRows(connection, releaseChecks, releaseCheckRows(checks, { run, sequence }));
}

/** For tables of texts, times and whole numbers. */
async function insertRows(
  connection: DuckDBConnection,
  table: Table,
  rows: readonly Record<string, string | number | null>[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columnsOf(table).map(({ name }) => name);
  const values = rows.map((row) => {
    const cells = names.map((name) => row[name] ?? null);
    return `(${cells.map((it) => (typeof it === 'string' ? literal(it) : String(it))).join(', ')})`;
  });
  await connection.run(`INSERT INTO ${nameOf(table.name)} VALUES ${values.join(', ')}`);
}

/**
 * The releases that a database was built upon, the one it holds last; none for a file of others.
 *
 * @param database as in `tableColumns`
 */
export async function readReleases(
  connection: DuckDBConnection,
  database?: typeof PREVIOUS,
): Promise<Release[]> {
  if (!(await tableColumns(connection, database)).has(releases.name)) return [];
  const own = nameOf(releases.name);
  const from = database === undefined ? own : `${database}.${own}`;
  const rows = await plainRows(connection, `SELECT * FROM ${from} ORDER BY sequence`);
  // The columns are those that the table was made with.
  return releasesFrom(rows as ReleaseRow[]);
}

/** The same of a file. */
export const releasesOf = (path: string): Promise<Release[]> =>
  withDuckdb(path, { readOnly: true }, (connection) => readReleases(connection));
