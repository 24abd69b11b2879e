import { expect, test } from '@playwright/test';
import {
  contentsOf,
  DATASET,
  failureOf,
  STAGING,
  tinyExport,
  twoRuns,
  withDouble,
  withUsage,
} from './warehouse.ts';

const usageRow = (at: number, facts: object = {}) => ({
  ...{ id: `a/${at}`, _id: `id-${at}`, downloads: 1, likes: 1 },
  update_time: '2026-11-02T09:00:00.000Z',
  ...facts,
});

test('a refused release changes nothing, names its rows, and can be mended', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a, b] = await twoRuns(folder);
    await load(a);
    const before = contentsOf(double, DATASET);
    const sights = double.sights.filter(({ dataset }) => dataset === DATASET).length;
    const doubled = await withUsage(b, [usageRow(1), usageRow(2), usageRow(2, { likes: 7 })]);
    const error = await failureOf(load(doubled));
    expect(error).toMatchObject({ code: 'CHECK_REFUSED', exitCode: 5 });
    expect(error.message).toContain('usage: 1 keys that several rows have');
    expect(error.context).toMatchObject({
      check: 'unique-key',
      table: 'usage',
      first: '{"_id":"id-2","update_time":"2026-11-02T09:00:00.000Z","n":2}',
    });
    expect(contentsOf(double, DATASET)).toEqual(before);
    expect(double.sights.filter(({ dataset }) => dataset === DATASET).length).toBe(sights);
    // No snapshot, no column; and the staging table is there for whoever looks at the rows.
    expect(double.jobs().filter(({ configuration }) => 'copy' in configuration)).toEqual([]);
    expect(error.context['sampleSql']).toContain(`${STAGING}.usage__b`);
    expect([...double.tables(STAGING).keys()]).toContain('usage__b');
    expect((await load(b)).sequence).toBe(2);
    expect(contentsOf(double, STAGING)).toEqual({});
  });
});

test('figures that cannot be are refused; a few of them are published and told', async () => {
  await withDouble(async ({ folder, load }) => {
    const [a] = await twoRuns(folder);
    const wrong = (count: number) =>
      withUsage(
        a,
        Array.from({ length: 4 }, (_, at) => usageRow(at, at < count ? { downloads: -5 } : {})),
      );
    const error = await failureOf(load(await wrong(3)));
    expect(error.message).toContain('usage: downloads: 3 of 4 values outside');
    expect(JSON.parse(String(error.context['first']))).toMatchObject({ downloads: -5 });
    const result = await load(await wrong(2));
    expect(result.outcome).toBe('published');
    expect(result.warnings.join()).toContain('usage: downloads: 2 of 4 values outside');
  });
});

test('a release with far fewer rows is refused, unless that is asked for', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    await load(a);
    const fewer = await tinyExport(folder, { run: 'c', day: '2026-11-03', models: 2 });
    const error = await failureOf(load(fewer, { checks: {} }));
    expect(error).toMatchObject({ code: 'CHECK_REFUSED', context: { check: 'row-drop' } });
    expect(error.message).toContain('core_model: 2 rows, 66.7 % of the 3 of the release before');
    expect(error.message).toContain('usage: 2 rows');
    expect(contentsOf(double, DATASET)['core_model']?.rows).toBe(3);
    expect((await load(fewer, { checks: { minRows: 0.6 } })).outcome).toBe('published');
  });
});

test('what the checks found is published with the release', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a, b] = await twoRuns(folder);
    for (const exported of [a, b]) {
      const { checks: results, sequence, run } = await load(exported);
      expect(results.length).toBeGreaterThan(15);
      expect(results.map(({ outcome }) => outcome)).not.toContain('refused');
      const rows = double.rows(DATASET, 'release_checks').filter((it) => it['run'] === run);
      expect(rows).toEqual(
        results.map(({ check, table, severity, outcome, found, expected }) => ({
          ...{ sequence, run, check, table, severity, outcome, found, expected },
        })),
      );
    }
    const [last] = double.sights.filter(({ by }) => by === 'transaction').slice(-1);
    expect(last?.changed).toContain('release_checks');
    expect((await load(b)).checks).toEqual([]);
  });
});

test('an answer that comes in pages is read to its end', async () => {
  await withDouble(
    async ({ folder, double, load }) => {
      const [a] = await twoRuns(folder);
      const doubled = await withUsage(
        a,
        [1, 1, 2, 2, 3, 3].map((at) => usageRow(at)),
      );
      const error = await failureOf(load(doubled));
      expect(error.message).toContain('usage: 3 keys that several rows have');
      const pages = double.requests.filter(({ query }) => query.includes('pageToken'));
      expect(pages.some(({ path }) => path.includes('/queries/'))).toBe(true);
      expect((await load(a)).outcome).toBe('published');
    },
    { pageRows: 2 },
  );
});

test('a query that Google does not answer ends the load; nothing is published', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a] = await twoRuns(folder);
    for (const [reason, status, code] of [
      ['accessDenied', 403, 'AUTH_GOOGLE'],
      ['quotaExceeded', 403, 'LOAD_FAILED'],
      ['invalidQuery', 400, 'LOAD_FAILED'],
    ] as const) {
      double.onRequest = ({ path }) =>
        path.includes('/queries/') ? { status, reason } : undefined;
      expect((await failureOf(load(a))).code, reason).toBe(code);
      expect(double.sights.some(({ by }) => by === 'transaction')).toBe(false);
    }
    double.onRequest = () => undefined;
    expect((await load(a)).sequence).toBe(1);
  });
});

const FOREIGN = [
  'DELETE FROM `p.d.t`',
  'SELECT COUNT(*) AS n; DROP TABLE x',
  'SELECT APPROX_COUNT_DISTINCT(`a`) AS n FROM `p.d.t` AS t',
  'SELECT COUNT(*) AS rows FROM `p.d.t` AS t',
  'SELECT "a" AS n',
  'SELECT COUNT(*) AS n FROM `d.t` AS t',
  'SELECT CAST(`a` AS STRING) AS n FROM `p.d.t` AS t',
  'select 1',
];

test('the double answers no other query than those of the checks', async () => {
  await withDouble(async ({ double }) => {
    for (const [at, query] of FOREIGN.entries()) {
      const response = await fetch(`${double.url}/bigquery/v2/projects/${double.project}/jobs`, {
        method: 'POST',
        body: JSON.stringify({
          jobReference: { projectId: double.project, jobId: `q${at}`, location: 'US' },
          configuration: { query: { query, useLegacySql: false } },
        }),
      });
      expect(response.status, query).toBe(400);
      expect(await response.text(), query).toContain('does not know this SQL');
    }
    expect(double.queries).toEqual([]);
  });
});
