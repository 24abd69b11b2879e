import { EtlError } from '../../errors.ts';
import { RELEASE_CHECK_FIELDS, RELEASE_CHECKS, type ReleaseCheckRow } from './release-checks.ts';
import { RELEASE_FIELDS, RELEASES, type ReleaseRow } from './releases.ts';
import type { Field } from './resources.ts';
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

/** What a publication says of itself. */
export interface Publication {
  /** `project.dataset` that readers use. */
  dataset: string;
  /** Its number in `releases`; the one before must be the newest, or nothing is changed. */
  sequence: number;
  rows: readonly ReleaseRow[];
  checks: readonly ReleaseCheckRow[];
}

/** What the script fails with when another publication came first. */
export const OVERTAKEN = 'another release was published meanwhile';

/**
 * The script that publishes: one transaction over all tables, with the rows of `releases` as its last
 * change. When a statement fails, BigQuery rolls all of it back; the first one fails when `releases` is
 * not as it was surveyed.
 *
 * @see https://cloud.google.com/bigquery/docs/transactions
 */
export function publishScript(
  switches: readonly TableSwitch[],
  { dataset, sequence, rows, checks }: Publication,
): string {
  const statements = [
    'BEGIN TRANSACTION',
    guardStatement(dataset, sequence),
    ...switches.flatMap(({ target, source, columns, slice }) => {
      if (source === null) return [`TRUNCATE TABLE ${quoteName(target)}`];
      const list = columns.map(quoteName).join(', ');
      return [
        clearStatement({ target, source, slice }),
        `INSERT INTO ${quoteName(target)} (${list}) SELECT ${list} FROM ${quoteName(source)}`,
      ];
    }),
    ...(checks.length === 0 ? [] : [insertChecks(dataset, checks)]),
    insertReleases(dataset, rows),
    'COMMIT TRANSACTION',
  ];
  return `${statements.join(';\n')};\n`;
}

const guardStatement = (dataset: string, sequence: number): string =>
  `SELECT IF((SELECT IFNULL(MAX(${quoteName('sequence')}), 0) FROM ${quoteName(`${dataset}.${RELEASES}`)}) = ${sequence - 1}, 'newest', ERROR(${quoteText(OVERTAKEN)}))`;

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

const insertReleases = (dataset: string, rows: readonly ReleaseRow[]): string =>
  insertValues(
    `${dataset}.${RELEASES}`,
    RELEASE_FIELDS,
    rows.map((row) => [
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
    ]),
  );

const insertChecks = (dataset: string, checks: readonly ReleaseCheckRow[]): string =>
  insertValues(
    `${dataset}.${RELEASE_CHECKS}`,
    RELEASE_CHECK_FIELDS,
    checks.map((row) => [
      String(row.sequence),
      ...[row.run, row.check, row.table, row.severity, row.outcome].map(quoteText),
      quoteText(printable(row.found)),
      quoteText(printable(row.expected)),
    ]),
  );

function insertValues(
  table: string,
  fields: readonly Field[],
  rows: readonly (readonly string[])[],
): string {
  const columns = fields.map(({ name }) => quoteName(name)).join(', ');
  const values = rows.map((cells) => `(${cells.join(', ')})`);
  return `INSERT INTO ${quoteName(table)} (${columns}) VALUES\n  ${values.join(',\n  ')}`;
}

/** A board may call itself anything; a script of plain ASCII has no doubtful escapes. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 500);

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
