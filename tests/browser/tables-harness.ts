import type { Browser } from '@playwright/test';
import { uniqueHeaders } from '../../src/boards/table.ts';
import { mteb } from '../../src/boards/definitions/mteb.ts';
import { column, model, score, tableBoard } from '../../src/boards/table-board.ts';
import { ttsArena } from '../../src/boards/definitions/tts-arena.ts';
import { ugi } from '../../src/boards/definitions/ugi.ts';
import { vectara } from '../../src/boards/definitions/vectara.ts';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import { reconcile } from '../../src/crawlers/reconcile.ts';
import { agGrid } from '../../src/crawlers/kinds/ag-grid/ag-grid.ts';
import { html } from '../../src/crawlers/kinds/html/html.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import type { ReplicaBoard } from '../replica/tables/board-data.ts';
import { startTables, type TableKind, type TablesOptions } from '../replica/tables/server.ts';

const common = { url: 'https://example.org/', renderer: 'html', licence: 'test' };

/** The definition that each kind of page is read with. */
export const DEFINITIONS: Record<TableKind, BoardDefinition> = {
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

export interface TableVisit {
  reading: BoardReading;
  /** What the page has to show. */
  board: ReplicaBoard;
  url: string;
  ms: number;
}

export interface VisitOptions extends TablesOptions {
  definition?: BoardDefinition | null;
  timeoutMs?: number;
  /** @default all */
  verify?: 'sample' | 'all';
}

/** One visit of a replica, read and reconciled as the crawl does it. */
export async function visitTables(
  browser: Pick<Browser, 'newPage'>,
  options: VisitOptions,
): Promise<TableVisit> {
  const { timeoutMs = 300_000, verify = 'all', ...rest } = options;
  const { definition = DEFINITIONS[options.kind], ...served } = rest;
  const replica = await startTables(served);
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  try {
    const kind = served.kind === 'ag-grid' ? agGrid : html;
    await kind.listen(page);
    const started = performance.now();
    const response = await page.goto(replica.url, { waitUntil: 'commit' });
    // The crawl refuses these before it asks a renderer.
    if (response && response.status() >= 400) throw new Error(`status ${response.status()}`);
    const asked = { definition, verify, sampleRows: 200, seed: 1, timeoutMs };
    const reading = await kind.read(page.mainFrame(), asked);
    if (definition) reconcile(definition, reading);
    const ms = performance.now() - started;
    return { reading, board: replica.board, url: replica.url, ms };
  } finally {
    await page.close();
    await replica.close();
  }
}

/** A browser whose pages run a script of their own before all others. */
export const withScript = (browser: Browser, script: string): Pick<Browser, 'newPage'> => ({
  newPage: async (options) => {
    const page = await browser.newPage(options);
    await page.addInitScript({ content: script });
    return page;
  },
});

/** A row as a reading and a replica both have it. */
type PlainRow = Record<string, { text: string; link?: string }>;

/** What the reading of a visit must be, and what it is. */
export function bothSides(
  { reading, board, url }: TableVisit,
  isDescribed = true,
): {
  expected: { headers: string[]; rows: PlainRow[] };
  found: { headers: string[]; rows: PlainRow[] };
} {
  // Groups of heads are in the name where no definition has another.
  const nameOf = ({ header, title, group }: ReplicaBoard['columns'][number]): string =>
    isDescribed || group === undefined ? (title ?? header) : `${group} / ${title ?? header}`;
  const headers = uniqueHeaders(board.columns.map(nameOf));
  const expected = board.rows.map((row): PlainRow => {
    const cells = row.map(({ text, link }, at): [string, { text: string; link?: string }] => [
      headers[at] ?? '',
      { text, ...(link !== undefined && { link: new URL(link, url).href }) },
    ]);
    return Object.fromEntries(cells);
  });
  const found = reading.shown.map(({ cells, links = {} }): PlainRow => {
    const entries = Object.entries(cells).map(
      ([header, text]): [string, { text: string; link?: string }] => {
        const link = links[header];
        return [header, { text, ...(link !== undefined && { link }) }];
      },
    );
    return Object.fromEntries(entries);
  });
  return {
    expected: { headers, rows: expected },
    found: { headers: reading.headers, rows: found },
  };
}
