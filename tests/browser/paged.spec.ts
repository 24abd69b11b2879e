import { html } from '../../src/crawlers/kinds/html/html.ts';
import { reconcile } from '../../src/crawlers/reconcile.ts';
import { model, score, tableBoard } from '../../src/boards/table-board.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import type { Browser } from '@playwright/test';
import { expect, test } from '../helpers/fixtures.ts';
import { rowOf, startPaged, type PagedOptions } from '../replica/tables/paged.ts';

const board = tableBoard({
  ...{ id: 'paged', title: 'Paged', url: 'https://example.org/', renderer: 'html' },
  ...{ licence: 'test', identity: ['model'], minimumRows: 5 },
  columns: [model(), score('Score', 'score')],
});

async function read(browser: Browser, options: PagedOptions): Promise<BoardReading> {
  const replica = await startPaged(options);
  const page = await browser.newPage();
  try {
    await html.listen(page);
    await page.goto(replica.url, { waitUntil: 'commit' });
    // What is lost is waited for to the end.
    const timeoutMs = options.mutation === undefined ? 300_000 : 40_000;
    const asked = { verify: 'all' as const, sampleRows: 200, seed: 1, timeoutMs };
    const reading = await html.read(page.mainFrame(), { definition: board, ...asked });
    reconcile(board, reading);
    return reading;
  } finally {
    await page.close();
    await replica.close();
  }
}

for (const options of [
  { pager: 'numbers', rows: 95 },
  { pager: 'icons', rows: 44 },
  { pager: 'scroll', rows: 33 },
  { pager: 'more', rows: 35 },
] as const) {
  test(`a table of which the server gives some rows at a time is read whole: ${options.pager}`, async ({
    browser,
  }) => {
    const { shown } = await read(browser, options);

    expect(shown.map(({ cells }) => Object.values(cells))).toEqual(
      Array.from({ length: options.rows }, (_, at) => rowOf(at)),
    );
  });
}

for (const mutation of ['page-lost', 'page-again', 'count-lies', 'stuck'] as const) {
  test(`pages that are not all of a table are refused: ${mutation}`, async ({ browser }) => {
    const reading = read(browser, { pager: 'numbers', rows: 95, mutation });

    await expect(reading).rejects.toMatchObject({ code: 'BOARD_DRIFT' });
  });
}
