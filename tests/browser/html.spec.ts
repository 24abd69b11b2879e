import { TABLE_KINDS } from '../replica/tables/server.ts';
import { expect, expectExact, test, type VisitOptions } from './tables-harness.ts';

const LONG = process.env['SOAK'] === '1' ? 10_000 : 1_000;
const tables: [string, VisitOptions][] = [
  ...TABLE_KINDS.filter((kind) => kind !== 'ag-grid').flatMap((kind): [string, VisitOptions][] => [
    [kind, { kind }],
    [`${kind}, which nobody described`, { kind, definition: null }],
  ]),
  ...(['mteb', 'nextjs', 'static'] as const).map((kind): [string, VisitOptions] => [
    `${kind}, ${LONG} rows`,
    { kind, rows: LONG, timeoutMs: 500_000 },
  ]),
  ['a collapsed one within the page of a data set', { kind: 'hub', hubPage: 'dataset' }],
  ['one whose data comes late', { kind: 'mteb', delayMs: 2_500 }],
];

for (const [what, options] of tables) {
  test(`every row and column of a table, with its links: ${what}`, async ({ visit }) => {
    expectExact(await visit(options));
  });
}

test('data that the page loads proves how many rows there are', async ({ visit }) => {
  const { reading } = await visit({ kind: 'mteb' });

  expect(reading).toMatchObject({ stated: { total: 332 }, complete: true, loaded: null });
  expect(reading.loadedFrom).toContain('/data');
  expect(reading.tables?.filter(({ chosen }) => chosen)).toHaveLength(1);
});

test('a refusal says what is wrong, and where', async ({ visit }) => {
  const refused = visit({ kind: 'hub', mutation: 'cell-differs-far' });

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
  test(`${what} that changes before the table is at rest is seen`, async ({ visit }) => {
    const refused = visit({ kind: 'nextjs', script: soon(change) });

    const diff = expect.arrayContaining([expect.objectContaining(found)]) as unknown;
    await expect(refused).rejects.toMatchObject({ code: 'BOARD_DRIFT', diff });
  });
}
