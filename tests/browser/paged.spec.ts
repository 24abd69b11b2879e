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
  { pager: 'numbers', rows: 75 },
  { pager: 'plain', rows: 45 },
  { pager: 'icons', rows: 34 },
  { pager: 'named', rows: 34 },
  { pager: 'icons', rows: 24, fades: true },
  { pager: 'scroll', rows: 23 },
  { pager: 'more', rows: 25 },
] as const) {
  test(`a table of which the server gives some rows at a time is read whole: ${JSON.stringify(options)}`, async ({
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

test('pages that are not all of a table are refused', async ({ read, keep }) => {
  await Promise.all(
    (['page-lost', 'page-again', 'count-lies', 'stuck'] as const).map(async (mutation) => {
      const { url } = await keep(startPaged({ pager: 'numbers', rows: 45, mutation }));
      // What is lost is waited for to the end.
      const reading = read(html, url, { definition, timeoutMs: 15_000 });

      await expect(reading, mutation).rejects.toMatchObject({ code: 'BOARD_DRIFT' });
    }),
  );
});
