import { columnsOf, type Column } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { CheckEngine, CheckRow, Scene } from './check.ts';
import { quote } from './sql.ts';

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

/** What a column may hold. */
export interface Range {
  column: string;
  /** In words. */
  expected: string;
  /** SQL that is true for a value outside; null is never outside. */
  outside: (column: string) => string;
}

const atLeastZero = (column: string): Range => ({
  column,
  expected: '0 or more',
  outside: (it) => `${it} < 0`,
});

const RANGES: Partial<Record<string, readonly Range[]>> = {
  raw_model: ['downloads', 'likes', 'usedStorage'].map(atLeastZero),
  usage: ['downloads', 'likes', 'downloads_all_time'].map(atLeastZero),
  hub_datasets: ['downloads', 'likes', 'main_size'].map(atLeastZero),
  dataset_usage: ['downloads', 'likes', 'downloads_all_time'].map(atLeastZero),
  hub_spaces: ['likes'].map(atLeastZero),
  space_usage: ['likes'].map(atLeastZero),
  leaderboard: [
    {
      column: 'average',
      expected: '0 to 100',
      outside: (it) => `${it} < 0 OR ${it} > 100`,
    },
  ],
};

export const rangesOf = ({ name }: Table): readonly Range[] => RANGES[name] ?? [];

const namesBefore = (table: Table, { columnsBefore }: Scene): ReadonlySet<string> =>
  new Set(columnsBefore.get(table.name)?.map(({ name }) => name));

/** Counts a table: its rows now, and those of the release before. */
export function factsSql(table: Table, scene: Scene): string[] {
  const { engine } = scene;
  const had = namesBefore(table, scene);
  const filled = (isThere: (column: Column) => boolean): string[] =>
    columnsOf(table).flatMap((column, at) =>
      isThere(column) ? [`${filledSql(engine, column)} AS filled_${at}`] : [],
    );
  const now = [
    `'now' AS side`,
    'COUNT(*) AS n',
    `${doubledSql(engine, table)} AS doubled`,
    ...filled(() => true),
    ...rangesOf(table).map(
      (range, at) => `COUNTIF(${range.outside(quote(engine, range.column))}) AS outside_${at}`,
    ),
  ];
  const before = [`'before' AS side`, 'COUNT(*) AS n', ...filled(({ name }) => had.has(name))];
  const fromBefore = beforeSql(table, scene);
  return [
    `SELECT ${now.join(', ')} FROM ${engine.table(table.name)} AS t`,
    ...(fromBefore === null ? [] : [`SELECT ${before.join(', ')} FROM ${fromBefore}`]),
  ];
}

/** Reads the answer to `factsSql`. */
export function factsOf(table: Table, rows: readonly CheckRow[], scene: Scene): TableFacts {
  const columns = columnsOf(table);
  const had = namesBefore(table, scene);
  const now = rows.find(({ side }) => side === 'now') ?? {};
  const before = rows.find(({ side }) => side === 'before');
  const filledOf = (row: CheckRow) =>
    columns.map(({ name }, at) => [name, countIn(row, `filled_${at}`)] as const);
  return {
    rows: countIn(now, 'n'),
    filled: new Map(filledOf(now)),
    doubledKeys: countIn(now, 'doubled'),
    outside: new Map(
      rangesOf(table).map(({ column }, at) => [column, countIn(now, `outside_${at}`)]),
    ),
    before:
      before === undefined
        ? null
        : {
            rows: countIn(before, 'n'),
            filled: new Map(filledOf(before).filter(([name]) => had.has(name))),
          },
  };
}

const countIn = (row: CheckRow, name: string): number => Number(row[name] ?? 0);

function doubledSql(engine: CheckEngine, table: Table): string {
  if (table.key.length === 0) return '0';
  const key = table.key.map((name) => quote(engine, name)).join(', ');
  return `(SELECT COUNT(*) FROM (SELECT ${key} FROM ${engine.table(table.name)} GROUP BY ${key} HAVING COUNT(*) > 1) AS d)`;
}

const filledSql = (engine: CheckEngine, { name, mode }: Column): string => {
  const column = `t.${quote(engine, name)}`;
  return mode === 'REPEATED' ? `COUNTIF(ARRAY_LENGTH(${column}) > 0)` : `COUNT(${column})`;
};

/**
 * The rows of the release before that today's can be compared with, as `… AS t`; null when it did not
 * have the table. Of a history, those of its last day; of boards, those of the last day of each board
 * that comes anew.
 */
export function beforeSql(table: Table, scene: Scene): string | null {
  const { engine } = scene;
  const { name, origin, historyBy } = table;
  const had = namesBefore(table, scene);
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
