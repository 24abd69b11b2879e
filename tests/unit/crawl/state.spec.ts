import { expect, test } from '../../helpers/fixtures.ts';
import {
  newRun,
  outcomeOf,
  readRuns,
  saveRun,
  type CrawlParams,
} from '../../../src/pipeline/state.ts';

const PARAMS: CrawlParams = {
  ...{ command: 'run', endpoint: 'http://127.0.0.1', sources: ['models'], board: null },
  ...{ boardUrl: [], limit: null, filter: null, author: null },
  ...{
    url: null,
    id: null,
    renderer: null,
    table: null,
    ignoreRobots: false,
    overviews: 0,
    details: null,
  },
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

test('of several failures the exit code is that of the gravest, whatever their order', () => {
  const failed = (...codes: string[]) =>
    outcomeOf(codes.map((code) => ({ source: 'models', code, message: '' }))).exitCode;
  // What a later run mends by itself comes last, a bug of ours first.
  const gravestFirst = [
    ...['BUG', 'BROWSER_MISSING', 'STORAGE_LOCKED', 'AUTH_TOKEN', 'LOAD_FAILED', 'CHECK_REFUSED'],
    ...['BOARD_DRIFT', 'HTTP_STATUS', 'HTTP_QUOTA'],
  ];

  expect(gravestFirst.map((code) => failed(code))).toEqual([1, 2, 8, 7, 6, 5, 4, 3, 75]);
  for (const [at, code] of gravestFirst.entries()) {
    const later = gravestFirst.slice(at);
    expect(failed(...later), code).toBe(failed(code));
    expect(failed(...later.toReversed()), code).toBe(failed(code));
  }
  expect(failed()).toBe(0);
});
