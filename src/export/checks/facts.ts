import { columnsOf, type Column } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { CheckEngine, CheckRow, TableFacts } from './check.ts';
import { rangesOf } from './ranges.ts';
import type { ColumnShape } from './shape.ts';
import { quote } from './sql.ts';

/** Asks for the counts of a table in one query: its rows now, and those of the release before. */
export async function readFacts(
  engine: CheckEngine,
  table: Table,
  columnsBefore: readonly ColumnShape[] | null,
): Promise<TableFacts> {
  const columns = columnsOf(table);
  const had = new Set(columnsBefore?.map(({ name }) => name));
  const fromBefore = beforeSql(engine, table, had);
  const sql = [
    nowSelect(engine, table, columns),
    ...(fromBefore === null ? [] : [beforeSelect(engine, fromBefore, { table, columns, had })]),
  ].join('\nUNION ALL\n');
  const rows = await engine.rows(sql);
  const now = rows.find(({ side }) => side === 'now') ?? {};
  const before = rows.find(({ side }) => side === 'before');
  return {
    rows: numberOf(now, 'n'),
    filled: filledOf(now, columns),
    doubledKeys: numberOf(now, 'doubled'),
    outside: new Map(
      rangesOf(table.name).map(({ column }, at) => [column, numberOf(now, `outside_${at}`)]),
    ),
    before:
      before === undefined
        ? null
        : {
            rows: numberOf(before, 'n'),
            filled: filledOf(
              before,
              columns.map((it) => (had.has(it.name) ? it : undefined)),
            ),
          },
  };
}

const numberOf = (row: CheckRow, name: string): number => Number(row[name] ?? 0);

const filledOf = (
  row: CheckRow,
  columns: readonly (Column | undefined)[],
): ReadonlyMap<string, number> =>
  new Map(
    columns.flatMap((column, at) =>
      column === undefined ? [] : [[column.name, numberOf(row, `filled_${at}`)]],
    ),
  );

function nowSelect(engine: CheckEngine, table: Table, columns: readonly Column[]): string {
  const from = engine.table(table.name);
  const key = table.key.map((name) => quote(engine, name)).join(', ');
  const doubled =
    key === ''
      ? '0'
      : `(SELECT COUNT(*) FROM (SELECT ${key} FROM ${from} GROUP BY ${key} HAVING COUNT(*) > 1) AS d)`;
  const items = [
    `'now' AS side`,
    'COUNT(*) AS n',
    `${doubled} AS doubled`,
    ...columns.map((column, at) => `${filledSql(engine, column)} AS filled_${at}`),
    ...rangesOf(table.name).map(
      (range, at) => `COUNTIF(${range.outside(quote(engine, range.column))}) AS outside_${at}`,
    ),
  ];
  return `SELECT ${items.join(', ')} FROM ${from} AS t`;
}

/** The same columns, so that both sides are one answer; 0 stands for what was not there. */
function beforeSelect(
  engine: CheckEngine,
  from: string,
  { table, columns, had }: { table: Table; columns: readonly Column[]; had: ReadonlySet<string> },
): string {
  const items = [
    `'before'`,
    'COUNT(*)',
    '0',
    ...columns.map((column) => (had.has(column.name) ? filledSql(engine, column) : '0')),
    ...rangesOf(table.name).map(() => '0'),
  ];
  return `SELECT ${items.join(', ')} FROM ${from}`;
}

const filledSql = (engine: CheckEngine, { name, mode }: Column): string => {
  const column = `t.${quote(engine, name)}`;
  return mode === 'REPEATED' ? `COUNTIF(ARRAY_LENGTH(${column}) > 0)` : `COUNT(${column})`;
};

/**
 * The rows of the release before that today's can be compared with, as `… AS t`. Of a history, those of
 * its last day; of boards, those of the last day of each board that comes anew.
 */
export function beforeSql(
  engine: CheckEngine,
  { name, origin, historyBy }: Table,
  had: ReadonlySet<string>,
): string | null {
  const from = engine.before(name);
  if (from === null) return null;
  if (historyBy === undefined || !had.has(historyBy)) return `${from} AS t`;
  const day = quote(engine, historyBy);
  if (origin !== 'board' || !had.has('board')) {
    return `${from} AS t JOIN (SELECT MAX(${day}) AS last_day FROM ${from} AS h) AS l ON t.${day} = l.last_day`;
  }
  const board = quote(engine, 'board');
  return `${from} AS t JOIN (SELECT ${board} AS last_board, MAX(${day}) AS last_day FROM ${from} AS h WHERE ${board} IN (SELECT ${board} FROM ${engine.table(name)} AS s) GROUP BY ${board}) AS l ON t.${board} = l.last_board AND t.${day} = l.last_day`;
}
