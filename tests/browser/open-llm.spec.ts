import { expect } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { EtlError } from '../../src/errors.ts';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import { reconcile } from '../../src/crawlers/reconcile.ts';
import { openLlm } from '../../src/boards/definitions/open-llm.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import { CHANGED_ROW, readOpenLlmRows, type OpenLlmMutation } from '../../demo/open-llm/server.ts';
import {
  dependenciesOf,
  smallBoard,
  SMALL_ROWS,
  snapshotOf,
  test,
  USER_AGENT,
  type BoardCrawl,
} from './board-harness.ts';

/** Whether this is a part of `npm run test:soak`. */
const isWhole = process.env['SOAK'] === '1';
/** More of a kind of which there is one already. */
const inSoak = <Case>(...cases: Case[]): Case[] => (isWhole ? cases : []);

/** A board that is read in a short time: its ends, and a window between them. */
const SMALL = { rows: SMALL_ROWS, definition: smallBoard, crawl: { sampleRows: 60 } };
const EVIDENCE = ['diff.json', 'page.html', 'screenshot.png', 'trace.zip'];

const expectDrift = (reading: Promise<unknown>, telling: string): Promise<void> =>
  expect(reading).rejects.toMatchObject({
    ...{ code: 'BOARD_DRIFT', message: expect.stringContaining(telling) },
  });

/** Nothing was written, and what a maintainer needs is there. */
async function expectRefused(board: BoardCrawl, code: string, status: string): Promise<string> {
  expect(board.outcome).toMatchObject({ status, rows: 0, shownChecked: 0 });
  expect(board.outcome.error?.code).toBe(code);
  expect(board.captures).toEqual([]);
  const read = (file: string) => readFile(join(board.folder, openLlm.id, file), 'utf8');
  expect(board.evidence, await read('diff.json')).toEqual(EVIDENCE);
  expect(await read('page.html')).toContain('id="root"');
  expect(
    (await readFile(join(board.folder, openLlm.id, 'trace.zip'))).subarray(0, 2).toString(),
  ).toBe('PK');
  const diff = await read('diff.json');
  expect(JSON.parse(diff)).toMatchObject({ board: openLlm.id, code, missing: [] });
  return diff;
}

test.describe('the Open LLM Leaderboard', () => {
  // Drawn rows as on the real page: by heights alone, those from the 1,751st on are one off.
  const drawnRowPx = 45 + 1 / 64;

  test('has its 4,576 rows taken as loaded, and at least 200 shown ones compared', async ({
    crawl,
  }) => {
    const board = await crawl({ drawnRowPx });

    expect(board.outcome).toMatchObject({
      status: 'verified',
      stated: { shown: 4569, total: 4576 },
      loaded: 4576,
      rows: 4576,
      warnings: [],
    });
    expect(board.outcome.shownChecked).toBeGreaterThanOrEqual(200);
    expect(board.outcome.shownChecked).toBeLessThan(1000);
    expect(board.captures).toMatchObject([{ source: 'boards/open-llm', count: 4576, next: null }]);
    const snapshot = snapshotOf(board);
    expect(snapshot.loaded).toEqual(await readOpenLlmRows());
    const shownColumns = openLlm.columns.filter(({ name }) => name !== 'entry_id');
    expect(snapshot.headers).toEqual(shownColumns.map(({ header }) => header));
    expect(snapshot.filters.map((it) => it.split('=')[0])).toEqual(['precision', 'types']);
    expect(snapshot).toMatchObject({ hidden: 7, shownChecked: snapshot.shown.length });
    const indexes = snapshot.shown.map(({ index }) => index);
    expect(indexes[0]).toBe(0);
    expect(indexes.at(-1)).toBe(4568);
    expect(indexes.filter((index) => index > 100 && index < 4400).length).toBeGreaterThan(40);
    expect(board.evidence).toEqual(['screenshot.png']);
    // It is asked once, by our own name, without pictures, fonts or a token.
    expect(board.requests.map(({ path }) => path)).toEqual([
      '/',
      expect.stringMatching(/^\/static\/js\/main\.[0-9a-f]{8}\.js$/),
      '/api/leaderboard/formatted',
    ]);
    for (const { headers } of board.requests) {
      expect(headers['user-agent']).toBe(USER_AGENT);
      expect(headers.authorization).toBeUndefined();
    }
  });

  test('has every shown row compared with `verify: all`', async ({ readSmall }) => {
    const rows = isWhole ? 4_576 : SMALL_ROWS;
    const reading = await readSmall({ rows, drawnRowPx }, { verify: 'all' });

    expect(reading.stated.total).toBe(rows);
    expect(reading.loaded).toHaveLength(rows);
    expect(reading.shown).toHaveLength(reading.stated.shown ?? 0);
  });

  test('gives its rows unchecked when its page fails over its own cache', async ({ crawl }) => {
    const board = await crawl({ cache: 'strict' });

    expect(board.outcome).toMatchObject({ status: 'loaded_only', shownChecked: 0, rows: 4576 });
    expect(board.outcome.warnings.join()).toContain(
      "Setting the value of 'leaderboardData' exceeded the quota",
    );
    expect(board.captures[0]).toMatchObject({ source: 'boards/open-llm', count: 4576 });
  });
});

test.describe('a board that disagrees with itself is refused:', () => {
  const drifted: [OpenLlmMutation, string][] = [
    ['header-renamed', 'Mean'],
    ['count-lies', 'stated total'],
    ['filters-on', 'stated shown'],
    ...inSoak<[OpenLlmMutation, string]>(
      ['column-missing', 'GPQA'],
      ['payload-row-dropped', 'stated total'],
    ),
  ];
  for (const [mutation, telling] of drifted) {
    test(mutation, async ({ readSmall }) => {
      await expectDrift(readSmall({ mutation }), telling);
    });
  }

  test('payload-empty', async ({ crawl }) => {
    const board = await crawl({ mutation: 'payload-empty' });

    expect(await expectRefused(board, 'BOARD_DRIFT', 'drifted')).toContain('at least 4000');
  });

  // Between the windows of a sample: the room that the table has says that there is more to read.
  const misplaced: [OpenLlmMutation, string, number][] = [
    ['row-lost', 'row 70, Rank', 45],
    ['dom-rows-only', 'row 60, Model', 45 + 1 / 64],
  ];
  for (const [mutation, telling, drawnRowPx] of misplaced) {
    test(`${mutation}, drawn rows ${drawnRowPx} px high`, async ({ readSmall }) => {
      await expectDrift(readSmall({ mutation, drawnRowPx }), telling);
    });
  }

  const inTheMiddle: [OpenLlmMutation, string][] = [
    ['rows-swapped', 'row 80, Rank'],
    ['value-changed', `row ${CHANGED_ROW}, Average`],
  ];
  for (const [mutation, telling] of inTheMiddle) {
    test(`${mutation}, in the document only, with \`verify: all\``, async ({ readSmall }) => {
      await expectDrift(readSmall({ mutation }, { verify: 'all' }), telling);
    });
  }
});

test.describe('the same page as one that nobody described, a window over its rows,', () => {
  // One of these is a record that the page hides.
  const rows = 100;
  const served = { skip: 300, rows };
  const definition = { id: openLlm.id, url: 'https://example.org/', renderer: 'html' };

  test('is read window by window; that it hides some is what it says itself', async ({
    crawl,
    readSmall,
  }) => {
    const board = await crawl({ ...served, definition, drawnRowPx: 45 + 1 / 64 });
    const described = await readSmall(served, { verify: 'all' });

    const shown = rows - 1;
    expect(board.outcome).toMatchObject({
      ...{ status: 'verified', stated: { shown: null, total: rows }, loaded: null },
      ...{ rows: shown, shownChecked: shown, renderer: 'html' },
      warnings: [expect.stringContaining('loaded 1 rows that it does not show')],
    });
    expect(snapshotOf(board).hidden).toBe(1);
    const cellsOf = ({ shown: found }: Pick<BoardReading, 'shown'>) =>
      found.map(({ cells }) => [cells['Rank'], cells['Model'], cells['BBH']]);
    expect(cellsOf(snapshotOf(board))).toEqual(cellsOf(described));
  });

  const refused: [OpenLlmMutation, string][] = [
    ['value-changed', `row ${CHANGED_ROW}, Average`],
    ...inSoak<[OpenLlmMutation, string]>(['count-lies', 'ranks']),
  ];
  for (const [mutation, telling] of refused) {
    test(`is refused: ${mutation}`, async ({ readSmall }) => {
      await expectDrift(readSmall({ mutation, ...served }, { definition: null }), telling);
    });
  }
});

test.describe('a board that cannot be had fails:', () => {
  const unreachable: [OpenLlmMutation, string][] = [
    ['payload-truncated', 'JSON'],
    ...inSoak<[OpenLlmMutation, string]>(['api-500', '500'], ['api-html', 'text/html']),
  ];
  for (const [mutation, telling] of unreachable) {
    test(mutation, async ({ crawl }) => {
      const board = await crawl({ mutation, rows: SMALL_ROWS });

      const diff = await expectRefused(board, 'BOARD_UNREACHABLE', 'failed');
      expect(diff).toContain(telling);
      // Two retries of ours; the page itself asks twice each time.
      expect(board.requests.filter(({ path }) => path === '/')).toHaveLength(3);
    });
  }

  test('skeleton-forever, without a second visit', async ({ crawl }) => {
    const board = await crawl({ mutation: 'skeleton-forever', crawl: { timeoutMs: 3_000 } });

    const diff = await expectRefused(board, 'BOARD_UNREACHABLE', 'failed');
    expect(diff).toContain('showed no rows within 3 s');
    expect(board.requests.filter(({ path }) => path === '/')).toHaveLength(1);
  });
});

test.describe('a board that changed harmlessly is read:', () => {
  test('column-added is a warning, and its cells are kept', async ({ readSmall }) => {
    const reading = await readSmall({ mutation: 'column-added' });

    expect(reconcile(smallBoard, reading)).toMatchObject({
      status: 'verified',
      warnings: ['The page has new columns: "Arena"'],
    });
    expect(reading.headers.indexOf('Arena')).toBe(6);
    expect(new Set(reading.shown.map(({ cells }) => cells['Arena']))).toEqual(new Set(['not yet']));
  });

  test('classes-changed is not even noticed', async ({ readSmall }) => {
    const reading = await readSmall({ mutation: 'classes-changed' });

    expect(reconcile(smallBoard, reading)).toMatchObject({ status: 'verified', warnings: [] });
    expect(reading.loaded).toHaveLength(SMALL_ROWS);
  });

  test('average-null shows `-`, at the end of the board', async ({ readSmall }) => {
    const reading = await readSmall({ mutation: 'average-null' });

    expect(reconcile(smallBoard, reading).status).toBe('verified');
    const last = { Average: '-', BBH: '-', Rank: `${SMALL_ROWS}` };
    expect(reading.shown.at(-1)?.cells).toMatchObject(last);
  });
});

test.describe('the crawl', () => {
  test('stops at an abort while it waits for rows, and says why', async ({ crawl }) => {
    const abort = new AbortController();
    const reason = new Error('told to stop');
    const crawling = crawl({
      mutation: 'skeleton-forever',
      crawl: { signal: abort.signal },
      // This page asks for its script, and for no rows.
      onRequest: ({ path }) => {
        if (path !== '/') abort.abort(reason);
      },
    });

    await expect(crawling).rejects.toBe(reason);
  });

  // Whatever it is doing then: making its pool, starting the browser, opening the page.
  const early = Array.from({ length: 20 }, (_, place) => 3 * place);
  const whole = [...early, 1_000, 10_000, 50_000, 100_000];
  for (const turns of isWhole ? whole : [0, 9, 1_000, 100_000]) {
    test(`stops when it was told so ${turns} turns of the event loop after its start`, async () => {
      const abort = new AbortController();
      const reason = new Error('told to stop');
      const dependencies = await dependenciesOf(() => Promise.reject(new Error('nothing to keep')));
      const evidenceFolder = test.info().outputPath('evidence');
      const urls = { [openLlm.id]: 'http://127.0.0.1:1/' };
      const input = { boards: [openLlm], urls, evidenceFolder };
      const crawling = crawlBoards(dependencies, input, { signal: abort.signal });
      const stopped = expect(crawling).rejects.toBe(reason);
      for (let turn = 0; turn < turns; turn += 1) await setImmediate();
      abort.abort(reason);
      await stopped;
    });
  }

  test('ends with the error of a disk that takes no capture', async ({ crawl }) => {
    const full = new EtlError('STORAGE_FULL', 'no space');
    const crawling = crawl({
      ...SMALL,
      write: () => Promise.reject(full),
    });

    await expect(crawling).rejects.toBe(full);
  });
});
