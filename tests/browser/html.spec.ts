import type { Browser } from '@playwright/test';
import { expect, test } from '../helpers/fixtures.ts';
import { TABLE_KINDS } from '../replica/tables/server.ts';
import { bothSides, visitTables, withScript, type VisitOptions } from './tables-harness.ts';

let browser: Browser;
test.beforeAll(({ browser: one }) => {
  browser = one;
});

const HTML = TABLE_KINDS.filter((kind) => kind !== 'ag-grid');

async function expectExact(options: VisitOptions): Promise<void> {
  const { expected, found } = bothSides(
    await visitTables(browser, options),
    options.definition !== null,
  );
  expect(found.headers).toEqual(expected.headers);
  expect(found.rows.length).toBe(expected.rows.length);
  expect(found.rows).toEqual(expected.rows);
}

test.describe('every row and column of a table, with its links:', () => {
  for (const kind of HTML) {
    test(kind, () => expectExact({ kind }));
    test(`${kind}, which nobody described`, () => expectExact({ kind, definition: null }));
  }
  for (const kind of ['mteb', 'nextjs', 'static'] as const) {
    const rows = process.env['SOAK'] === '1' ? 10_000 : 1_000;
    test(`${kind}, ${rows} rows`, () => expectExact({ kind, rows, timeoutMs: 500_000 }));
  }
  test('a collapsed one within the page of a data set', () =>
    expectExact({ kind: 'hub', hubPage: 'dataset' }));
  test('one whose data comes late', () => expectExact({ kind: 'mteb', delayMs: 2_500 }));
});

test('data that the page loads proves how many rows there are', async () => {
  const { reading } = await visitTables(browser, { kind: 'mteb' });

  expect(reading).toMatchObject({ stated: { total: 332 }, complete: true, loaded: null });
  expect(reading.loadedFrom).toContain('/data');
  expect(reading.tables?.filter(({ chosen }) => chosen)).toHaveLength(1);
});

test('a refusal says what is wrong, and where', async () => {
  const refused = visitTables(browser, { kind: 'hub', mutation: 'cell-differs-far' });

  await expect(refused).rejects.toMatchObject({
    code: 'BOARD_DRIFT',
    diff: [{ what: 'cell', where: 'row 55, Score', found: '12.34' }],
  });
});

/** Changes the table a moment after it is there, while it is waited whether it stays so. */
const soon = (change: string) => `addEventListener('DOMContentLoaded', () => setTimeout(() => {
  const row = document.querySelectorAll('#board tbody tr')[20];
  ${change}
}, 30));`;

for (const [what, change, found] of [
  ['a cell', "row.cells[2].textContent = '12.34';", { what: 'cell', found: '12.34' }],
  ['a style', "row.style.display = 'none';", { what: 'rows that are not displayed' }],
] as const) {
  test(`${what} that changes before the table is at rest is seen`, async () => {
    const refused = visitTables(withScript(browser, soon(change)), { kind: 'nextjs' });

    const diff = expect.arrayContaining([expect.objectContaining(found)]) as unknown;
    await expect(refused).rejects.toMatchObject({ code: 'BOARD_DRIFT', diff });
  });
}
