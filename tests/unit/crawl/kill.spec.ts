import { existsSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../../helpers/cli.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { atRequest, killRuns, onceThereIs } from '../../helpers/kill-runs.ts';
import { flagsOf, runInProcess, stopAtFault, tableRows } from '../../helpers/pipeline.ts';
import { writeBenchmarks } from './benchmarks-data.ts';

const MODELS = { sources: 'models,tags', pageSize: 10, to: 'jsonl', compress: 'none' };
/** Side by side, into tables of each. */
const LISTS = {
  ...{ ...MODELS, sources: 'models,datasets,spaces', pageSize: 6, to: 'jsonl,duckdb' },
  tables: 'raw_model,core_model,usage,hub_datasets,hub_spaces,space_models',
};

test('a run that is killed as it crawls, exports and loads gives the same tables, and asks for no committed page again', async ({
  folder,
  few,
  hub: startHub,
}) => {
  const hub = await startHub({ data: few, latencyMs: 10 });
  const storage = path.join(folder, 'clean');
  const { report } = await runInProcess({ ...LISTS, storage, endpoint: hub.url });

  const { ended, killed, askedAgain } = await killRuns({
    ...{ hub, folder, args: flagsOf(LISTS) },
    moments: [
      atRequest(5),
      atRequest(9),
      onceThereIs('exports/*.huggingface-etl-new-*/*.jsonl'),
      onceThereIs('warehouse/*.tmp'),
    ],
  });

  expect(killed).toBe(4);
  expect(askedAgain).toEqual([]);
  const rows = await tableRows(report.folder ?? '');
  expect(rows.get('hub_datasets')).toHaveLength(14);
  for (const { code, stderr, report: it } of ended) {
    expect(code, stderr).toBe(0);
    expect(it.sources['models']).toMatchObject({ listed: 112, exported: 112, duplicates: 0 });
    expect(await tableRows(it.folder ?? '')).toEqual(rows);
    expect(existsSync(it.warehouse?.path ?? '')).toBe(true);
  }
});

test('a crawl of benchmarks that is killed gives the same tables', async ({
  folder,
  hub: startHub,
}) => {
  const datasets = await writeBenchmarks(folder);
  const hub = await startHub({ datasets, latencyMs: 10, pageLimit: 3 });
  const benchmarks = { ...MODELS, sources: 'benchmarks' };
  const storage = path.join(folder, 'clean');
  const { report } = await runInProcess({ ...benchmarks, storage, endpoint: hub.url });
  const rows = await tableRows(report.folder ?? '');
  expect(rows.get('leaderboard_entries')?.length).toBeGreaterThan(40);

  // Some 25 requests in all; those that are committed are not made again.
  const moments = [atRequest(8)];
  const outcome = await killRuns({ hub, folder, args: flagsOf(benchmarks), moments });

  expect(outcome.killed).toBe(1);
  for (const { code, stderr, report: it } of outcome.ended) {
    expect(code, stderr).toBe(0);
    expect(await tableRows(it.folder ?? '')).toEqual(rows);
  }
});

test('a run that is stopped at one request after the other goes on where it was', async ({
  folder,
  fewHub: hub,
}) => {
  const storage = path.join(folder, 'clean');
  const { report } = await runInProcess({ ...MODELS, storage, endpoint: hub.url });
  const where = ['--storage', path.join(folder, 'stopped'), '--endpoint', hub.url, '--json'];
  const run = (signals = {}) => runCli(['run', ...flagsOf(MODELS), ...where], signals);

  for (const at of [1, 3]) {
    hub.setFaults([{ kind: 'hang', at }]);
    expect((await stopAtFault(hub, run)).code).toBe(143);
  }
  hub.setFaults([]);
  const last = await run();

  expect(last.code, last.stderr).toBe(0);
  const { folder: tables } = JSON.parse(last.stdout) as { folder: string };
  expect(await tableRows(tables)).toEqual(await tableRows(report.folder ?? ''));
});
