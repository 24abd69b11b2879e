import { html } from '../../src/crawlers/kinds/html/html.ts';
import { model, score, tableBoard } from '../../src/boards/table-board.ts';
import { rowOf, startPaged } from '../replica/tables/paged.ts';
import { expect, test } from './read-page.ts';

const definition = tableBoard({
  ...{ id: 'paged', title: 'Paged', url: 'https://example.org/', renderer: 'html' },
  ...{ licence: 'test', identity: ['model'], minimumRows: 5 },
  columns: [model(), score('Score', 'score')],
});

for (const options of [
  { pager: 'numbers', rows: 95 },
  { pager: 'icons', rows: 44 },
  { pager: 'scroll', rows: 33 },
  { pager: 'more', rows: 35 },
] as const) {
  test(`a table of which the server gives some rows at a time is read whole: ${options.pager}`, async ({
    read,
    keep,
  }) => {
    const { url } = await keep(startPaged(options));
    const { shown } = await read(html, url, { definition, timeoutMs: 300_000 });

    expect(shown.map(({ cells }) => Object.values(cells))).toEqual(
      Array.from({ length: options.rows }, (_, at) => rowOf(at)),
    );
  });
}

for (const mutation of ['page-lost', 'page-again', 'count-lies', 'stuck'] as const) {
  test(`pages that are not all of a table are refused: ${mutation}`, async ({ read, keep }) => {
    const { url } = await keep(startPaged({ pager: 'numbers', rows: 95, mutation }));
    // What is lost is waited for to the end.
    const reading = read(html, url, { definition, timeoutMs: 40_000 });

    await expect(reading).rejects.toMatchObject({ code: 'BOARD_DRIFT' });
  });
}
