import { expect, test } from '../../helpers/fixtures.ts';
import { newRun, readRuns, saveRun, type CrawlParams } from '../../../src/pipeline/state.ts';

const PARAMS: CrawlParams = {
  ...{ command: 'run', endpoint: 'http://127.0.0.1', sources: ['models'], board: null },
  ...{ boardUrl: [], limit: null, filter: null, author: null, light: false },
  ...{ url: null, id: null, renderer: null, table: null, ignoreRobots: false },
};

test('runs are in the order in which they were made, though the clock was set back', ({
  folder,
}) => {
  const days = ['2026-11-28T10:00:00Z', '2026-10-29T10:00:00Z', '2026-10-29T10:00:00Z'];
  const made = days.map((day) => {
    const run = newRun(folder, { params: PARAMS, version: '0', now: new Date(day) });
    saveRun(folder, run);
    return run.run;
  });

  expect(readRuns(folder).map(({ run }) => run)).toEqual(made);
  expect(made).toEqual(['20261128t100000z', '20261029t100000z', '20261029t100000z-2']);
});
