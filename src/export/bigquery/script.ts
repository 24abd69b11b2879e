import { EtlError } from '../../errors.ts';
import { RELEASE_FIELDS, RELEASES, type ReleaseRow } from './releases.ts';
import type { SliceColumn } from './slices.ts';

/** Rows of one table that go into production. */
export interface TableSwitch {
  /** `project.dataset.table`. */
  target: string;
  /** Null: the table becomes empty. */
  source: string | null;
  columns: readonly string[];
  /** Which rows in production the new ones replace; none: all of them. */
  slice: readonly SliceColumn[];
}

/**
 * The script that publishes: one transaction over all tables, with the rows of `releases` as its last
 * change. When a statement fails, BigQuery rolls all of it back.
 *
 * @see https://cloud.google.com/bigquery/docs/transactions
 */
export function publishScript(
  switches: readonly TableSwitch[],
  { dataset, rows }: { dataset: string; rows: readonly ReleaseRow[] },
): string {
  const statements = [
    'BEGIN TRANSACTION',
    ...switches.flatMap(({ target, source, columns, slice }) => {
      if (source === null) return [`TRUNCATE TABLE ${quoteName(target)}`];
      const list = columns.map(quoteName).join(', ');
      return [
        clearStatement({ target, source, slice }),
        `INSERT INTO ${quoteName(target)} (${list}) SELECT ${list} FROM ${quoteName(source)}`,
      ];
    }),
    insertReleases(dataset, rows),
    'COMMIT TRANSACTION',
  ];
  return `${statements.join(';\n')};\n`;
}

type Clearing = Pick<TableSwitch, 'target' | 'slice'> & { source: string };

/** The statement that makes room: all rows, or those of the days, boards or runs that come anew. */
function clearStatement({ target, source, slice }: Clearing): string {
  if (slice.length === 0) return `TRUNCATE TABLE ${quoteName(target)}`;
  const parts = slice.map(({ name, byDay }) =>
    byDay ? `DATE(${quoteName(name)})` : quoteName(name),
  );
  const key = parts.length === 1 ? parts.join('') : `(${parts.join(', ')})`;
  return `DELETE FROM ${quoteName(target)} WHERE ${key} IN (SELECT ${key} FROM ${quoteName(source)})`;
}

function insertReleases(dataset: string, rows: readonly ReleaseRow[]): string {
  const columns = RELEASE_FIELDS.map(({ name }) => quoteName(name)).join(', ');
  const values = rows.map(
    (row) =>
      `(${[
        String(row.sequence),
        quoteText(row.action),
        quoteText(row.run),
        quoteTime(row.publishedAt),
        quoteTime(row.startedAt),
        quoteTime(row.finishedAt),
        quoteText(row.version),
        quoteText(row.table),
        String(row.rows),
        quoteText(row.sha256),
        row.backup === null ? 'NULL' : quoteText(row.backup),
      ].join(', ')})`,
  );
  const target = quoteName(`${dataset}.${RELEASES}`);
  return `INSERT INTO ${target} (${columns}) VALUES\n  ${values.join(',\n  ')}`;
}

const NAME = /^[\w.:-]+$/;

/** Names come from our own tables and from checked settings; the check guards against a bug. */
function quoteName(name: string): string {
  if (!NAME.test(name)) throw new EtlError('LOAD_FAILED', `${JSON.stringify(name)} is no name`);
  return `\`${name}\``;
}

const UNPRINTABLE = /[^\x20-\x7e]/;

function quoteText(text: string): string {
  if (UNPRINTABLE.test(text)) {
    throw new EtlError('LOAD_FAILED', `${JSON.stringify(text)} is no text for releases`);
  }
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const quoteTime = (iso: string): string => `TIMESTAMP ${quoteText(iso)}`;
