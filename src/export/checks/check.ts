import type { Table } from '../../tables/table.ts';
import type { Manifest } from '../manifest.ts';

/** A cell of an answer: numbers as numbers, times and days as ISO 8601 texts. */
export type CheckRow = Record<string, string | number | boolean | null>;

/** A column's type in words that both warehouses share. */
export interface ColumnShape {
  name: string;
  /** `STRING`, `INTEGER`, `FLOAT`, `BOOLEAN`, `TIMESTAMP`, `DATE`, `JSON`, `RECORD`, or what else it was. */
  type: string;
  isRepeated: boolean;
  fields: readonly ColumnShape[];
}

/** A warehouse as the checks ask it. The same SQL goes to both; only names are quoted differently. */
export interface CheckEngine {
  kind: 'duckdb' | 'bigquery';
  /** The rows of one SELECT. */
  rows: (sql: string) => Promise<CheckRow[]>;
  /**
   * What stands after FROM for the rows that this run brought: a quoted, qualified name. Without the
   * history that is carried over. Asked only for tables of the manifest.
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
}

export interface CheckContext {
  manifest: Manifest;
  /** Releases that are published, the latest one last; the one that is checked is not among them. */
  releases: readonly PastRelease[];
  /** ISO 8601: the time of the load, passed in; a check has no clock. */
  now: string;
  options?: CheckOptions;
}

/** What a check says of a table. */
export interface Finding {
  /** The worst that the check could have said. `warn`: people should look. `refuse`: nothing is published. */
  severity: 'warn' | 'refuse';
  /** `skipped`: there was nothing to compare with. */
  outcome: 'passed' | 'warned' | 'refused' | 'skipped';
  /** In words and numbers. */
  found: string;
  expected: string;
  /** A query that shows rows which are at fault, for `outcome` warned or refused. */
  sampleSql?: string;
}

export interface CheckResult extends Finding {
  check: string;
  table: string;
  /** What `sampleSql` answered, when the outcome is `refused`: at most five rows. */
  sample?: CheckRow[];
}

/** What a check may know. */
export interface Scene {
  engine: CheckEngine;
  context: CheckContext;
  options: Required<CheckOptions>;
  /** The tables that this run brought. */
  tables: readonly Table[];
  /** Columns of these tables in the release before; without those that it did not have. */
  columnsBefore: ReadonlyMap<string, readonly ColumnShape[]>;
}

/** One rule that a release must satisfy. */
export interface Check {
  /** kebab-case, stable: readers of `release_checks` know it by this. */
  name: string;
  /** The tables that it speaks of. */
  tables: (scene: Scene) => readonly Table[];
  /**
   * Each a SELECT, whose rows are judged together. The same text is asked once, however many checks and tables
   * share it. Left out where the manifest and the releases before tell enough.
   */
  sql?: (table: Table, scene: Scene) => readonly string[];
  judge: (table: Table, rows: readonly CheckRow[], scene: Scene) => Finding | readonly Finding[];
}
