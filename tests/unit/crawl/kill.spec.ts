import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../../helpers/cli.ts';
import { killRuns } from '../../helpers/kill-runs.ts';
import { tableRows, temporaryFolder } from '../../helpers/pipeline.ts';
import { startHub } from '../../../demo/hub/index.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';

const ARGS = [
  '--sources',
  'models,tags',
  '--page-size',
  '20',
  '--to',
  'jsonl,duckdb',
  '--compress',
  'none',
];

/** A repeatable stream of numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test('a run that is killed 30 times gives the same tables, and asks for no committed page again', async () => {
  test.setTimeout(300_000);
  const { folder, remove } = await temporaryFolder();
  // 28 pages with some latency, so that kills fall into the crawl as well as into export and load.
  const hub = await startHub({ latencyMs: 25 });
  const clean = path.join(folder, 'clean');

  const reference = await runCli([
    'run',
    ...ARGS,
    '--storage',
    clean,
    '--endpoint',
    hub.url,
    '--json',
  ]);
  const outcome = await killRuns({
    hub,
    folder,
    args: ARGS,
    kills: 30,
    withinMs: 2500,
    random: seeded(20261123),
  });

  expect(reference.code, reference.stderr).toBe(0);
  expect(outcome.killed).toBe(30);
  expect(outcome.askedAgain).toEqual([]);
  const expected = JSON.parse(reference.stdout) as RunReport;
  const rows = await tableRows(expected.folder ?? '');
  for (const { code, stderr, stdout } of outcome.ended) {
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as RunReport;
    expect(report.sources['models']).toMatchObject({ listed: 557, exported: 557, duplicates: 0 });
    expect(await tableRows(report.folder ?? '')).toEqual(rows);
    expect(existsSync(report.warehouse?.path ?? '')).toBe(true);
  }
  test.info().annotations.push({
    type: 'kills',
    description: `${outcome.killed} kills over ${outcome.ended.length} runs; first request after ${outcome.firstRequestMs.join(', ')} ms`,
  });
  await hub.close();
  await remove();
});
