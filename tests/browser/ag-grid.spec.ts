import type { Browser } from '@playwright/test';
import { expect, test } from '../helpers/fixtures.ts';
import { bothSides, visitTables, withScript, type VisitOptions } from './tables-harness.ts';

async function expectExact(
  browser: Pick<Browser, 'newPage'>,
  options: Omit<VisitOptions, 'kind'>,
): Promise<void> {
  const { expected, found } = bothSides(
    await visitTables(browser, { kind: 'ag-grid', ...options }),
  );
  expect(found.headers).toEqual(expected.headers);
  expect(found.rows.length).toBe(expected.rows.length);
  expect(found.rows).toEqual(expected.rows);
}

const ZOOMED = `addEventListener('DOMContentLoaded', () => {
  document.documentElement.style.zoom = '2';
})`;

/** Every third scroll of the rows is heard by nobody. */
const SCROLLS_LOST = `{
  let scrolls = 0;
  addEventListener('scroll', (event) => {
    if (event.target.className !== 'ag-body-viewport') return;
    scrolls += 1;
    if (scrolls % 3 === 2) event.stopImmediatePropagation();
  }, true);
}`;

test.describe('every row and column of a grid that draws only those in view:', () => {
  test('900 rows of 40 columns', ({ browser }) => expectExact(browser, {}));
  test('which nobody described', ({ browser }) =>
    expectExact(browser, { definition: null, rows: 300 }));
  test('over all of its pages', ({ browser }) =>
    expectExact(browser, { mutation: 'paginated', rows: 330 }));
  test('on a page that is zoomed', ({ browser }) =>
    expectExact(withScript(browser, ZOOMED), { rows: 330 }));
  test('which misses that it was scrolled', ({ browser }) =>
    expectExact(withScript(browser, SCROLLS_LOST), { rows: 330 }));
});

test('of 10,000 rows that the page loaded, a sample is compared and all are given', async ({
  browser,
}) => {
  const visit = await visitTables(browser, { kind: 'ag-grid', rows: 10_000, verify: 'sample' });
  const { loaded, shown, complete } = visit.reading;
  const { columns, rows } = visit.board;

  expect(complete).toBe(false);
  expect(shown.length).toBeGreaterThanOrEqual(200);
  expect(shown.length).toBeLessThan(400);
  expect([shown[0]?.index, shown.at(-1)?.index]).toEqual([0, 9_999]);
  const expected = rows.map((row) =>
    Object.fromEntries(row.map((cell, at) => [columns[at]?.header ?? '', cell])),
  );
  expect(loaded).toEqual(expected);
});

test('a large grid that shows something else than was loaded is read whole, and refused', async ({
  browser,
}) => {
  const options = { kind: 'ag-grid', rows: 500, verify: 'sample' } as const;
  const refused = visitTables(browser, { ...options, mutation: 'cell-differs-first' });

  await expect(refused).rejects.toMatchObject({ code: 'BOARD_DRIFT' });
});

/** Cells of rows in the middle say something else for a while after they are drawn. */
const lateCells = (before: string) => `{
  const replace = Element.prototype.replaceChildren;
  Element.prototype.replaceChildren = function (...nodes) {
    const cells = this.className === 'ag-center-cols-container'
      ? nodes.flatMap((row) => [...row.querySelectorAll('.ag-cell')]) : [];
    for (const cell of cells) {
      const text = cell.textContent;
      cell.textContent = ${JSON.stringify(before)};
      setTimeout(() => (cell.textContent = text), 20);
    }
    replace.apply(this, nodes);
  };
}`;

const lateTexts = [
  ['without a text', ''],
  ['of another text', '…'],
] as const;

for (const [what, before] of lateTexts) {
  test(`cells that are drawn ${what} first are read when they are filled`, async ({ browser }) => {
    const late = withScript(browser, lateCells(before));
    const options = { kind: 'ag-grid', rows: 3_000, verify: 'sample' } as const;
    const { reading, board } = await visitTables(late, options);

    expect(reading.complete).toBe(false);
    const header = reading.headers[5] ?? '';
    expect(reading.shown.map(({ cells }) => cells[header])).toEqual(
      reading.shown.map(({ index }) => board.rows[index]?.[5]?.text),
    );
  });
}
