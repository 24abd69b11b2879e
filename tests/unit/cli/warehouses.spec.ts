import path from 'node:path';
import { startBigqueryDouble } from '../../bigquery/server.ts';
import { expect, test } from '../../helpers/fixtures.ts';

test('one export goes to DuckDB and to BigQuery, from the command line, and can be looked at', async ({
  keep,
  pipeline,
  cli,
}) => {
  const double = await keep(startBigqueryDouble());
  const { report } = await pipeline({
    ...{ sources: 'models,tags', to: 'jsonl,duckdb', tables: 'raw_model,usage,tags' },
  });
  const bigquery = ['--bigquery-project', double.project, '--bigquery-endpoint', double.url];
  const ask = (...args: string[]) => cli([...args, '--json']);

  const plan = await ask('load', '--to', 'bigquery', '--dry-run', ...bigquery);
  const methods = new Set(double.requests.map(({ method }) => method));
  const load = await ask('load', '--to', 'bigquery', ...bigquery);
  const again = await ask('load', '--to', 'bigquery', ...bigquery);
  const releases = await ask('releases', ...bigquery);
  const byBucket = [...bigquery, '--bigquery-dataset', 'by_bucket', '--bucket'];
  const wrong = await ask('load', '--to', 'bigquery', ...byBucket, 'hf-tables');
  const requests = double.requests.length;
  double.buckets.set('hf-tables', new Map());
  const bucket = await ask('load', '--to', 'bigquery', ...byBucket, 'gs://hf-tables/nightly');
  const uploads = double.requests.slice(requests).filter(({ path: it }) => it.includes('/upload/'));
  const screen = await cli(['load', '--to', 'duckdb,bigquery', '--dry-run', ...bigquery]);
  const query = await ask('query', 'SELECT count(*) AS models FROM huggingface.raw_model');

  expect(plan.code, plan.stderr).toBe(0);
  expect([...methods]).toEqual(['GET']);
  expect(load.code, load.stderr).toBe(0);
  const rows = Object.entries(report.tables).map(([name, entry]) => [name, entry.rows]);
  expect(JSON.parse(load.stdout)).toMatchObject({
    bigquery: { outcome: 'published', tables: Object.fromEntries(rows) as object },
  });
  expect(JSON.parse(again.stdout)).toMatchObject({ bigquery: { outcome: 'already' } });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('--bucket: "hf-tables" is no gs://BUCKET');
  expect(bucket.code, bucket.stderr).toBe(0);
  expect(JSON.parse(bucket.stdout)).toMatchObject({
    bigquery: { outcome: 'published', tables: Object.fromEntries(rows) as object },
  });
  expect(new Set(uploads.map(({ path: it }) => it))).toEqual(
    new Set(['/upload/storage/v1/b/hf-tables/o']),
  );
  expect(double.buckets.get('hf-tables')?.size).toBe(0);
  expect(JSON.parse(releases.stdout)).toMatchObject({
    warehouse: 'bigquery',
    where: `${double.project}.huggingface`,
    releases: [{ run: report.run }],
  });
  expect(screen.stdout).toMatch(/^duckdb: what a load of run .* Nothing was changed\./);
  expect(screen.stdout).toMatch(/\nbuild +raw_model +replace +112 +112 +112 /);
  expect(screen.stdout).toMatch(/disk: .* needed at most, .* free: enough/);
  expect(screen.stdout).toMatch(/\nbigquery: what a load of run .* Nothing was changed\./);
  expect(JSON.parse(query.stdout)).toEqual([{ models: 112 }]);
});

test('a warehouse that is not there, or not named, is said before anything is done', async ({
  folder,
  cli,
}) => {
  const ask = (...args: string[]) => cli([...args, '--json']);

  const noExport = await ask('load', '--storage', path.join(folder, 'new'));
  const noProject = await ask('releases', '--to', 'bigquery');
  const none = await ask('releases');
  const both = await ask('releases', '--to', 'duckdb,bigquery');
  const noRollback = await ask('rollback', 'r1');

  for (const [{ code, stderr }, says] of [
    [noExport, '[EXPORT_MISSING]'],
    [noProject, '--bigquery-project'],
    [none, '[WAREHOUSE_MISSING]'],
    [both, '--to'],
    [noRollback, '[WAREHOUSE_MISSING]'],
  ] as const) {
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(says);
  }
});

test('releases and rollback of the DuckDB file, from the command line', async ({
  pipeline,
  cli,
}) => {
  const settings = { sources: 'models', to: 'duckdb', tables: 'raw_model' };
  const ask = (...args: string[]) => cli(args);
  const first = await pipeline({ ...settings, limit: 100 });
  const second = await pipeline(settings);
  const count = async () =>
    (await ask('query', 'SELECT count(*) AS n FROM huggingface.raw_model', '--json')).stdout;

  const listed = JSON.parse((await ask('releases', '--json')).stdout) as object;
  const shown = await ask('releases');
  const back = await ask('rollback', first.report.run);
  const again = await ask('rollback', first.report.run, '--to', 'duckdb', '--json');
  const unknown = await ask('rollback', 'no-such-run');

  expect(listed).toMatchObject({
    warehouse: 'duckdb',
    releases: [
      { run: second.report.run, state: 'current' },
      { run: first.report.run, state: 'backup' },
    ],
  });
  expect(shown.stdout).toMatch(/^duckdb: .*hub\.duckdb\n/);
  expect(back.code, back.stderr).toBe(0);
  expect(back.stdout).toContain(`duckdb: rolled back: ${first.report.run}`);
  expect(JSON.parse(again.stdout)).toMatchObject({ warehouse: 'duckdb', outcome: 'already' });
  expect(JSON.parse(await count())).toEqual([{ n: 100 }]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain(second.report.run);
});
