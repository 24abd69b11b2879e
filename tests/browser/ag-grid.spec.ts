import { expect, expectExact, test, type VisitOptions } from './tables-harness.ts';

const LARGE = process.env['SOAK'] === '1' ? 10_000 : 2_000;

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

const grids: [string, Omit<VisitOptions, 'kind'>][] = [
  ['600 rows of 40 columns', { rows: 600 }],
  ['which nobody described', { definition: null, rows: 300 }],
  ['over all of its pages', { mutation: 'paginated', rows: 330 }],
  ['on a page that is zoomed', { script: ZOOMED, rows: 330 }],
  ['which misses that it was scrolled', { script: SCROLLS_LOST, rows: 330 }],
];

for (const [what, options] of grids) {
  test(`every row and column of a grid that draws only those in view: ${what}`, async ({
    visit,
  }) => {
    expectExact(await visit({ kind: 'ag-grid', ...options }));
  });
}

test(`of ${LARGE} rows that the page loaded, a sample is compared and all are given`, async ({
  visit,
}) => {
  const { reading, board } = await visit({ kind: 'ag-grid', rows: LARGE, verify: 'sample' });
  const { loaded, shown, complete } = reading;
  const { columns, rows } = board;

  expect(complete).toBe(false);
  expect(shown.length).toBeGreaterThanOrEqual(200);
  expect(shown.length).toBeLessThan(400);
  expect([shown[0]?.index, shown.at(-1)?.index]).toEqual([0, LARGE - 1]);
  const expected = rows.map((row) =>
    Object.fromEntries(row.map((cell, at) => [columns[at]?.header ?? '', cell])),
  );
  expect(loaded).toEqual(expected);
});

test('a large grid that shows something else than was loaded is read whole, and refused', async ({
  visit,
}) => {
  const options = { kind: 'ag-grid', rows: 1_001, verify: 'sample' } as const;
  const refused = visit({ ...options, mutation: 'cell-differs-first' });

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
  test(`cells that are drawn ${what} first are read when they are filled`, async ({ visit }) => {
    const options = { kind: 'ag-grid', rows: 1_200, verify: 'sample' } as const;
    const { reading, board } = await visit({ ...options, script: lateCells(before) });

    expect(reading.complete).toBe(false);
    const header = reading.headers[5] ?? '';
    expect(reading.shown.map(({ cells }) => cells[header])).toEqual(
      reading.shown.map(({ index }) => board.rows[index]?.[5]?.text),
    );
  });
}
