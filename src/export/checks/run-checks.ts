import { EtlError } from '../../errors.ts';
import { tableNamed } from '../../tables/index.ts';
import type {
  CheckContext,
  CheckEngine,
  CheckOptions,
  CheckResult,
  CheckRow,
  Scene,
  ColumnShape,
} from './check.ts';
import { checks } from './index.ts';
import { SAMPLE_ROWS } from './sql.ts';

const DEFAULTS: Required<CheckOptions> = { minRows: 0.9 };

/**
 * Asks of a staged release everything that must hold before readers see it. Reads only. Results come in
 * the order of the checks and of the manifest's tables; what was refused carries a few of its rows.
 *
 * @throws what the engine throws; a check that is not satisfied is a result, see `refusalOf`
 */
export async function runChecks(
  engine: CheckEngine,
  context: CheckContext,
): Promise<CheckResult[]> {
  const scene = await sceneOf(engine, context);
  const asked = new Map<string, Promise<CheckRow[]>>();
  const ask = (sql: string): Promise<CheckRow[]> => {
    const answer = asked.get(sql) ?? engine.rows(sql);
    asked.set(sql, answer);
    return answer;
  };
  const work = checks.flatMap((check) =>
    check.tables(scene).map((table) => {
      const queries = check.sql?.(table, scene) ?? [];
      return { check, table, answers: queries.map(ask) };
    }),
  );
  // All of them, though one fails: an engine must not be closed while it is asked.
  await Promise.allSettled(asked.values());
  const results: CheckResult[] = [];
  for (const { check, table, answers } of work) {
    const rows = (await Promise.all(answers)).flat();
    for (const finding of [check.judge(table, rows, scene)].flat()) {
      const result = { check: check.name, table: table.name, ...finding };
      results.push(await withSample(engine, result));
    }
  }
  return results;
}

async function sceneOf(engine: CheckEngine, context: CheckContext): Promise<Scene> {
  const tables = Object.keys(context.manifest.tables).flatMap((name) => tableNamed(name) ?? []);
  const columnsBefore = new Map<string, readonly ColumnShape[]>();
  for (const { name } of tables) {
    if (engine.before(name) !== null) columnsBefore.set(name, await engine.columnsBefore(name));
  }
  return { engine, context, options: { ...DEFAULTS, ...context.options }, tables, columnsBefore };
}

async function withSample(engine: CheckEngine, result: CheckResult): Promise<CheckResult> {
  if (result.outcome !== 'refused' || result.sampleSql === undefined) return result;
  const rows = await engine.rows(result.sampleSql);
  return { ...result, sample: rows.slice(0, SAMPLE_ROWS) };
}

/**
 * The error of a release that checks refuse: all of them are named, with the query that shows the rows
 * of the first. Undefined when none does.
 */
export function refusalOf(results: readonly CheckResult[]): EtlError | undefined {
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  const [first] = refused;
  if (first === undefined) return undefined;
  const query = refused.find(({ sampleSql }) => sampleSql !== undefined)?.sampleSql;
  const sample = refused.find((it) => (it.sample?.length ?? 0) > 0)?.sample;
  return new EtlError('CHECK_REFUSED', refused.map(sentenceOf).join('; '), {
    context: {
      check: first.check,
      table: first.table,
      refused: refused.length,
      ...(sample === undefined ? {} : { first: JSON.stringify(sample[0]) }),
      ...(query === undefined ? {} : { sampleSql: query }),
    },
  });
}

/** A result as people read it. */
export const sentenceOf = ({ check, table, found, expected }: CheckResult): string =>
  `${table}: ${found}; expected ${expected} (check ${check})`;
