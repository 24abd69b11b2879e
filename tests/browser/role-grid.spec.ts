import type { Browser } from '@playwright/test';
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
    const page = await browser.newPage();
    try {
      const session = await roleGrid.listen(page);
      await page.goto(replica.url, { waitUntil: 'commit' });
      const asked = { verify: 'all' as const, sampleRows: 200, seed: 1, timeoutMs };
      const reading = await session.read(page.mainFrame(), { definition: board, ...asked });
      reconcile(board, reading);
      return reading;
    } finally {
      await page.close();
      await replica.close();
    }
  }

  for (const options of [
    { drawn: 'all', rows: 80, role: 'table' },
    { drawn: 'by-index', rows: 200 },
    { drawn: 'unnumbered', rows: 120 },
    { drawn: 'by-index', rows: 120, mutation: 'rows-late' },
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

  test('that is never drawn is not waited for longer than its time', async () => {
    const reading = read({ rows: 20, drawn: 'all', mutation: 'never-drawn' }, 1_500);
    await expect(reading).rejects.toMatchObject({ code: 'BOARD_UNREACHABLE' });
  });
});
