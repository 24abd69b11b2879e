import { expect, test } from '@playwright/test';
import path from 'node:path';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { runCli } from '../../helpers/cli.ts';
import { killRuns } from '../../helpers/kill-runs.ts';
import { tableRows, temporaryFolder } from '../../helpers/pipeline.ts';
import { startHub } from '../../../demo/hub/index.ts';
import { writeBenchmarks } from './benchmarks-data.ts';

const ARGS = ['--sources', 'benchmarks', '--to', 'jsonl', '--compress', 'none'];

test('a crawl of benchmarks that is killed 10 times gives the same tables', async () => {
  test.setTimeout(180_000);
  const { folder, remove } = await temporaryFolder();
  // Some 25 requests: with this latency most kills fall between them.
  const hub = await startHub({
    datasets: await writeBenchmarks(folder),
    latencyMs: 60,
    pageLimit: 3,
  });
  const clean = ['--storage', path.join(folder, 'clean'), '--endpoint', hub.url, '--json'];
  const reference = await runCli(['run', ...ARGS, ...clean]);
  expect(reference.code, reference.stderr).toBe(0);
  const expected = JSON.parse(reference.stdout) as RunReport;
  const rows = await tableRows(expected.folder ?? '');
  expect(rows.get('leaderboard_entries')?.length).toBeGreaterThan(40);

  let state = 20261123;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 0.3 + (0.7 * state) / 2_147_483_648;
  };
  const outcome = await killRuns({ hub, folder, args: ARGS, kills: 10, withinMs: 3500, random });
  expect(outcome.killed).toBe(10);
  for (const { code, stderr, stdout } of outcome.ended) {
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as RunReport;
    expect(await tableRows(report.folder ?? '')).toEqual(rows);
  }
  await hub.close();
  await remove();
});
