import { boards } from '../../src/boards/definitions/index.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { runInProcess } from '../helpers/pipeline.ts';

/** Boards that nobody has seen yet as they are described: pages, files, some a hundred. */
for (const { id } of boards.filter(({ unproved }) => unproved)) {
  test(`${id} is what its definition says`, async ({ folder }) => {
    const settings = { storage: folder, retryBase: 1, sources: 'boards', board: id, to: 'jsonl' };
    const { report } = await runInProcess(settings);
    expect(report.error).toBeUndefined();
    expect(report.sources.boards?.[id]?.rows).toBeGreaterThan(0);
  });
}
