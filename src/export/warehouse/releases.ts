import { z } from 'zod';
import { req, reqInt, reqOneOf, reqTs, str } from '../../tables/fields.ts';
import { defineTable } from '../../tables/table.ts';
import type { CheckResult } from '../checks/check.ts';
import type { Manifest } from '../manifest.ts';

const columns = {
  sequence: reqInt('Counts publications; the highest is what the tables hold.'),
  run: req('Id of the run whose rows the tables hold.'),
  started_at: reqTs('When the run began, UTC.'),
  finished_at: reqTs('When the run ended, UTC.'),
  version: req('Version of huggingface-etl that crawled.'),
  table: req('Name of the table.'),
  rows: reqInt('Rows that the run brought; history of tables is not counted.'),
  sha256: req('Of the rows as JSONL, as in manifest.json of the export.'),
  schema_version: reqInt('Version of the tables.'),
};

const about = {
  name: 'releases',
  description:
    'One row is a table of a publication, with the rows and the SHA-256 of the JSONL it was loaded from. The highest sequence is what the tables hold; the others are the releases they were built upon.',
  origin: 'run',
  key: ['sequence', 'table'],
} as const;

/** What the DuckDB file says of the releases it was built upon. It has no clock: a build is repeatable. */
export const releases = defineTable({ ...about, row: z.strictObject(columns) });

/** The same in BigQuery, whose tables stay where they are: also when and how they came to be so. */
export const publications = defineTable({
  ...about,
  row: z.strictObject({
    ...columns,
    action: reqOneOf(
      ['publish', 'rollback'],
      'publish, or rollback: the tables went back to an earlier run.',
    ),
    published_at: reqTs('When it was published, UTC.'),
    backup: str('Snapshot of the table as it was before; null when it was new.'),
  }),
});

export type ReleaseRow = z.output<typeof releases.row>;
export type PublicationRow = z.output<typeof publications.row>;

/** What the checks said of each publication. */
export const releaseChecks = defineTable({
  name: 'release_checks',
  description:
    'One row is what a check said of a table before a release was published. What a check refuses is never published, so no refusal is here.',
  origin: 'run',
  row: z.strictObject({
    sequence: reqInt('The publication, as in releases.'),
    run: req('Id of the run that was checked.'),
    check: req('Name of the check, as in docs/warehouses.md.'),
    table: req('Table that it speaks of.'),
    severity: req('warn or refuse: the worst that the check can say of the table.'),
    outcome: req('passed, warned, or skipped where nothing was to compare with.'),
    found: req('What was found.'),
    expected: req('What was expected.'),
  }),
  key: [],
});

export type ReleaseCheckRow = z.output<typeof releaseChecks.row>;

/** The rows of `releases` for the tables of a manifest. */
export const releaseRows = (
  { run, startedAt, finishedAt, version, schemaVersion, tables }: Manifest,
  sequence: number,
): ReleaseRow[] =>
  Object.entries(tables).map(([table, { rows, sha256 }]) => ({
    ...{ sequence, run, started_at: startedAt, finished_at: finishedAt },
    ...{ version, table, rows, sha256, schema_version: schemaVersion },
  }));

/** The rows of `release_checks` for a publication. */
export const releaseCheckRows = (
  results: readonly CheckResult[],
  { run, sequence }: { run: string; sequence: number },
): ReleaseCheckRow[] =>
  results.map(({ check, table, severity, outcome, found, expected }) => ({
    ...{ sequence, run, check, table, severity, outcome, found, expected },
  }));

/** A release, put together from its rows. */
export interface Release<Row extends ReleaseRow = ReleaseRow> {
  sequence: number;
  run: string;
  /** The row of each table that this publication replaced, or brought a part of. */
  tables: Record<string, Row>;
  /** Any of its rows, for what they have in common. */
  head: Row;
}

/** Releases in the order of their publication, the latest one last. */
export function releasesFrom<Row extends ReleaseRow>(rows: readonly Row[]): Release<Row>[] {
  const found = new Map<number, Release<Row>>();
  for (const row of rows) {
    const { sequence, run, table } = row;
    const release = found.get(sequence) ?? { sequence, run, tables: {}, head: row };
    release.tables[table] = row;
    found.set(sequence, release);
  }
  return [...found.values()].sort((a, b) => a.sequence - b.sequence);
}
