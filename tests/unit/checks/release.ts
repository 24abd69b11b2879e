import type { DuckDBConnection } from '@duckdb/node-api';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDuckdb } from '../../../src/export/duckdb/session.ts';
import { plainRows } from '../../../src/export/duckdb/values.ts';
import type {
  CheckEngine,
  CheckOptions,
  CheckResult,
  CheckRow,
  PastRelease,
} from '../../../src/export/checks/check.ts';
import { runChecks } from '../../../src/export/checks/run-checks.ts';
import { shapesIn } from '../../../src/export/duckdb/engine.ts';
import type { Manifest } from '../../../src/export/manifest.ts';
import { columnsOf, type Column } from '../../../src/tables/columns.ts';
import { duckdbColumns, duckdbType, identifier, literal } from '../../../src/tables/duckdb.ts';
import { tableNamed } from '../../../src/tables/index.ts';
import type { Table } from '../../../src/tables/table.ts';
import { withTemporaryFolder } from '../export/captured.ts';

export type Row = Record<string, unknown>;

/** Rows by table. */
export type Rows = Record<string, readonly Row[]>;

export interface Release {
  now: Rows;
  before?: Rows;
  /** Counts of releases before, the latest one last; made from `before` when left out. */
  releases?: readonly PastRelease[];
  options?: CheckOptions;
  /** What the run was asked for. @default all, with the board open-llm */
  asked?: Partial<Manifest['asked']>;
  /** When the load happens. */
  time?: string;
  /** Statements that change the tables before they are checked. */
  sql?: readonly string[];
}

export const FINISHED = '2026-11-23T11:00:00.000Z';

function tableOf(name: string): Table {
  const table = tableNamed(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

const VALUES: Record<string, (number: number) => unknown> = {
  STRING: (number) => `value-${number}`,
  INTEGER: (number) => number,
  FLOAT: (number) => number / 2,
  BOOLEAN: () => true,
  TIMESTAMP: () => '2026-11-23T10:00:00.000Z',
  DATE: () => '2026-11-23',
  JSON: (number) => ({ number }),
};

function valueOf({ type, mode, fields = [] }: Column, number: number): unknown {
  const one =
    type === 'RECORD'
      ? Object.fromEntries(fields.map((field) => [field.name, valueOf(field, number)]))
      : VALUES[type]?.(number);
  return mode === 'REPEATED' ? [one] : one;
}

/** Rows of a table with a value in every column, numbered from 1. */
export const rowsOf = (name: string, count: number, change: (row: Row, at: number) => Row = same) =>
  Array.from({ length: count }, (_, at) => {
    const row = Object.fromEntries(
      columnsOf(tableOf(name)).map((column) => [column.name, valueOf(column, at + 1)]),
    );
    return change(row, at);
  });

const same = (row: Row): Row => row;

/** Tables as a staged release has them, but without constraints, so that they can be wrong. */
async function fill(
  connection: DuckDBConnection,
  { folder, schema }: { folder: string; schema: string },
  rows: Rows,
) {
  const statements = [`CREATE SCHEMA ${identifier(schema)}`];
  for (const [name, list] of Object.entries(rows)) {
    const table = tableOf(name);
    const path = join(folder, `${schema}-${name}.jsonl`);
    await writeFile(path, list.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const columns = columnsOf(table).map((it) => `${identifier(it.name)} ${duckdbType(it)}`);
    const target = `${identifier(schema)}.${identifier(name)}`;
    statements.push(`CREATE TABLE ${target} (${columns.join(', ')})`);
    if (list.length === 0) continue;
    statements.push(
      `INSERT INTO ${target} SELECT * FROM read_json(${literal(path)}, format = 'newline_delimited', columns = ${duckdbColumns(table)})`,
    );
  }
  await connection.run(statements.join(';'));
}

/** An engine over two schemas of one connection, `now` and `before`. */
export function engineOver(
  connection: DuckDBConnection,
  before: Rows | undefined,
): CheckEngine & { asked: string[] } {
  const asked: string[] = [];
  return {
    kind: 'duckdb',
    asked,
    rows: async (sql) => {
      asked.push(sql);
      // The queries of checks answer scalars only.
      return (await plainRows(connection, sql)) as CheckRow[];
    },
    table: (name) => `"now".${identifier(name)}`,
    before: (name) =>
      before !== undefined && name in before ? `"before".${identifier(name)}` : null,
    columnsBefore: (name) => shapesIn(connection, `"before".${identifier(name)}`),
  };
}

export interface Checked {
  results: CheckResult[];
  /** How many queries were sent. */
  queries: number;
  of: (check: string, table: string) => CheckResult;
  /** `check table` of everything that is neither passed nor skipped. */
  wrong: string[];
}

/** Runs all checks over real tables in DuckDB. */
export async function checkRelease(release: Release): Promise<Checked> {
  const { now, before, options, time = FINISHED } = release;
  return withTemporaryFolder((folder) =>
    withDuckdb(':memory:', { threads: 1 }, async (connection) => {
      await fill(connection, { folder, schema: 'now' }, now);
      await fill(connection, { folder, schema: 'before' }, before ?? {});
      for (const statement of release.sql ?? []) await connection.run(statement);
      const engine = engineOver(connection, before);
      const results = await runChecks(engine, {
        manifest: manifestOf(now, release.asked),
        releases: release.releases ?? (before === undefined ? [] : [pastOf('before', before)]),
        now: time,
        ...(options === undefined ? {} : { options }),
      });
      return checked(results, engine.asked.length);
    }),
  );
}

function checked(results: CheckResult[], queries: number): Checked {
  return {
    results,
    queries,
    of: (check, table) => {
      const found = results.filter((it) => it.check === check && it.table === table);
      const worst = found.find(({ outcome }) => outcome !== 'passed') ?? found[0];
      if (worst === undefined) throw new Error(`no result of ${check} for ${table}`);
      return worst;
    },
    wrong: results
      .filter(({ outcome }) => outcome === 'warned' || outcome === 'refused')
      .map(({ check, table, outcome }) => `${check} ${table} ${outcome}`),
  };
}

export const pastOf = (run: string, rows: Rows): PastRelease => ({
  run,
  tables: Object.fromEntries(
    Object.entries(rows).map(([name, list]) => [name, { rows: list.length }]),
  ),
});

const ALL = {
  sources: ['models', 'tags', 'benchmarks', 'boards'],
  boards: ['open-llm'],
  ...{ limit: null, filter: null, author: null, tables: null, sha256: '' },
};

export const manifestOf = (rows: Rows, asked: Partial<Manifest['asked']> = {}): Manifest => ({
  format: 1,
  run: 'now',
  startedAt: '2026-11-23T10:00:00.000Z',
  finishedAt: FINISHED,
  version: '0.1.0',
  schemaVersion: 1,
  endpoint: 'http://127.0.0.1',
  asked: { ...ALL, ...asked },
  outcome: { status: 'done', exitCode: 0, failures: [], seconds: 0, bytes: 0 },
  completeness: [],
  sources: {},
  tables: Object.fromEntries(
    Object.entries(rows).map(([name, list]) => [
      name,
      { rows: list.length, bytes: 0, sha256: '', files: [] },
    ]),
  ),
  rejects: { rows: 0, bytes: 0, sha256: '', files: [] },
  repairs: {},
});
