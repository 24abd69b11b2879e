import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { summary } from '../../../src/cli/summary.ts';
import { readSettings } from '../../../src/config.ts';
import { queryDuckdb } from '../../../src/export/duckdb/query.ts';
import { runCli } from '../../helpers/cli.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { runInProcess } from '../../helpers/pipeline.ts';

test('what checks found is in the report, on the screen and in the file; what they refuse can be asked', async ({
  folder,
  few,
  hub: startHub,
}) => {
  const hub = await startHub({ data: few });
  const settings = { storage: folder, endpoint: hub.url, sources: 'models', to: 'duckdb' };
  const file = join(folder, 'warehouse', 'hub.duckdb');
  const ask = async (sql: string) =>
    await runCli(['query', '--refused', sql, '--storage', folder, '--json']);

  const whole = await runInProcess(settings);
  const sample = await runInProcess({ ...settings, limit: 20 });
  const refused = sample.report.checks?.filter(({ outcome }) => outcome === 'refused') ?? [];
  const queries = refused.flatMap(({ sampleSql }) => sampleSql ?? []);
  const answers = await Promise.all(queries.map(ask));
  const both = await ask(
    'SELECT (SELECT count(*) FROM huggingface.raw_model) AS now, (SELECT count(*) FROM previous.huggingface.raw_model) AS before',
  );
  const outside = await ask("SELECT * FROM read_text('/etc/hostname')");
  const told = await runInProcess({ ...settings, limit: 20, minRows: 0 });
  const gone = await ask('SELECT 1');

  // What was refused is not tried again: the next run is a new one.
  expect(sample.report).toMatchObject({ exitCode: 5, error: { code: 'CHECK_REFUSED' } });
  expect(told.report).toMatchObject({
    exitCode: 0,
    run: expect.not.stringMatching(sample.report.run),
  });
  expect(refused).toContainEqual({
    warehouse: 'duckdb',
    outcome: 'refused',
    check: 'row-drop',
    table: 'raw_model',
    found: '20 rows, 17.9 % of the 112 of the release before',
    expected: 'at least 90.0 % (--min-rows)',
  });
  expect(
    summary(sample.report, readSettings({ flags: { storage: folder }, env: {}, folder }).config),
  ).toContain(
    'refused  raw_model: 20 rows, 17.9 % of the 112 of the release before; expected at least 90.0 %',
  );
  for (const { code, stdout, stderr } of answers) {
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).not.toEqual([]);
  }
  expect(JSON.parse(both.stdout)).toEqual([{ now: 20, before: 112 }]);
  expect(outside.stderr).toContain('[QUERY_REFUSED]');
  expect(existsSync(`${file}.refused`)).toBe(false);
  expect(gone.stderr).toContain('[WAREHOUSE_MISSING]');

  const rows = await queryDuckdb(
    file,
    "SELECT sequence, run, count(*) AS n, count(*) FILTER (outcome = 'warned') AS warned FROM huggingface.release_checks GROUP BY ALL ORDER BY sequence",
  );
  expect(rows.map(({ sequence, run }) => [sequence, run])).toEqual([
    [1, whole.report.run],
    [2, told.report.run],
  ]);
  const warned = told.report.checks?.length ?? 0;
  expect(warned).toBeGreaterThan(0);
  expect(rows.at(-1)?.['warned']).toBe(warned);
});
