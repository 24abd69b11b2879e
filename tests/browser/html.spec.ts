import { TABLE_KINDS } from '../replica/tables/server.ts';
import { html } from '../../src/crawlers/kinds/html/html.ts';
import { tableOf } from './table-page.ts';
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

test('a table that is drawn as two, of rows that are no whole pixels high, is one', async ({
  read,
  servePage,
}) => {
  // Their heads are no `th`, and one row has no cell with a text.
  const [, heads = '', rows = ''] =
    /(<tr>.*?<\/tr>).*?<tbody>(.*)<\/tbody>/.exec(tableOf(300)) ?? [];
  const head = heads.replaceAll('<th>', '<td role="columnheader">').replaceAll('</th>', '</td>');
  const body = `<style>td { padding: 0; line-height: 20.4px }</style><table>${head}</table>
    <table>${rows}<tr hidden><td></td><td></td></tr></table><script>1</script>`;
  const { shown, controls } = await read(html, await servePage(body));

  expect(shown).toHaveLength(300);
  expect(shown[3]?.cells).toEqual({ Model: 'org/model-3', Score: '3.5' });
  expect(controls).toEqual([]);
});

test('a table that is drawn in part, a while after one scrolled, is read, wherever its room is', async ({
  read,
  servePage,
}) => {
  const script = `const bodies = [...document.querySelectorAll('tbody')];
    const view = document.querySelector('#view');
    const all = [...new DOMParser().parseFromString('${tableOf(60)}', 'text/html').querySelectorAll('td')];
    const room = (n) => '<tr><td colspan="2" style="height: ' + n * 30 + 'px"></td></tr>';
    let highest = 0;
    const draw = () => {
      // It draws as many rows as it ever had room for.
      highest = Math.max(highest, view.clientHeight);
      const first = Math.floor(view.scrollTop / 30);
      const end = Math.min(60, first + Math.ceil(highest / 30) + 1);
      const of = (n) => '<tr>' + all.slice(2 * n, 2 * n + 2).map((it) => it.outerHTML).join('') + '</tr>';
      const rows = Array.from({ length: end - first }, (_, at) => of(first + at)).join('');
      const parts = [room(first), rows, room(60 - end)];
      if (bodies.length === 1) bodies[0].innerHTML = parts.join('');
      else for (const [at, body] of bodies.entries()) body.innerHTML = parts[at];
    };
    let timer;
    view.addEventListener('scroll', () => {
      clearTimeout(timer);
      timer = setTimeout(draw, 150);
    });
    new ResizeObserver(draw).observe(view);`;
  const body = (tables: string): string => `<style>table { border-spacing: 0 }
    td { height: 30px; padding: 0 }</style><div id="view" style="height: 300px; overflow: auto;
    overflow-anchor: none">${tables}</div><script>${script}</script>`;
  const three = tableOf(0).replace('<tbody>', '<tbody></tbody><tbody></tbody><tbody>');
  const url = await servePage((path) => body(path === '/one' ? tableOf(0) : three));

  for (const path of ['/one', '/three']) {
    const { shown } = await read(html, `${url}${path}`);
    expect(
      shown.map(({ cells }) => cells['Score']),
      path,
    ).toEqual(Array.from({ length: 60 }, (_, n) => `${n}.5`));
  }
});

test('a page that says it is the first of several is no whole table, though nothing leads to them', async ({
  read,
  servePage,
}) => {
  const url = await servePage(`<section>${tableOf(3)}<p>Page <b>1</b> of 33</p></section>`);

  await expect(read(html, url)).rejects.toThrow(/other pages: expected "none", found "Page 1 of/);
});

test('what is not seen in a head or a cell is not read', async ({ read, servePage }) => {
  const aside = (style: string): string => `<i style="position: absolute; ${style}">0</i>`;
  const body = tableOf(3)
    .replace('Score', `Score${aside('transform: scale(0)')}`)
    .replace('0.5', `0.5${aside('opacity: 0')}`);
  const { shown } = await read(html, await servePage(body));

  expect(shown[0]?.cells).toEqual({ Model: 'org/model-0', Score: '0.5' });
});
