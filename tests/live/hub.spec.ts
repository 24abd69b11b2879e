import { expect, test } from '@playwright/test';
import { runInProcess, tableRows, temporaryFolder } from '../helpers/pipeline.ts';

/** The real Hub: is the shape still the shape? Some ten requests of the anonymous quota. */
test('the Hub lists models with our fields, its tags and its benchmarks', async () => {
  const { folder, remove } = await temporaryFolder();

  const { report, log } = await runInProcess({
    storage: folder,
    retryBase: 1,
    sources: 'models,tags',
    limit: 300,
    pageSize: 100,
    to: 'jsonl',
    compress: 'none',
  });

  expect(report.error).toBeUndefined();
  expect(report.sources['models']).toMatchObject({ listed: 300, exported: 300, rejected: 0 });
  expect(log.join('')).not.toContain('no longer has fields');
  const rows = await tableRows(report.folder ?? '');
  expect(rows.get('raw_model')).toHaveLength(300);
  await remove();
});

test('the Open LLM Leaderboard is still the archive that we know', async () => {
  const { folder, remove } = await temporaryFolder();

  const { report } = await runInProcess({ storage: folder, sources: 'boards', board: 'open-llm' });

  expect(report.error).toBeUndefined();
  expect(report.sources.boards?.['open-llm']).toMatchObject({ rows: 4576 });
  await remove();
});
