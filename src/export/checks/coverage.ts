import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { Check, CheckResult, Scene, SideFacts } from './check.ts';
import { percentOf, quote, sampleSql } from './sql.ts';

/** A column that had a value in so many rows is not empty by chance. */
const MIN_FILLED_BEFORE = 0.5;
const MAX_DROP = 0.2;
/** Of fewer rows, shares say nothing. */
const FEW_ROWS = 20;
/** Filled by `--details`, which a run may leave out. */
const DETAIL_COLUMNS = new Set([
  'mask_token',
  'spaces',
  'usedStorage',
  'inference',
  'childrenModelCount',
  'securityRepoStatus',
]);

/** A field that has gone from its source leaves a column that is there and empty. */
export const coverage: Check = {
  name: 'coverage',
  run: (scene) =>
    Promise.all(
      scene.tables
        .filter(({ origin }) => origin !== 'run' && origin !== 'crawl')
        .map((table) => judge(scene, table)),
    ),
};

interface Drop {
  name: string;
  was: number;
  is: number;
}

async function judge({ engine, facts, options }: Scene, table: Table): Promise<CheckResult> {
  const { before, ...now } = await facts(table);
  const head = {
    check: coverage.name,
    table: table.name,
    severity: 'refuse',
    expected: 'columns filled as in the release before',
  } as const;
  if (before === null || Math.min(before.rows, now.rows) < FEW_ROWS) {
    return { ...head, outcome: 'skipped', found: 'too few rows to compare with' };
  }
  const drops = dropsOf(table, now, before);
  const gone = drops.filter(
    ({ name, was, is }) => is === 0 && was >= MIN_FILLED_BEFORE && !DETAIL_COLUMNS.has(name),
  );
  const [first] = gone.length > 0 ? gone : drops;
  if (first === undefined) {
    return { ...head, outcome: 'passed', found: `${before.filled.size} columns compared` };
  }
  const shown = (gone.length > 0 ? gone : drops).slice(0, 5);
  // A sample may lack what the whole has: a column that few of its models fill.
  const isSample = options.minRows === 0;
  return {
    ...head,
    outcome: gone.length > 0 && !isSample ? 'refused' : 'warned',
    found: `less filled: ${shown.map(({ name, was, is }) => `${name} ${percentOf(is)}, was ${percentOf(was)}`).join('; ')}`,
    sampleSql: sampleSql(engine, table, {
      column: first.name,
      where: emptySql(quote(engine, first.name), isList(table, first.name)),
    }),
  };
}

function dropsOf(table: Table, now: SideFacts, before: SideFacts): Drop[] {
  return columnsOf(table).flatMap(({ name }) => {
    const was = (before.filled.get(name) ?? 0) / before.rows;
    const is = (now.filled.get(name) ?? 0) / now.rows;
    const isGone = is === 0 && was >= MIN_FILLED_BEFORE;
    return isGone || is < was - MAX_DROP ? [{ name, was, is }] : [];
  });
}

const isList = (table: Table, name: string): boolean =>
  columnsOf(table).some((it) => it.name === name && it.mode === 'REPEATED');

const emptySql = (column: string, list: boolean): string =>
  list ? `ARRAY_LENGTH(${column}) = 0` : `${column} IS NULL`;
