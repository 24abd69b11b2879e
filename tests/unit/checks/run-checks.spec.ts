import { expect, test } from '@playwright/test';
import { setImmediate } from 'node:timers/promises';
import { runChecks } from '../../../src/export/checks/run-checks.ts';
import { FINISHED, manifestOf, rowsOf } from './release.ts';

// DuckDB waits for ever where a connection is closed while it is asked.
test('where a query fails, none is left that asks', async () => {
  let [asked, open] = [0, 0];
  const running = runChecks(
    {
      ...{ kind: 'duckdb', table: (name) => name, before: () => null },
      columnsBefore: () => Promise.resolve([]),
      rows: async () => {
        asked += 1;
        open += 1;
        if (asked > 1) await setImmediate();
        open -= 1;
        throw new Error('out of memory');
      },
    },
    {
      manifest: manifestOf({ usage: rowsOf('usage', 1), raw_model: rowsOf('raw_model', 1) }),
      releases: [],
      now: FINISHED,
    },
  );
  await expect(running).rejects.toThrow('out of memory');
  expect([asked > 2, open]).toEqual([true, 0]);
});
