import type { Check, CheckResult, Scene } from './check.ts';
import { quote } from './sql.ts';

const DAY_MS = 86_400_000;

/** Old data that is published as new: an old export, or a Hub (a mirror) that stands still. */
export const freshness: Check = {
  name: 'freshness',
  run: async (scene) => [crawlAge(scene), ...(await newestModel(scene))],
};

function crawlAge({ context: { manifest, now }, options }: Scene): CheckResult {
  const days = (Date.parse(now) - Date.parse(manifest.finishedAt)) / DAY_MS;
  return {
    check: freshness.name,
    table: 'runs',
    severity: 'warn',
    outcome: days > options.maxCrawlAgeDays ? 'warned' : 'passed',
    found: `the crawl ended ${Math.max(0, days).toFixed(1)} days ago, ${manifest.finishedAt}`,
    expected: `at most ${options.maxCrawlAgeDays} days`,
  };
}

async function newestModel(scene: Scene): Promise<CheckResult[]> {
  const { engine, context, options } = scene;
  const table = ['core_model', 'raw_model'].find((name) =>
    scene.tables.some((it) => it.name === name),
  );
  if (table === undefined) return [];
  const column = quote(engine, 'lastModified');
  const [row] = await engine.rows(
    `SELECT MAX(${column}) AS newest FROM ${engine.table(table)} AS t`,
  );
  const newest = row?.['newest'];
  const head = { check: freshness.name, table, severity: 'warn' } as const;
  const expected = `a change in the ${options.maxSilenceDays} days before the crawl`;
  if (typeof newest !== 'string') {
    return [{ ...head, outcome: 'skipped', found: 'no time of a change', expected }];
  }
  const days = (Date.parse(context.manifest.startedAt) - Date.parse(newest)) / DAY_MS;
  const outcome = days > options.maxSilenceDays ? 'warned' : 'passed';
  return [{ ...head, outcome, found: `the newest change is of ${newest}`, expected }];
}
