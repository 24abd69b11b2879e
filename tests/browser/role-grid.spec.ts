import type { Browser } from '@playwright/test';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import { column, model, score, tableBoard } from '../../src/boards/table-board.ts';
import { roleGrid } from '../../src/crawlers/kinds/role-grid/role-grid.ts';
import { reconcile } from '../../src/crawlers/reconcile.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { scoreOf, startRoleGrid, type RoleGridOptions } from '../replica/tables/role-grid.ts';

const board = tableBoard({
  ...{ id: 'role-grid', title: 'Grid', url: 'https://example.org/', renderer: 'role-grid' },
  ...{ licence: 'test', identity: ['model'], minimumRows: 5 },
  columns: [column('Rank', 'rank', { kind: 'number' }), model(), score('Score', 'score')],
});

test.describe('a table made of roles', () => {
  let browser: Browser;

  test.beforeAll(({ browser: one }) => {
    browser = one;
  });

  async function read(options: RoleGridOptions, timeoutMs = 60_000): Promise<BoardReading> {
    const replica = await startRoleGrid(options);
    try {
      return await readAt(replica.url, timeoutMs);
    } finally {
      await replica.close();
    }
  }

  async function readAt(
    url: string,
    timeoutMs: number,
    definition: BoardDefinition | null = board,
  ): Promise<BoardReading> {
    const page = await browser.newPage();
    try {
      await roleGrid.listen(page);
      await page.goto(url, { waitUntil: 'commit' });
      const asked = { verify: 'all' as const, sampleRows: 200, seed: 1, timeoutMs };
      const reading = await roleGrid.read(page.mainFrame(), { definition, ...asked });
      if (definition) reconcile(definition, reading);
      return reading;
    } finally {
      await page.close();
    }
  }

  for (const options of [
    { drawn: 'all', rows: 80, role: 'table' },
    { drawn: 'by-index', rows: 200 },
    { drawn: 'unnumbered', rows: 120 },
    { drawn: 'by-index', rows: 120, mutation: 'rows-late' },
    { drawn: 'by-index', rows: 120, glides: true },
    { drawn: 'unnumbered', rows: 120, drawnPx: 60 },
  ] as const) {
    test(`is read whole, each row in its place: ${JSON.stringify(options)}`, async () => {
      const { headers, shown, loadedFrom } = await read(options);

      expect(headers).toEqual(['Rank', 'Model', 'Score']);
      expect(loadedFrom).toContain('/data');
      expect(shown.map(({ cells, links }) => [...Object.values(cells), links?.['Model']])).toEqual(
        Array.from({ length: options.rows }, (_, row) => {
          const name = `org-${row % 7}/model-${row}`;
          return [String(row + 1), name, scoreOf(row), `https://huggingface.co/${name}`];
        }),
      );
    });
  }

  for (const mutation of ['count-lies', 'row-lost', 'cell-differs'] as const) {
    for (const drawn of ['by-index', 'unnumbered'] as const) {
      if (drawn === 'unnumbered' && mutation === 'count-lies') continue;
      test(`${mutation} is refused, rows ${drawn}`, async () => {
        await expect(read({ rows: 120, drawn, mutation })).rejects.toMatchObject({
          code: 'BOARD_DRIFT',
        });
      });
    }
  }

  test('that states the rows of each page is read over all pages', async ({ serve }) => {
    // As MUI's DataGrid does whose pages a server gives.
    const script = `let page = 0;
      const cell = (text, role = 'gridcell') => '<span role="' + role + '">' + text + '</span>';
      const row = (n, cells) => '<div role="row" aria-rowindex="' + n + '">' + cells + '</div>';
      function draw() {
        const items = Array.from({ length: page < 2 ? 10 : 4 }, (_, at) => page * 10 + at);
        const rows = items.map((n, at) => row(at + 2, cell(n + 1) + cell('org/m-' + n) + cell(n + '.5')));
        const heads = ['Rank', 'Model', 'Score'].map((it) => cell(it, 'columnheader')).join('');
        document.querySelector('main').innerHTML = '<div role="grid" aria-rowcount="' +
          (items.length + 1) + '">' + row(1, heads) + '<div>' + rows.join('') + '</div></div><p>' + (page * 10 + 1) +
          '–' + (page * 10 + items.length) + ' of 24</p><button aria-label="Next page"' +
          (page < 2 ? '' : ' disabled') + ' onclick="page += 1; draw()">&gt;</button>';
      }
      draw();`;
    const url = await serve((_request, response) => {
      const body = `<!doctype html><main></main><script>${script}</script>`;
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body);
    });
    const reading = await readAt(url, 60_000);

    expect(reading.stated).toEqual({ shown: null, total: 24 });
    expect(reading.shown.map(({ cells }) => cells['Rank'])).toEqual(
      Array.from({ length: 24 }, (_, at) => String(at + 1)),
    );
  });

  test('without a row that has a place of its own is refused for that', async ({ serve }) => {
    const row = '<div role="row"><b role="cell">org/m</b><b role="cell">1.5</b></div>'.repeat(9);
    const body = `<!doctype html><script></script><div role="grid"><div role="row">
      <b role="columnheader">Model</b><b role="columnheader">Score</b></div>
      <div style="height:80px;overflow:auto"><div style="height:9px"></div>${row}</div></div>`;
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(body);
    });

    const diff = [{ what: 'rows on the page', expected: 'all of them' }];
    await expect(readAt(url, 60_000, null)).rejects.toMatchObject({ code: 'BOARD_DRIFT', diff });
  });

  test('that another is drawn beside while it is read is one of two', async ({ serve }) => {
    const items = Array.from({ length: 9 }, (_, at) => ({ Model: `org/m-${at}`, Score: at + 0.5 }));
    const script = `const items = ${JSON.stringify(items)};
      const row = (cells) => '<div role="row" style="height:30px">' + cells + '</div>';
      const grid = (rows) => '<div role="grid"><div role="row"><b role="columnheader">Model</b>' +
        '<b role="columnheader">Score</b></div><div style="height:90px;overflow:auto">' + rows.map((it) =>
        row('<b role="cell">' + it.Model + '</b><b role="cell">' + it.Score + '</b>')).join('') + '</div></div>';
      document.querySelector('main').innerHTML = grid(items);
      addEventListener('scroll', () => {
        document.querySelector('main').insertAdjacentHTML('beforeend', grid(items.map((it) => ({ ...it, Model: it.Model + 'x' }))));
      }, { capture: true, once: true });`;
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><main></main><script>${script}</script>`);
    });
    const { shown, controls } = await readAt(url, 60_000, null);

    expect(shown).toHaveLength(9);
    expect(controls).toEqual([{ kind: 'choice', label: 'table', value: 'table 1' }]);
  });

  test('that is never drawn is not waited for longer than its time', async () => {
    const reading = read({ rows: 20, drawn: 'all', mutation: 'never-drawn' }, 1_500);
    await expect(reading).rejects.toMatchObject({ code: 'BOARD_UNREACHABLE' });
  });
});
