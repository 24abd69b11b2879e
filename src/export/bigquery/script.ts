import { EtlError } from '../../errors.ts';
import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import {
  publications,
  releaseChecks,
  type PublicationRow,
  type ReleaseCheckRow,
} from '../warehouse/releases.ts';
import type { SliceColumn } from '../warehouse/slices.ts';

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
export interface Publishing {
  /** `project.dataset` that readers use. */
  dataset: string;
  /** Its number in `releases`; the one before must be the newest, or nothing is changed. */
  sequence: number;
  rows: readonly PublicationRow[];
  checks: readonly ReleaseCheckRow[];
}

/** What the script fails with when another publication came first. */
export const OVERTAKEN = 'another release was published meanwhile';

/**
 * The script that publishes: one transaction over all tables, with the rows of `releases` as its last
 * change. When a statement fails, BigQuery rolls all of it back; the first one fails when `releases` is
 * not as it was preparationed.
 *
 * @see https://cloud.google.com/bigquery/docs/transactions
 */
export function publishScript(
  switches: readonly TableSwitch[],
  { dataset, sequence, rows, checks }: Publishing,
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
    ...(checks.length === 0 ? [] : [insertRows(dataset, releaseChecks, checks)]),
    insertRows(dataset, publications, rows),
    'COMMIT TRANSACTION',
  ];
  return `${statements.join(';\n')};\n`;
}

const guardStatement = (dataset: string, sequence: number): string =>
  `SELECT IF((SELECT IFNULL(MAX(${quoteName('sequence')}), 0) FROM ${quoteName(`${dataset}.${publications.name}`)}) = ${sequence - 1}, 'newest', ERROR(${quoteText(OVERTAKEN)}))`;

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

/** For tables of texts, times and whole numbers. */
function insertRows(
  dataset: string,
  table: Table,
  rows: readonly Record<string, string | number | null>[],
): string {
  const columns = columnsOf(table);
  const values = rows.map((row) => {
    const cells = columns.map(({ name, type }) => {
      const cell = row[name] ?? null;
      if (cell === null) return 'NULL';
      const text = typeof cell === 'number' ? String(cell) : quoteText(printable(cell));
      return type === 'TIMESTAMP' ? `TIMESTAMP ${text}` : text;
    });
    return `(${cells.join(', ')})`;
  });
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const target = quoteName(`${dataset}.${table.name}`);
  return `INSERT INTO ${target} (${names}) VALUES\n  ${values.join(',\n  ')}`;
}

/** A board may call itself anything; a script of plain ASCII has no doubtful escapes. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 500);

const NAME = /^[\w.:-]+$/;

/** Names come from our own tables and from checked settings; the check guards against a bug. */
export function quoteName(name: string): string {
  if (!NAME.test(name)) throw new EtlError('LOAD_FAILED', `${JSON.stringify(name)} is no name`);
  return `\`${name}\``;
}

const quoteText = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
