import type { BoardDefinition } from '../../boards/definition.ts';
import { boards } from '../../boards/definitions/index.ts';
import { isSample } from '../completeness.ts';
import { runs } from '../../tables/runs.ts';
import { RECORD_ORIGINS, type Table } from '../../tables/table.ts';
import type { Check, CheckRow, Finding, Scene } from './check.ts';
import { beforeSql } from './facts.ts';
import { percentOf, quote } from './sql.ts';

/** With models there is at least a row a model in these. */
const NEVER_EMPTY = new Set(['raw_model', 'core_model', 'usage', 'parameters']);
/** Nothing to tell is good news, or none. */
const MAY_BE_EMPTY = new Set([
  ...['missed', 'aliases', 'repairs', 'runs', 'eval_results'],
  ...['model_events', 'dataset_events', 'space_events', 'model_details'],
]);
/** The boards that alone fill a table. */
const FILLED_BY: Partial<Record<string, (board: BoardDefinition) => boolean>> = {
  leaderboard: ({ records }) => records !== undefined,
};
/** The tables that hold every model, data set or Space. */
const WHOLE = new Set([
  ...['raw_model', 'core_model', 'usage'],
  ...['hub_datasets', 'dataset_usage', 'hub_spaces', 'space_usage'],
]);
/** Other tables swing by themselves while they are small. */
const FEW_ROWS = 100;
const LOWEST_OF_MEAN = 0.9;
const HIGHEST_OF_MEAN = 1.5;
/** Releases whose mean the rows are compared with. */
const MEAN_OF = 5;
/** A crawl that ended longer ago is called stale. */
const MAX_CRAWL_AGE_DAYS = 7;
/** The newest model may be this much older than the crawl. */
const MAX_SILENCE_DAYS = 3;
const DAY_MS = 86_400_000;

const rowsNow = ({ context }: Scene, { name }: Table): number =>
  context.manifest.tables[name]?.rows ?? 0;

/** What a check that only warns, or one that refuses, says where something is wrong. */
const wrongOf = (severity: Finding['severity']) => (severity === 'refuse' ? 'refused' : 'warned');

/** A table whose source was fetched, and that has nothing. */
export const empty: Check = {
  name: 'empty',
  tables: ({ tables }) => tables.filter(({ name }) => !MAY_BE_EMPTY.has(name)),
  judge: (table, _, scene) => {
    const rows = rowsNow(scene, table);
    const severity = NEVER_EMPTY.has(table.name) ? 'refuse' : 'warn';
    const found = rows === 0 ? 'no row' : `${rows} rows`;
    const head = { severity, found, expected: 'at least one row' } as const;
    if (rows > 0) return { ...head, outcome: 'passed' };
    const isUsual = severity === 'warn' && (wasNotAsked(table, scene) || isSampled(table, scene));
    return { ...head, outcome: isUsual ? 'skipped' : wrongOf(severity) };
  },
};

/** Of the boards that were asked, none fills the table. */
function wasNotAsked({ name, origin }: Table, { context: { manifest } }: Scene): boolean {
  const asked = boards.filter(({ id }) => manifest.asked.boards.includes(id));
  return origin === 'board' && !asked.some(FILLED_BY[name] ?? (() => true));
}

/** A sample need not hold what few models have. */
const isSampled = (table: Table, { context: { manifest } }: Scene): boolean =>
  isOfRecords(table) && isSample(manifest.asked);

const isOfRecords = ({ origin }: Table): boolean => RECORD_ORIGINS.some((it) => it === origin);

const COMPARED = new Set<string>([...RECORD_ORIGINS, 'tags', 'benchmark']);

/**
 * A release whose models, data sets or Spaces are far fewer than those of the release before: a sample (`--limit`,
 * `--author`), or a Hub that answered with half of itself, must not replace the whole. The tables of
 * the vocabulary and of benchmarks are only warned of; boards have a check of their own.
 */
export const rowDrop: Check = {
  name: 'row-drop',
  tables: ({ tables }) => tables.filter(({ origin }) => COMPARED.has(origin)),
  judge: (table, _, scene) => {
    const { name } = table;
    const { context, options } = scene;
    const now = rowsNow(scene, table);
    // Of the latest release that brought the table.
    const latest = context.releases.findLast(({ tables }) => Object.hasOwn(tables, name));
    const before = latest?.tables[name]?.rows ?? 0;
    const isSerious = isOfRecords(table) && (WHOLE.has(name) || before >= FEW_ROWS);
    const severity = isSerious ? 'refuse' : 'warn';
    if (before === 0) {
      return { severity, outcome: 'skipped', found: `${now} rows`, expected: 'no release before' };
    }
    return {
      severity,
      outcome: now >= before * options.minRows ? 'passed' : wrongOf(severity),
      found: `${now} rows, ${percentOf(now / before)} of the ${before} of the release before`,
      expected: `at least ${percentOf(options.minRows)} (--min-rows)`,
    };
  },
};

/** A slow shrinking, or a sudden growth, that the release before alone does not show. */
export const rowMean: Check = {
  name: 'row-mean',
  tables: ({ tables }) => tables.filter(isOfRecords),
  judge: (table, _, scene) => {
    const now = rowsNow(scene, table);
    const counts = scene.context.releases
      .flatMap(({ tables }) => tables[table.name]?.rows ?? [])
      .slice(-MEAN_OF);
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    const severity = 'warn';
    // One release is what row-drop compares with.
    if (counts.length < 2 || mean === 0) {
      const expected = 'two releases before';
      return { severity, outcome: 'skipped', found: `${now} rows`, expected };
    }
    const isUsual = now >= mean * LOWEST_OF_MEAN && now <= mean * HIGHEST_OF_MEAN;
    return {
      severity,
      outcome: isUsual ? 'passed' : 'warned',
      found: `${now} rows, ${percentOf(now / mean)} of the mean of the last ${counts.length} releases`,
      expected: `${percentOf(LOWEST_OF_MEAN)} to ${percentOf(HIGHEST_OF_MEAN)}`,
    };
  },
};

/** A board that has far fewer rows than on its day before; its maintainers do remove rows. */
export const boardRows: Check = {
  name: 'board-rows',
  tables: ({ tables }) => tables.filter(({ name }) => name === 'leaderboard_entries'),
  sql: (table, scene) => {
    const { engine } = scene;
    const board = `t.${quote(engine, 'board')}`;
    const now = `SELECT 'now' AS side, ${board} AS board_id, COUNT(*) AS n FROM ${engine.table(table.name)} AS t GROUP BY ${board}`;
    const from = beforeSql(table, scene);
    const before = `SELECT 'before' AS side, ${board} AS board_id, COUNT(*) AS n FROM ${from} GROUP BY ${board}`;
    return from === null ? [now] : [now, before];
  },
  judge: (_, rows, { options: { minRows } }) => {
    const expected = `at least ${percentOf(minRows)} of the rows of each board's day before`;
    const head = { severity: 'warn', expected } as const;
    const before = boardCounts(rows, 'before');
    if (before.size === 0) {
      return { ...head, outcome: 'skipped', found: 'nothing to compare with' };
    }
    const low = [...boardCounts(rows, 'now')].flatMap(([board, n]) => {
      const was = before.get(board) ?? 0;
      return n < was * minRows ? [`${board} ${n} of ${was}`] : [];
    });
    return low.length === 0
      ? { ...head, outcome: 'passed', found: `${before.size} boards compared` }
      : { ...head, outcome: 'warned', found: `fewer rows: ${low.slice(0, 5).join(', ')}` };
  },
};

const boardCounts = (rows: readonly CheckRow[], side: string): ReadonlyMap<string, number> =>
  new Map(
    rows
      .filter((row) => row['side'] === side)
      .map(({ board_id: board, n }) => [String(board), Number(n)]),
  );

/** Old data that is published as new: an export that was kept for long. */
export const freshCrawl: Check = {
  name: 'freshness',
  tables: () => [runs],
  judge: (_, __, { context: { manifest, now } }) => {
    const days = (Date.parse(now) - Date.parse(manifest.finishedAt)) / DAY_MS;
    return {
      severity: 'warn',
      outcome: days > MAX_CRAWL_AGE_DAYS ? 'warned' : 'passed',
      found: `the crawl ended ${Math.max(0, days).toFixed(1)} days ago, ${manifest.finishedAt}`,
      expected: `at most ${MAX_CRAWL_AGE_DAYS} days`,
    };
  },
};

/** The same where the Hub, or a mirror of it, stands still. */
export const freshModels: Check = {
  name: 'freshness',
  tables: ({ tables }) => {
    const named = (name: string) => tables.find((it) => it.name === name);
    return [named('core_model') ?? named('raw_model')].filter((it) => it !== undefined);
  },
  sql: ({ name }, { engine }) => [
    `SELECT MAX(${quote(engine, 'lastModified')}) AS newest FROM ${engine.table(name)} AS t`,
  ],
  judge: (_, [row], { context }) => {
    const expected = `a change in the ${MAX_SILENCE_DAYS} days before the crawl`;
    const head = { severity: 'warn', expected } as const;
    if (isSample(context.manifest.asked)) return { ...head, outcome: 'skipped', found: 'a sample' };
    const newest = row?.['newest'];
    if (typeof newest !== 'string') {
      return { ...head, outcome: 'skipped', found: 'no time of a change' };
    }
    const days = (Date.parse(context.manifest.startedAt) - Date.parse(newest)) / DAY_MS;
    const outcome = days > MAX_SILENCE_DAYS ? 'warned' : 'passed';
    return { ...head, outcome, found: `the newest change is of ${newest}` };
  },
};
