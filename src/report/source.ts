import type { DuckDBConnection } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { carryOver } from '../export/duckdb/history.ts';
import { readReleases } from '../export/duckdb/releases.ts';
import {
  asLoadError,
  nameOf,
  PREVIOUS,
  readJsonSql,
  SCHEMA,
  tableColumns,
  type TableColumns,
  withDuckdb,
} from '../export/duckdb/session.ts';
import { plainRows, type PlainRow } from '../export/duckdb/values.ts';
import { sliceColumns } from '../export/warehouse/slices.ts';
import type { Release } from '../export/warehouse/releases.ts';
import { columnsOf } from '../tables/columns.ts';
import { duckdbDdl, identifier } from '../tables/duckdb.ts';
import { tablesByName } from '../tables/index.ts';
import type { Table } from '../tables/table.ts';
import type { ReportInput } from './input.ts';

/** The rows of a query over the tables of the page, in schema `huggingface`. */
export type Ask = (sql: string) => Promise<PlainRow[]>;

const NAMES = [
  ...['core_model', 'hub_datasets', 'hub_spaces', 'model_licenses', 'authors', 'usage'],
  ...['model_events', 'dataset_events', 'space_events', 'missed'],
  ...['leaderboard_entries', 'leaderboard_scores'],
] as const satisfies (keyof typeof tablesByName)[];

/**
 * Opens the tables that the page asks: of the DuckDB file where that holds this release, else of the files
 * of the export with what the file has from before. A table that neither has is empty.
 *
 * @param spill folder for what memory does not hold; it is removed afterwards
 * @throws {EtlError} LOAD_FAILED
 */
export async function withTables<Result>(
  { release, warehouse }: Pick<ReportInput, 'release' | 'warehouse'>,
  { spill, signal }: { spill: string; signal?: AbortSignal | undefined },
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const session = { spillFolder: spill, previous: warehouse ?? undefined };
  try {
    return await withDuckdb(':memory:', session, async (connection) => {
      const interrupt = (): void => connection.interrupt();
      signal?.addEventListener('abort', interrupt);
      try {
        await connection.run(`CREATE SCHEMA ${identifier(SCHEMA)}`);
        const held =
          warehouse === null ? undefined : (await readReleases(connection, PREVIOUS)).at(-1);
        const previous = await tableColumns(connection, PREVIOUS);
        for (const name of NAMES)
          await openTable(connection, tablesByName[name], { release, held, previous });
        return await work((sql) => plainRows(connection, sql));
      } finally {
        signal?.removeEventListener('abort', interrupt);
      }
    });
  } catch (error) {
    throw asLoadError(error, warehouse ?? release?.folder ?? 'nothing');
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

interface Opening {
  release: ReportInput['release'];
  /** What the DuckDB file holds. */
  held: Release | undefined;
  /** Its tables. */
  previous: TableColumns;
}

async function openTable(
  connection: DuckDBConnection,
  table: Table,
  { release, held, previous }: Opening,
): Promise<void> {
  const name = nameOf(table.name);
  const before = previous.get(table.name) ?? new Set();
  const isWhole = columnsOf(table).every((it) => before.has(it.name));
  if (isWhole && isHeld(table, release, held)) {
    await connection.run(`CREATE VIEW ${name} AS FROM ${PREVIOUS}.${name}`);
    return;
  }
  const entry = release?.manifest.tables[table.name];
  const files = entry && release ? readJsonSql(table, entry, release.folder) : null;
  const hasHistory = before.size > 0 && sliceColumns(table).length > 0;
  if (files !== null && !hasHistory) {
    await connection.run(`CREATE VIEW ${name} AS FROM ${files}`);
    return;
  }
  await connection.run(duckdbDdl(table, { schema: SCHEMA }).join(';'));
  if (files !== null) await connection.run(`INSERT INTO ${name} FROM ${files}`);
  if (hasHistory) await carryOver(connection, table, { isFresh: files !== null, previous });
}

/** Whether the DuckDB file has the very rows of the release, or the release has none. */
function isHeld({ name }: Table, release: ReportInput['release'], held?: Release): boolean {
  const entry = release?.manifest.tables[name];
  if (entry === undefined) return true;
  return held?.run === release?.manifest.run && held?.tables[name]?.sha256 === entry.sha256;
}
