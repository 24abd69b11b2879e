import { expect, test } from '@playwright/test';
import path from 'node:path';
import { startBigqueryDouble } from '../../bigquery/server.ts';
import { runCli } from '../../helpers/cli.ts';
import { runInProcess, temporaryFolder } from '../../helpers/pipeline.ts';
import { startHub } from '../../replica/hub/index.ts';

test('one export goes to DuckDB and to BigQuery, from the command line, and can be looked at', async () => {
  test.setTimeout(180_000);
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub();
  const double = await startBigqueryDouble();
  const { report } = await runInProcess({
    storage: folder,
    endpoint: hub.url,
    sources: 'models,tags',
    to: 'jsonl,duckdb',
  });
  const bigquery = ['--bigquery-project', double.project, '--bigquery-endpoint', double.url];
  const cli = (...args: string[]) => runCli([...args, '--storage', folder, '--json']);

  const plan = await cli('load', '--to', 'bigquery', '--dry-run', ...bigquery);
  const methods = new Set(double.requests.map(({ method }) => method));
  const load = await cli('load', '--to', 'bigquery', ...bigquery);
  const again = await cli('load', '--to', 'bigquery', ...bigquery);
  const releases = await cli('releases', ...bigquery);
  const query = await cli('query', 'SELECT count(*) AS models FROM huggingface.raw_model');

  expect(plan.code, plan.stderr).toBe(0);
  expect([...methods]).toEqual(['GET']);
  expect(load.code, load.stderr).toBe(0);
  const rows = Object.entries(report.tables).map(([name, entry]) => [name, entry.rows]);
  expect(JSON.parse(load.stdout)).toMatchObject({
    bigquery: { outcome: 'published', tables: Object.fromEntries(rows) as object },
  });
  expect(JSON.parse(again.stdout)).toMatchObject({ bigquery: { outcome: 'already' } });
  expect(releases.stdout).toContain(report.run);
  expect(JSON.parse(query.stdout)).toEqual([{ models: 557 }]);
  await double.close();
  await hub.close();
  await remove();
});

test('BigQuery without a project, and a load without an export, are said before anything is done', async () => {
  const { folder, remove } = await temporaryFolder();

  const noExport = await runCli(['load', '--storage', path.join(folder, 'new'), '--json']);
  const noProject = await runCli(['releases', '--storage', folder, '--json']);

  expect(noExport.code).toBe(2);
  expect(noExport.stderr).toContain('[EXPORT_MISSING]');
  expect(noProject.code).toBe(2);
  expect(noProject.stderr).toContain('--bigquery-project');
  await remove();
});

test('a sample does not replace the release of a whole Hub, unless it is told to', async () => {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub();
  const settings = { storage: folder, endpoint: hub.url, sources: 'models', to: 'duckdb' };
  const count = async () =>
    (
      await runCli([
        'query',
        'SELECT count(*) AS n FROM huggingface.raw_model',
        '--storage',
        folder,
        '--json',
      ])
    ).stdout;

  const whole = await runInProcess(settings);
  const sample = await runInProcess({ ...settings, limit: 100 });
  const kept = await count();
  const told = await runInProcess({ ...settings, limit: 100, minRows: 0 });

  expect(whole.report.exitCode).toBe(0);
  expect(sample.report).toMatchObject({ exitCode: 5, error: { code: 'CHECK_REFUSED' } });
  expect(sample.report.error?.message).toContain('100 rows');
  expect(JSON.parse(kept)).toEqual([{ n: 557 }]);
  // What was refused is not tried again: the next run is a new one.
  expect(told.report.run).not.toBe(sample.report.run);
  expect(told.report.exitCode).toBe(0);
  expect(JSON.parse(await count())).toEqual([{ n: 100 }]);
  await hub.close();
  await remove();
});
