import type { Check, CheckRow, Finding, Scene } from './check.ts';
import { isSample } from '../completeness.ts';
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
  { table: 'board_models', column: '_id', target: '_id', resolved: 'some' },
];

const MODELS = 'raw_model';
/** A share that falls by more points than this is told. */
const MAX_DROP = 0.2;
/** None resolved is absurd where at least this share was before, and so many rows were to be expected. */
const MIN_SHARE_BEFORE = 0.1;
const MIN_EXPECTED = 10;

/** The models of this run, or else those of the release before. */
function modelsOf({ engine, tables }: Scene): string | null {
  const isFresh = tables.some(({ name }) => name === MODELS);
  return isFresh ? engine.table(MODELS) : engine.before(MODELS);
}

/** Rows that name models find them. One query for all of the tables. */
export const references: Check = {
  name: 'references',
  tables: (scene) =>
    modelsOf(scene) === null
      ? []
      : scene.tables.filter(({ name }) => REFERENCES.some(({ table }) => table === name)),
  sql: (_, scene) =>
    REFERENCES.flatMap((reference, at) => selectsOf(scene, reference, at)).join('\nUNION ALL\n'),
  judge: (table, rows, scene) =>
    REFERENCES.flatMap((reference, at) =>
      reference.table === table.name ? [judgeOne(scene, reference, sharesOf(rows, at))] : [],
    ),
};

function selectsOf(
  scene: Scene,
  { table: name, column, target, resolved }: Reference,
  at: number,
): string[] {
  const { engine, tables, columnsBefore } = scene;
  const table = tables.find((it) => it.name === name);
  if (table === undefined) return [];
  const select = (side: string, from: string, parents: string | null) =>
    `SELECT ${at} AS edge, '${side}' AS side, COUNT(*) AS n, COUNT(r.parent) AS resolved FROM ${from} LEFT JOIN (SELECT DISTINCT ${quote(engine, target)} AS parent FROM ${parents ?? ''} AS p) AS r ON t.${quote(engine, column)} = r.parent`;
  const now = select('now', `${engine.table(name)} AS t`, modelsOf(scene));
  const modelsBefore = engine.before(MODELS);
  const had = columnsBefore.get(name)?.some((it) => it.name === column) ?? false;
  const from = resolved === 'some' && had ? beforeSql(table, scene) : null;
  return from === null || modelsBefore === null
    ? [now]
    : [now, select('before', from, modelsBefore)];
}

interface Share {
  rows: number;
  resolved: number;
}

/** What the query counted for a reference, now and before. */
function sharesOf(rows: readonly CheckRow[], at: number): { now: Share; before: Share } {
  const shareOf = (wanted: string): Share => {
    const row = rows.find(({ edge, side }) => Number(edge) === at && side === wanted);
    return { rows: Number(row?.['n'] ?? 0), resolved: Number(row?.['resolved'] ?? 0) };
  };
  return { now: shareOf('now'), before: shareOf('before') };
}

const ratio = ({ rows, resolved }: Share): number => (rows === 0 ? 1 : resolved / rows);

function judgeOne(
  scene: Scene,
  { table, column, target, resolved }: Reference,
  { now, before }: { now: Share; before: Share },
): Finding {
  const { engine, options, context } = scene;
  const worst = resolved === 'all' ? outcomeOfAll(now) : outcomeOfSome(now, before);
  // A sample rarely holds the models that others name.
  const isLenient = options.minRows === 0 && resolved === 'some';
  const ofSample = isSample(context.manifest.asked) && resolved === 'some';
  const outcome = ofSample ? 'skipped' : isLenient && worst === 'refused' ? 'warned' : worst;
  const some = before.rows === 0 ? 'some' : percentOf(ratio(before));
  const name = quote(engine, column);
  const parent = quote(engine, target);
  return {
    severity: 'refuse',
    outcome,
    found: `${column}: ${now.resolved} of ${now.rows} rows name a model of ${MODELS}`,
    expected: resolved === 'all' ? 'all of them' : `about ${some}`,
    ...(outcome === 'passed' || outcome === 'skipped'
      ? {}
      : {
          sampleSql: `SELECT DISTINCT t.${name} FROM ${engine.table(table)} AS t LEFT JOIN ${modelsOf(scene) ?? ''} AS r ON t.${name} = r.${parent} WHERE r.${parent} IS NULL LIMIT ${SAMPLE_ROWS}`,
        }),
  };
}

function outcomeOfAll({ rows, resolved }: Share): 'passed' | 'warned' | 'refused' {
  if (resolved === rows) return 'passed';
  return resolved === 0 ? 'refused' : 'warned';
}

function outcomeOfSome(now: Share, before: Share): 'passed' | 'warned' | 'refused' {
  if (now.rows === 0) return 'passed';
  if (before.rows === 0) return now.resolved === 0 ? 'warned' : 'passed';
  const isAbsurd = ratio(before) >= MIN_SHARE_BEFORE && now.rows * ratio(before) >= MIN_EXPECTED;
  if (now.resolved === 0 && isAbsurd) return 'refused';
  return ratio(now) < ratio(before) - MAX_DROP ? 'warned' : 'passed';
}
