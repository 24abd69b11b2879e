import { expect, test } from '@playwright/test';
import { runCli } from '../../helpers/cli.ts';
import { runInProcess, temporaryFolder } from '../../helpers/pipeline.ts';
import { startHub } from '../../../demo/hub/index.ts';

test('--fresh starts a new run; without it a failed one goes on where it stopped', async () => {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub({ faults: [{ kind: '503', at: 4, times: 999 }] });
  const settings = {
    storage: folder,
    endpoint: hub.url,
    sources: 'models',
    pageSize: 50,
    to: 'jsonl',
  };

  const failed = await runInProcess(settings);
  hub.setFaults([]);
  const resumed = await runInProcess(settings);
  const later = await runInProcess(settings);
  hub.setFaults([{ kind: '503', at: 4, times: 999 }]);
  const failedAgain = await runInProcess(settings);
  hub.setFaults([]);
  const fresh = await runInProcess({ ...settings, fresh: true });

  expect(failed.report.exitCode).toBe(3);
  expect(resumed.report).toMatchObject({ run: failed.report.run, exitCode: 0 });
  expect(resumed.report.sources['models']).toMatchObject({ listed: 557, resumedFrom: 3 });
  expect(later.report.run).not.toBe(resumed.report.run);
  expect(fresh.report.run).not.toBe(failedAgain.report.run);
  expect(fresh.report.sources['models']).toMatchObject({ listed: 557, resumedFrom: null });
  const status = await runCli(['status', '--storage', folder]);
  expect(status.stdout).toContain(fresh.report.run);
  expect(status.stdout).toMatch(/failed\s+3/);
  await hub.close();
  await remove();
});

test('a crawl alone stores captures; export replays any of them, byte for byte', async () => {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub();
  const settings = { storage: folder, endpoint: hub.url, sources: 'models,tags' };
  const crawl = await runInProcess(settings, { command: 'crawl', crawlOnly: true });
  await hub.close();

  const replay = () =>
    runCli([
      'export',
      '--replay',
      crawl.report.run,
      '--to',
      'jsonl',
      '--storage',
      folder,
      '--json',
    ]);
  const first = JSON.parse((await replay()).stdout) as { tables: object };
  const second = JSON.parse((await replay()).stdout) as { tables: object };

  expect(crawl.report).toMatchObject({ exitCode: 0, tables: {}, warehouse: null });
  expect(Object.keys(first.tables)).toContain('raw_model');
  expect(second).toEqual(first);
  await remove();
});

test('doctor says what is wrong, and its exit code is that of the worst', async () => {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub();

  const well = await runCli(['doctor', '--endpoint', hub.url, '--storage', folder, '--json']);
  await hub.close();
  const down = await runCli(['doctor', '--endpoint', hub.url, '--storage', folder]);

  const findings = (JSON.parse(well.stdout) as { findings: { what: string; ok: boolean }[] })
    .findings;
  expect(findings.map(({ what }) => what)).toEqual([
    'browser',
    'endpoint',
    'token',
    'clock',
    'disk',
  ]);
  expect(findings.find(({ what }) => what === 'endpoint')?.ok).toBe(true);
  expect([3, 75]).toContain(down.code);
  expect(down.stdout).toMatch(/FAIL\s+endpoint .*\[HTTP_NETWORK\]/);
  await remove();
});

test('boards and schema tell what is known, in every form', async () => {
  const boards = await runCli(['boards']);
  const forms = await Promise.all(
    ['markdown', 'duckdb', 'bigquery', 'json-schema'].map((form) =>
      runCli(['schema', 'usage', '--as', form]),
    ),
  );
  const unknown = await runCli(['schema', 'no_such_table']);

  expect(boards.stdout).toContain('open-llm');
  for (const { code, stdout } of forms) {
    expect(code).toBe(0);
    expect(stdout).toContain('downloads_all_time');
  }
  expect(unknown.code).toBe(2);
});
