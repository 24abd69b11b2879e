import { column, model, score, tableBoard } from '../../src/boards/table-board.ts';
import { roleGrid } from '../../src/crawlers/kinds/role-grid/role-grid.ts';
import { scoreOf, startRoleGrid, type RoleGridOptions } from '../replica/tables/role-grid.ts';
import { expect, test as base, type PageRead } from './read-page.ts';

const definition = tableBoard({
  ...{ id: 'role-grid', title: 'Grid', url: 'https://example.org/', renderer: 'role-grid' },
  ...{ licence: 'test', identity: ['model'], minimumRows: 5 },
  columns: [column('Rank', 'rank', { kind: 'number' }), model(), score('Score', 'score')],
});

type ReadGrid = (options: RoleGridOptions, given?: PageRead) => ReturnType<typeof roleGrid.read>;

const test = base.extend<{ readGrid: ReadGrid }>({
  readGrid: async ({ read, keep }, use) => {
    await use(async (options, given) => {
      const { url } = await keep(startRoleGrid(options));
      return read(roleGrid, url, { definition, ...given });
    });
  },
});

test.describe('a table made of roles', () => {
  for (const options of [
    { drawn: 'all', rows: 80, role: 'table' },
    { drawn: 'by-index', rows: 200 },
    { drawn: 'unnumbered', rows: 120 },
    { drawn: 'by-index', rows: 120, mutation: 'rows-late' },
    { drawn: 'by-index', rows: 120, glides: true },
    { drawn: 'unnumbered', rows: 120, drawnPx: 60 },
  ] as const) {
    test(`is read whole, each row in its place: ${JSON.stringify(options)}`, async ({
      readGrid,
    }) => {
      const { headers, shown, loadedFrom } = await readGrid(options);

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

  test('that is not what it says is refused', async ({ readGrid }) => {
    const options: RoleGridOptions[] = (['by-index', 'unnumbered'] as const).flatMap((drawn) =>
      (['row-lost', 'cell-differs'] as const).map((mutation) => ({ rows: 120, drawn, mutation })),
    );
    options.push({ rows: 120, drawn: 'by-index', mutation: 'count-lies' });
    await Promise.all(
      options.map((it) =>
        expect(readGrid(it), JSON.stringify(it)).rejects.toMatchObject({ code: 'BOARD_DRIFT' }),
      ),
    );
  });

  test('that states the rows of each page is read over all pages', async ({ read, servePage }) => {
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
    const url = await servePage(`<main></main><script>${script}</script>`);
    const reading = await read(roleGrid, url, { definition });

    expect(reading.stated).toEqual({ shown: null, total: 24 });
    expect(reading.shown.map(({ cells }) => cells['Rank'])).toEqual(
      Array.from({ length: 24 }, (_, at) => String(at + 1)),
    );
  });

  test('without a row that has a place of its own is refused for that', async ({
    read,
    servePage,
  }) => {
    const row = '<div role="row"><b role="cell">org/m</b><b role="cell">1.5</b></div>'.repeat(9);
    const url = await servePage(`<script></script><div role="grid"><div role="row">
      <b role="columnheader">Model</b><b role="columnheader">Score</b></div>
      <div style="height:80px;overflow:auto"><div style="height:9px"></div>${row}</div></div>`);

    const diff = [{ what: 'rows on the page', expected: 'all of them' }];
    await expect(read(roleGrid, url)).rejects.toMatchObject({ code: 'BOARD_DRIFT', diff });
  });

  test('that another is drawn beside while it is read is one of two', async ({
    read,
    servePage,
  }) => {
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
    const url = await servePage(`<main></main><script>${script}</script>`);
    const { shown, controls } = await read(roleGrid, url);

    expect(shown).toHaveLength(9);
    expect(controls).toEqual([{ kind: 'choice', label: 'table', value: 'table 1' }]);
  });

  test('that is never drawn is not waited for longer than its time', async ({ readGrid }) => {
    const options = { rows: 20, drawn: 'all', mutation: 'never-drawn' } as const;
    const reading = readGrid(options, { timeoutMs: 1_500 });
    await expect(reading).rejects.toMatchObject({ code: 'BOARD_UNREACHABLE' });
  });
});
