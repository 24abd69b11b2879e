import { expect, test } from '../helpers/fixtures.ts';
import { runInProcess, tableRows } from '../helpers/pipeline.ts';

/** The real Hub: is the shape still the shape? Some ten requests of the anonymous quota. */
test('the Hub lists models with our fields, its tags and its benchmarks', async ({ folder }) => {
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
});

test('the Open LLM Leaderboard is still the archive that we know', async ({ folder }) => {
  const { report } = await runInProcess({ storage: folder, sources: 'boards', board: 'open-llm' });

  expect(report.error).toBeUndefined();
  expect(report.sources.boards?.['open-llm']).toMatchObject({ rows: 4576 });
});
