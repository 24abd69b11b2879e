import type { Check, CheckRow, Finding, Scene } from './check.ts';
import { isSample } from '../completeness.ts';
import { beforeSql } from './facts.ts';
import { percentOf, quote, SAMPLE_ROWS } from './sql.ts';

/** A column that names a repository. */
interface Reference {
  table: string;
  column: string;
  /** Table of that kind of repository. @default raw_model */
  parent?: 'hub_datasets' | 'hub_spaces';
  /** Column of that table. */
  target: 'id' | '_id';
  /** `all`: the rows are made from its records. `some`: others may be gone, renamed or private. */
  resolved: 'all' | 'some';
}

const DATASETS = { parent: 'hub_datasets', target: '_id' } as const;
const SPACES = { parent: 'hub_spaces', target: '_id', resolved: 'all' } as const;

const REFERENCES: readonly Reference[] = [
  { table: 'core_model', column: '_id', target: '_id', resolved: 'all' },
  { table: 'usage', column: '_id', target: '_id', resolved: 'all' },
  { table: 'base_models', column: '_id', target: '_id', resolved: 'all' },
  { table: 'base_models', column: 'base_model', target: 'id', resolved: 'some' },
  { table: 'model_datasets', column: '_id', target: '_id', resolved: 'all' },
  { table: 'model_datasets', column: 'dataset_id', ...DATASETS, resolved: 'some' },
  { table: 'dataset_usage', column: '_id', ...DATASETS, resolved: 'all' },
  { table: 'space_usage', column: '_id', ...SPACES },
  { table: 'space_models', column: '_id', ...SPACES },
  { table: 'space_models', column: 'model_id', target: '_id', resolved: 'some' },
  { table: 'space_datasets', column: '_id', ...SPACES },
  { table: 'space_datasets', column: 'dataset_id', ...DATASETS, resolved: 'some' },
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

const parentOf = ({ parent }: Reference): string => parent ?? MODELS;

/** The repositories of this run, or else those of the release before. */
function parentsOf({ engine, tables }: Scene, reference: Reference): string | null {
  const parent = parentOf(reference);
  const isFresh = tables.some(({ name }) => name === parent);
  return isFresh ? engine.table(parent) : engine.before(parentOf(reference));
}

const isKnown = (scene: Scene, reference: Reference): boolean =>
  parentsOf(scene, reference) !== null;

/** Rows that name repositories find them. */
export const references: Check = {
  name: 'references',
  tables: (scene) =>
    scene.tables.filter(({ name }) =>
      REFERENCES.some((it) => it.table === name && isKnown(scene, it)),
    ),
  // Each by itself: all of them at once would not fit into DuckDB's memory.
  sql: (table, scene) =>
    REFERENCES.flatMap((reference, at) =>
      reference.table === table.name ? selectsOf(scene, reference, at) : [],
    ),
  judge: (table, rows, scene) =>
    REFERENCES.flatMap((reference, at) =>
      reference.table === table.name && isKnown(scene, reference)
        ? [judgeOne(scene, reference, sharesOf(rows, at))]
        : [],
    ),
};

function selectsOf(scene: Scene, reference: Reference, at: number): string[] {
  const { table: name, column, target, resolved } = reference;
  const { engine, tables, columnsBefore } = scene;
  const table = tables.find((it) => it.name === name);
  const parents = parentsOf(scene, reference);
  if (table === undefined || parents === null) return [];
  const select = (side: string, from: string, in_: string) =>
    `SELECT ${at} AS edge, '${side}' AS side, COUNT(*) AS n, COUNT(r.parent) AS resolved FROM ${from} LEFT JOIN (SELECT DISTINCT ${quote(engine, target)} AS parent FROM ${in_} AS p) AS r ON t.${quote(engine, column)} = r.parent`;
  const now = select('now', `${engine.table(name)} AS t`, parents);
  const parentsBefore = engine.before(parentOf(reference));
  const had = columnsBefore.get(name)?.some((it) => it.name === column) ?? false;
  const from = resolved === 'some' && had ? beforeSql(table, scene) : null;
  return from === null || parentsBefore === null
    ? [now]
    : [now, select('before', from, parentsBefore)];
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
  reference: Reference,
  { now, before }: { now: Share; before: Share },
): Finding {
  const { table, column, target, resolved } = reference;
  const { engine, options, context } = scene;
  const worst = resolved === 'all' ? outcomeOfAll(now) : outcomeOfSome(now, before);
  // A sample rarely holds what others name.
  const isLenient = options.minRows === 0 && resolved === 'some';
  const ofSample = isSample(context.manifest.asked) && resolved === 'some';
  const outcome = ofSample ? 'skipped' : isLenient && worst === 'refused' ? 'warned' : worst;
  const some = before.rows === 0 ? 'some' : percentOf(ratio(before));
  const name = quote(engine, column);
  const parent = quote(engine, target);
  return {
    severity: 'refuse',
    outcome,
    found: `${column}: ${now.resolved} of ${now.rows} rows name a row of ${parentOf(reference)}`,
    expected: resolved === 'all' ? 'all of them' : `about ${some}`,
    ...(outcome === 'passed' || outcome === 'skipped'
      ? {}
      : {
          sampleSql: `SELECT DISTINCT t.${name} FROM ${engine.table(table)} AS t LEFT JOIN ${parentsOf(scene, reference) ?? ''} AS r ON t.${name} = r.${parent} WHERE r.${parent} IS NULL LIMIT ${SAMPLE_ROWS}`,
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
