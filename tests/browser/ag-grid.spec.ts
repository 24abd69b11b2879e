import { chromium, expect, test, type Browser } from '@playwright/test';
import { findBrowser } from '../../src/crawlers/browser.ts';
import { EtlError } from '../../src/errors.ts';
import { TABLE_MUTATIONS, mutationsOf } from '../replica/tables/server.ts';
import { bothSides, visitTables, type VisitOptions } from './tables-harness.ts';

let browser: Browser;
test.beforeAll(async () => {
  const { executablePath } = await findBrowser({ env: process.env });
  browser = await chromium.launch({ executablePath });
});
test.afterAll(() => browser.close());

async function expectExact(options: Omit<VisitOptions, 'kind'>): Promise<void> {
  const { expected, found } = bothSides(
    await visitTables(browser, { kind: 'ag-grid', ...options }),
  );
  expect(found.headers).toEqual(expected.headers);
  expect(found.rows.length).toBe(expected.rows.length);
  expect(found.rows).toEqual(expected.rows);
}

test.describe('every row and column of a grid that draws only those in view:', () => {
  test('900 rows of 40 columns', () => expectExact({}));
  test('which nobody described', () => expectExact({ definition: null, rows: 300 }));
  test('10,000 rows', async () => {
    test.setTimeout(600_000);
    await expectExact({ rows: 10_000 });
  });
  test('over all of its pages', () => expectExact({ mutation: 'paginated', rows: 330 }));
});

test.describe('a changed grid is read as it is, or refused:', () => {
  for (const mutation of mutationsOf('ag-grid')) {
    const { must } = TABLE_MUTATIONS[mutation];
    test(`${mutation} is ${must}`, async () => {
      const options = { kind: 'ag-grid', mutation, rows: 310, timeoutMs: 8_000 } as const;
      const result = await visitTables(browser, options).catch((error: unknown) => error);
      if (
        result instanceof EtlError ||
        (result instanceof Error && /^status/.test(result.message))
      ) {
        expect(must, result.message).not.toBe('exact');
        return;
      }
      if (result instanceof Error) throw result;
      expect(must).not.toBe('refused');
      const { expected, found } = bothSides(result as Awaited<ReturnType<typeof visitTables>>); // no error
      expect(found).toEqual(expected);
    });
  }
});
