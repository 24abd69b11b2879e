import { expect, test } from '@playwright/test';
import { runInProcess, tableRows, temporaryFolder } from '../../helpers/pipeline.ts';
import { startHub } from '../../replica/hub/index.ts';

test('official benchmarks become rows; a gated leaderboard and a missing one are stated', async () => {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub();
  const { report } = await runInProcess({
    storage: folder,
    endpoint: hub.url,
    sources: 'benchmarks',
    to: 'jsonl',
    compress: 'none',
  });
  const rows = await tableRows(report.folder ?? '');
  const boards = hub.requests.filter(({ path }) => path.includes('/leaderboard'));

  expect(report.error).toBeUndefined();
  const ids = (rows.get('benchmarks') ?? []).map((row) => (row as { id: string }).id);
  expect(ids.length).toBeGreaterThanOrEqual(3);
  expect(report.sources['benchmarks']).toMatchObject({ listed: ids.length, exported: ids.length });
  expect(boards).toHaveLength(ids.length);
  expect(boards.every(({ path }) => path.includes('base_model=false'))).toBe(true);
  const reasons = (rows.get('missed') ?? []).map((row) => (row as { reason: string }).reason);
  expect(reasons.sort()).toEqual(['gated', 'private_or_missing']);
  await hub.close();
  await remove();
});
