import { tableNamed } from '../../tables/index.ts';
import type { Check, CheckResult, CheckRow, Scene } from './check.ts';
import { beforeSql } from './facts.ts';
import { percentOf, quote, SAMPLE_ROWS } from './sql.ts';

/** A column that names a model. */
interface Reference {
  table: string;
  column: string;
  /** Column of `raw_model` that it names. */
  target: 'id' | '_id';
  /** `all`: the rows are made from the models. `some`: others may be gone, renamed or private. */
  resolved: 'all' | 'some';
}

const REFERENCES: readonly Reference[] = [
  { table: 'core_model', column: '_id', target: '_id', resolved: 'all' },
  { table: 'usage', column: '_id', target: '_id', resolved: 'all' },
  { table: 'base_models', column: '_id', target: '_id', resolved: 'all' },
  { table: 'base_models', column: 'base_model', target: 'id', resolved: 'some' },
  { table: 'leaderboard', column: 'id', target: 'id', resolved: 'some' },
  { table: 'leaderboard_entries', column: 'model_id', target: 'id', resolved: 'some' },
];

const MODELS = 'raw_model';
/** A share that falls by more points than this is told. */
const MAX_DROP = 0.2;
/** None resolved is absurd where at least this share was before, and so many rows were to be expected. */
const MIN_SHARE_BEFORE = 0.1;
const MIN_EXPECTED = 10;

/** Rows that name models find them. One query for all of them. */
export const references: Check = {
  name: 'references',
  run: async (scene) => {
    const staged = new Set(scene.tables.map(({ name }) => name));
    const models = staged.has(MODELS) ? scene.engine.table(MODELS) : scene.engine.before(MODELS);
    const present = REFERENCES.filter(({ table }) => staged.has(table));
    if (models === null || present.length === 0) return [];
    const selects = await Promise.all(
      present.map((reference, at) => selectsOf(scene, reference, { at, models })),
    );
    const rows = await scene.engine.rows(selects.flat().join('\nUNION ALL\n'));
    return present.map((reference, at) =>
      judge(scene, reference, {
        models,
        now: sharesOf(rows, at, 'now'),
        before: sharesOf(rows, at, 'before'),
      }),
    );
  },
};

async function selectsOf(
  scene: Scene,
  { table, column, target, resolved }: Reference,
  { at, models }: { at: number; models: string },
): Promise<string[]> {
  const { engine } = scene;
  const select = (side: string, from: string, parents: string) =>
    `SELECT ${at} AS edge, '${side}' AS side, COUNT(*) AS n, COUNT(r.parent) AS resolved FROM ${from} LEFT JOIN (SELECT DISTINCT ${quote(engine, target)} AS parent FROM ${parents} AS p) AS r ON t.${quote(engine, column)} = r.parent`;
  const now = select('now', `${engine.table(table)} AS t`, models);
  const definition = tableNamed(table);
  const modelsBefore = engine.before(MODELS);
  const had = new Set((await scene.columnsBefore(table))?.map(({ name }) => name));
  if (resolved === 'all' || definition === undefined || modelsBefore === null) return [now];
  const from = had.has(column) ? beforeSql(engine, definition, had) : null;
  return from === null ? [now] : [now, select('before', from, modelsBefore)];
}

interface Share {
  rows: number;
  resolved: number;
}

function sharesOf(rows: readonly CheckRow[], at: number, side: string): Share | null {
  const row = rows.find((it) => Number(it['edge']) === at && it['side'] === side);
  if (row === undefined) return null;
  return { rows: Number(row['n']), resolved: Number(row['resolved']) };
}

const ratio = ({ rows, resolved }: Share): number => (rows === 0 ? 1 : resolved / rows);

function judge(
  { engine, options }: Scene,
  { table, column, target, resolved }: Reference,
  { models, now, before }: { models: string; now: Share | null; before: Share | null },
): CheckResult {
  const head = { check: references.name, table, severity: 'refuse' } as const;
  const share = now ?? { rows: 0, resolved: 0 };
  const found = `${column}: ${share.resolved} of ${share.rows} rows name a model of ${MODELS}`;
  const worst =
    resolved === 'all' ? outcomeOfAll(share) : outcomeOfSome(share, before ?? undefined);
  // A sample rarely holds the models that others name.
  const isSample = options.minRows === 0 && resolved === 'some';
  const outcome = isSample && worst === 'refused' ? 'warned' : worst;
  const expected =
    resolved === 'all'
      ? 'all of them'
      : `about ${before === null ? 'some' : percentOf(ratio(before))}`;
  if (outcome === 'passed') return { ...head, outcome, found, expected };
  const name = quote(engine, column);
  return {
    ...head,
    outcome,
    found,
    expected,
    sampleSql: `SELECT DISTINCT t.${name} FROM ${engine.table(table)} AS t LEFT JOIN ${models} AS r ON t.${name} = r.${quote(engine, target)} WHERE r.${quote(engine, target)} IS NULL LIMIT ${SAMPLE_ROWS}`,
  };
}

function outcomeOfAll({ rows, resolved }: Share): 'passed' | 'warned' | 'refused' {
  if (resolved === rows) return 'passed';
  return resolved === 0 ? 'refused' : 'warned';
}

function outcomeOfSome(now: Share, before?: Share): 'passed' | 'warned' | 'refused' {
  if (now.rows === 0) return 'passed';
  if (before === undefined || before.rows === 0) return now.resolved === 0 ? 'warned' : 'passed';
  const isAbsurd = ratio(before) >= MIN_SHARE_BEFORE && now.rows * ratio(before) >= MIN_EXPECTED;
  if (now.resolved === 0 && isAbsurd) return 'refused';
  return ratio(now) < ratio(before) - MAX_DROP ? 'warned' : 'passed';
}
