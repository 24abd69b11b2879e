import type { Warehouse } from './client.ts';
import { createTable, getTable, type Field, requiredField } from './resources.ts';
import { ask } from './send.ts';

export const RELEASES = 'releases';

/** One row of `releases`: a table of a publication. */
export interface ReleaseRow {
  /** Counts publications; the highest one is what the tables hold. */
  sequence: number;
  action: 'publish' | 'rollback';
  run: string;
  /** ISO 8601, UTC. */
  publishedAt: string;
  startedAt: string;
  finishedAt: string;
  version: string;
  table: string;
  rows: number;
  sha256: string;
  /** Snapshot of the table as it was before; null when it was new. */
  backup: string | null;
}

/** A publication as `releases` tells it. */
export interface BigqueryReleaseEntry extends Omit<
  ReleaseRow,
  'table' | 'rows' | 'sha256' | 'backup'
> {
  /** The tables that this publication replaced, or brought a part of. */
  tables: Record<string, Pick<ReleaseRow, 'rows' | 'sha256' | 'backup'>>;
}

export const RELEASE_FIELDS: Field[] = [
  requiredField('sequence', 'INTEGER', 'Counts publications; the highest is what the tables hold.'),
  requiredField(
    'action',
    'STRING',
    'publish, or rollback: the tables went back to an earlier run.',
  ),
  requiredField('run', 'STRING', 'Id of the run whose rows the tables hold.'),
  requiredField('published_at', 'TIMESTAMP', 'When it was published, UTC.'),
  requiredField('started_at', 'TIMESTAMP', 'When the run began, UTC.'),
  requiredField('finished_at', 'TIMESTAMP', 'When the run ended, UTC.'),
  requiredField('version', 'STRING', 'Version of huggingface-etl.'),
  requiredField('table', 'STRING', 'Name of the table.'),
  requiredField('rows', 'INTEGER', 'Rows that this run brought; history of tables is not counted.'),
  requiredField('sha256', 'STRING', 'Of the rows as JSONL, as in manifest.json of the export.'),
  {
    ...requiredField(
      'backup',
      'STRING',
      'Snapshot of the table as it was before; null when it was new.',
    ),
    mode: 'NULLABLE',
  },
];

export const RELEASES_DESCRIPTION =
  'One row is a table of a publication, written in the same transaction as the tables. The highest sequence is what the tables hold; the rows tell whether you read all of it.';

export const ensureReleases = (warehouse: Warehouse): Promise<void> =>
  createTable(
    warehouse,
    { dataset: warehouse.dataset, table: RELEASES },
    { schema: { fields: RELEASE_FIELDS }, description: RELEASES_DESCRIPTION },
  );

interface DataPage {
  rows?: { f: { v: unknown }[] }[];
  pageToken?: string;
}

/** All publications, the first one first. None when nothing was ever published. */
export async function readReleases(warehouse: Warehouse): Promise<BigqueryReleaseEntry[]> {
  const table = await getTable(warehouse, warehouse.dataset, RELEASES);
  if (table === undefined) return [];
  const names = (table.schema?.fields ?? []).map(({ name }) => name);
  const rows: ReleaseRow[] = [];
  let pageToken: string | undefined;
  do {
    const page: DataPage = await ask<DataPage>(warehouse, {
      method: 'GET',
      path: `/datasets/${warehouse.dataset}/tables/${RELEASES}/data`,
      query: {
        maxResults: '10000',
        'formatOptions.useInt64Timestamp': 'true',
        ...(pageToken === undefined ? {} : { pageToken }),
      },
    });
    for (const { f } of page.rows ?? []) {
      rows.push(rowOf(new Map(names.map((name, at) => [name, f[at]?.v]))));
    }
    pageToken = page.pageToken;
  } while (pageToken !== undefined);
  return publications(rows);
}

function rowOf(cells: ReadonlyMap<string, unknown>): ReleaseRow {
  const text = (name: string) => {
    const value = cells.get(name);
    return typeof value === 'string' ? value : '';
  };
  // Microseconds since 1970.
  const time = (name: string) => new Date(Number(text(name)) / 1000).toISOString();
  const backup = text('backup');
  return {
    sequence: Number(text('sequence')),
    action: text('action') === 'rollback' ? 'rollback' : 'publish',
    run: text('run'),
    publishedAt: time('published_at'),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
    version: text('version'),
    table: text('table'),
    rows: Number(text('rows')),
    sha256: text('sha256'),
    backup: backup === '' ? null : backup,
  };
}

function publications(rows: readonly ReleaseRow[]): BigqueryReleaseEntry[] {
  const found = new Map<number, BigqueryReleaseEntry>();
  for (const { table, rows: count, sha256, backup, ...head } of rows) {
    const entry = found.get(head.sequence) ?? { ...head, tables: {} };
    entry.tables[table] = { rows: count, sha256, backup };
    found.set(head.sequence, entry);
  }
  return [...found.values()].sort((a, b) => a.sequence - b.sequence);
}
