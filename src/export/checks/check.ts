import type { Table } from '../../tables/table.ts';
import type { Manifest } from '../manifest.ts';
import type { ColumnShape } from './shape.ts';

/** What one scan of a table counts. */
export interface SideFacts {
  rows: number;
  /** Rows in which a column has a value (a list: has elements); a column that was not there is missing. */
  filled: ReadonlyMap<string, number>;
}

export interface TableFacts extends SideFacts {
  /** Keys that several rows have. */
  doubledKeys: number;
  /** Rows outside of what a column may hold, by column. */
  outside: ReadonlyMap<string, number>;
  /** The same of the rows that the run before brought; null when there was none. */
  before: SideFacts | null;
}

/** A cell of an answer: numbers as numbers, times and days as ISO 8601 texts. */
export type CheckValue = string | number | boolean | null;

export type CheckRow = Record<string, CheckValue>;

/** A warehouse as the checks ask it. The same SQL goes to both; only names are quoted differently. */
export interface CheckEngine {
  kind: 'duckdb' | 'bigquery';
  /** The rows of one SELECT. */
  rows: (sql: string) => Promise<CheckRow[]>;
  /**
   * What stands after FROM for the rows that this run brought: a quoted, qualified name, or a subquery
   * in brackets. Without the history that is carried over. Asked only for tables of the manifest.
   */
  table: (name: string) => string;
  /** The same in the release before, history included; null when it does not have the table. */
  before: (name: string) => string | null;
  /** Columns of `before(name)`; asked only where that is not null. */
  columnsBefore: (name: string) => Promise<readonly ColumnShape[]>;
}

/** A release as the table `releases` tells it. */
export interface PastRelease {
  run: string;
  /** Rows that the run brought, by table; tables of sources that it left out are missing. */
  tables: Readonly<Record<string, { rows: number }>>;
}

export interface CheckOptions {
  /**
   * Share of the rows of the release before that must come again. 0 asks for none: what is loaded may be
   * a sample, so no check refuses it for having less than the release before. @default 0.9
   */
  minRows?: number;
  /** Releases whose mean the rows are compared with. @default 5 */
  meanOf?: number;
  /** A crawl that ended longer before `now` is called stale. @default 7 */
  maxCrawlAgeDays?: number;
  /** The newest model may be this much older than the crawl. @default 3 */
  maxSilenceDays?: number;
}

export interface CheckContext {
  manifest: Manifest;
  /** Releases that are published, the latest one last; the one that is checked is not among them. */
  releases: readonly PastRelease[];
  /** ISO 8601: the time of the load, passed in; a check has no clock. */
  now: string;
  options?: CheckOptions;
}

/** `warn`: people should look. `refuse`: nothing is published. */
export type Severity = 'warn' | 'refuse';

export interface CheckResult {
  check: string;
  table: string;
  /** The worst that this check could have said of the table. */
  severity: Severity;
  /** `skipped`: there was nothing to compare with. */
  outcome: 'passed' | 'warned' | 'refused' | 'skipped';
  /** In words and numbers, ASCII. */
  found: string;
  expected: string;
  /** A query that shows rows which are at fault, for `outcome` warned or refused. */
  sampleSql?: string;
  /** What it answered, when the outcome is `refused`: at most five rows. */
  sample?: CheckRow[];
}

/** What a check works on. */
export interface Scene {
  engine: CheckEngine;
  context: CheckContext;
  options: Required<CheckOptions>;
  /** The tables that this run brought. */
  tables: readonly Table[];
  /** Counts of a table, now and in the release before; one query a table, asked once. */
  facts: (table: Table) => Promise<TableFacts>;
  /** Columns of the release before; null when it does not have the table. Asked once. */
  columnsBefore: (name: string) => Promise<readonly ColumnShape[] | null>;
}

/** One rule that a release must satisfy. */
export interface Check {
  /** kebab-case, stable: readers of `release_checks` know it by this. */
  name: string;
  /** Results of every table that it speaks of. */
  run: (scene: Scene) => Promise<CheckResult[]>;
}
