import { EtlError } from '../../errors.ts';
import { tableNamed } from '../../tables/index.ts';
import type {
  CheckContext,
  CheckEngine,
  CheckOptions,
  CheckResult,
  CheckRow,
  Scene,
  TableFacts,
} from './check.ts';
import { readFacts } from './facts.ts';
import { checks } from './index.ts';
import type { ColumnShape } from './shape.ts';
import { SAMPLE_ROWS } from './sql.ts';

const DEFAULTS: Required<CheckOptions> = {
  minRows: 0.9,
  meanOf: 5,
  maxCrawlAgeDays: 7,
  maxSilenceDays: 3,
};

/**
 * Asks of a staged release everything that must hold before readers see it. Reads only. Results come in
 * the order of the checks and of the manifest's tables; what was refused carries a few of its rows.
 *
 * @throws what the engine throws; a check that is not satisfied is a result, see `refuseWhenFailed`
 */
export async function runChecks(
  engine: CheckEngine,
  context: CheckContext,
): Promise<CheckResult[]> {
  const scene = sceneOf(engine, context);
  const results: CheckResult[] = [];
  for (const check of checks) {
    for (const result of await check.run(scene)) {
      results.push(result.outcome === 'refused' ? await withSample(engine, result) : result);
    }
  }
  return results;
}

/**
 * Stops a load whose checks refuse the release.
 *
 * @throws {EtlError} `CHECK_REFUSED`, see `refusalOf`
 */
export function refuseWhenFailed(results: readonly CheckResult[]): void {
  const refusal = refusalOf(results);
  if (refusal !== undefined) throw refusal;
}

/**
 * The error of a release that checks refuse: all of them are named, with the query that shows the rows
 * of the first. Undefined when none does.
 */
export function refusalOf(results: readonly CheckResult[]): EtlError | undefined {
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  const [first] = refused;
  if (first === undefined) return undefined;
  const sentences = refused.map(sentenceOf);
  const query = refused.find(({ sampleSql }) => sampleSql !== undefined)?.sampleSql;
  const sample = refused.find((it) => (it.sample?.length ?? 0) > 0)?.sample;
  return new EtlError('CHECK_REFUSED', sentences.join('; '), {
    context: {
      check: first.check,
      table: first.table,
      refused: refused.length,
      ...(sample === undefined ? {} : { first: JSON.stringify(sample[0]) }),
      ...(query === undefined ? {} : { sampleSql: query }),
    },
  });
}

/** A result as people read it: `raw_model: 10 rows, at least 90 (90 % of 100) expected (row-drop)`. */
export const sentenceOf = ({ check, table, found, expected }: CheckResult): string =>
  `${table}: ${found}; expected ${expected} (check ${check})`;

function sceneOf(engine: CheckEngine, context: CheckContext): Scene {
  const facts = new Map<string, Promise<TableFacts>>();
  const columns = new Map<string, Promise<readonly ColumnShape[] | null>>();
  const columnsBefore = once(columns, async (name: string) =>
    engine.before(name) === null ? null : await engine.columnsBefore(name),
  );
  const names = Object.keys(context.manifest.tables);
  return {
    engine,
    context,
    options: { ...DEFAULTS, ...context.options },
    tables: names.flatMap((name) => tableNamed(name) ?? []),
    columnsBefore,
    facts: (table) =>
      once(facts, async () => readFacts(engine, table, await columnsBefore(table.name)))(
        table.name,
      ),
  };
}

const once =
  <Value>(known: Map<string, Promise<Value>>, work: (name: string) => Promise<Value>) =>
  (name: string): Promise<Value> => {
    const value = known.get(name) ?? work(name);
    known.set(name, value);
    return value;
  };

async function withSample(engine: CheckEngine, result: CheckResult): Promise<CheckResult> {
  if (result.sampleSql === undefined) return result;
  const rows: CheckRow[] = await engine.rows(result.sampleSql);
  return { ...result, sample: rows.slice(0, SAMPLE_ROWS) };
}
