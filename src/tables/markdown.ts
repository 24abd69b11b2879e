import { columnsOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { Table } from './table.ts';

const MADE_FROM = {
  model: 'the list of models of the Hub, one record at a time',
  dataset: 'the list of data sets of the Hub, one record at a time',
  space: 'the list of Spaces of the Hub, one record at a time',
  owner: 'the lists of the Hub and what it says of owners',
  board: 'the page of a leaderboard',
  tags: 'the vocabulary of tags of the Hub',
  benchmark: 'the list of official benchmarks of the Hub',
  crawl: 'what happened while crawling',
  run: 'the run itself',
  list: 'a list in this program',
  backfill: 'snapshots of somebody else',
} as const;

/**
 * A table's chapter of the data dictionary.
 *
 * @param isLeftOut of columns, and fields of records (`config.params`), that the reader has not
 */
export function markdown(table: Table, isLeftOut: (path: string) => boolean = () => false): string {
  const facts = [
    `Made from ${MADE_FROM[table.origin]}.`,
    table.key.length === 0 ? 'Rows may repeat.' : `Unique: ${table.key.map(code).join(', ')}.`,
    kept(table),
    `Since ${table.since ?? '0.1.0'}.`,
  ];
  const rows = columnsOf(table).flatMap((column) => lines(column, '', isLeftOut));
  return [
    `## ${table.name}`,
    '',
    table.description,
    '',
    facts.join(' '),
    '',
    '| column | type | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function kept({ origin, historyBy, row }: Table): string {
  if (origin === 'backfill') return 'Kept for good; a snapshot is read once.';
  if (historyBy !== undefined)
    return `History: a day's rows by ${code(historyBy)} are kept for good.`;
  const isByRun = origin === 'run' && 'run' in row.shape;
  return isByRun ? "History: a run's rows are kept for good." : 'Replaced by each release.';
}

function lines(column: Column, above: string, isLeftOut: (path: string) => boolean): string[] {
  const path = above + column.name;
  if (isLeftOut(path.replaceAll('[]', ''))) return [];
  const type = column.mode === 'REPEATED' ? `${column.type} list` : column.type;
  const never = column.mode === 'REQUIRED' ? ', never null' : '';
  const values =
    column.values === undefined ? '' : ` One of ${column.values.map(code).join(', ')}.`;
  const own = `| ${code(path)} | ${type}${never} | ${cell(column.description + values)} |`;
  const inner = (column.fields ?? []).flatMap((field) =>
    lines(field, `${path}${column.mode === 'REPEATED' ? '[].' : '.'}`, isLeftOut),
  );
  return [own, ...inner];
}

const code = (text: string): string => `\`${text}\``;

/** A text as a cell of a table of Markdown. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
