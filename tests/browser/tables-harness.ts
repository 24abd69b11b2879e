import { uniqueHeaders } from '../../src/boards/table.ts';
import { mteb } from '../../src/boards/definitions/mteb.ts';
import { column, model, score, tableBoard } from '../../src/boards/table-board.ts';
import { ttsArena } from '../../src/boards/definitions/tts-arena.ts';
import { ugi } from '../../src/boards/definitions/ugi.ts';
import { vectara } from '../../src/boards/definitions/vectara.ts';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import { agGrid } from '../../src/crawlers/kinds/ag-grid/ag-grid.ts';
import { html } from '../../src/crawlers/kinds/html/html.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import type { ReplicaBoard } from '../replica/tables/board-data.ts';
import { startTables, type TableKind, type TablesOptions } from '../replica/tables/server.ts';
import { expect, test as base, type PageRead } from './read-page.ts';

export { expect } from './read-page.ts';

const common = { url: 'https://example.org/', renderer: 'html', licence: 'test' };

/** The definition that each kind of page is read with. */
const DEFINITIONS: Record<TableKind, BoardDefinition> = {
  mteb,
  static: vectara,
  'tts-arena': ttsArena,
  'ag-grid': ugi,
  nextjs: tableBoard({
    ...{ ...common, id: 'nextjs', title: 'Arena', identity: ['model'], minimumRows: 5 },
    columns: [
      column('Rank', 'rank', { kind: 'number' }),
      model(),
      score('Score', 'score', { range: [0, 3000] }),
      column('Votes', 'votes', { kind: 'number' }),
    ],
  }),
  hub: tableBoard({
    ...{ ...common, id: 'hub', title: 'Hub', identity: ['model'], minimumRows: 5 },
    columns: [
      column('Rank', 'rank', { kind: 'number' }),
      model(),
      score('Score', 'score', { range: [-100, 100] }),
    ],
  }),
};

interface TableVisit {
  reading: BoardReading;
  /** What the page has to show. */
  board: ReplicaBoard;
  url: string;
  /** Groups of heads are in the names of columns. */
  isGrouped: boolean;
}

export type VisitOptions = TablesOptions & PageRead;

export const test = base.extend<{ visit: (options: VisitOptions) => Promise<TableVisit> }>({
  /** Reads the page of a replica, with its kind's definition unless there is another, or null. */
  visit: async ({ read, keep }, use) => {
    await use(async (options) => {
      const { definition = DEFINITIONS[options.kind] } = options;
      const { url, board } = await keep(startTables(options));
      const kind = options.kind === 'ag-grid' ? agGrid : html;
      const viewport = { width: 1600, height: 1000 };
      const given = { timeoutMs: 300_000, viewport, ...options, definition };
      // Where no definition has another name; the grid draws no groups.
      const isGrouped = definition === null && kind === html;
      return { reading: await read(kind, url, given), board, url, isGrouped };
    });
  },
});

/** Expects that a board was read whole, with its links. */
export function expectExact({ reading, board, url, isGrouped }: TableVisit): void {
  const nameOf = ({ header, title, group }: ReplicaBoard['columns'][number]): string =>
    isGrouped && group !== undefined ? `${group} / ${title ?? header}` : (title ?? header);
  const headers = uniqueHeaders(board.columns.map(nameOf));
  const expected = board.rows.map((row) =>
    Object.fromEntries(
      row.map(({ text, link }, at) => [
        headers[at] ?? '',
        { text, link: link === undefined ? link : new URL(link, url).href },
      ]),
    ),
  );
  const found = reading.shown.map(({ cells, links }) =>
    Object.fromEntries(
      Object.entries(cells).map(([header, text]) => [header, { text, link: links?.[header] }]),
    ),
  );
  expect(reading.headers).toEqual(headers);
  expect(found.length).toBe(expected.length);
  expect(found).toEqual(expected);
}
