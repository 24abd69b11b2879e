import type { Frame } from 'playwright';
import { EtlError } from '../../../errors.ts';
import { BoardDriftError } from '../../../boards/drift.ts';
import { failOnTraffic, followTraffic, type PageTraffic } from '../html-table/page-traffic.ts';
import { runInPage } from '../html-table/in-page.ts';
import { openTab } from '../../pages/tab.ts';
import { makePageReader } from '../html-table/page-reader.ts';
import { prepareCells } from './grid-cells.ts';
import {
  hasArrayOf,
  loadedGrid,
  provenGrid,
  rowsLoaded,
  statedRows,
  type LoadedGrid,
} from './grid-payload.ts';
import { seededRandom } from '../../board-windows.ts';
import { findTablePayload, type TablePayload } from '../html-table/payload-proof.ts';
import { rankDifferences } from '../../pages/doubts.ts';
import { statedSize } from '../../pages/stated.ts';
import { foundTables, likeliestTable, tableOf } from '../../pages/choose.ts';
import { again, noteTexts, rest, textsAround } from '../html-table/table-look.ts';
import { shownRows } from '../../pages/rows.ts';
import type { ReadOptions, Kind } from '../../kinds/kind.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import { makeGridCounts, makeGridHeads, makeGridPage } from './grid-page.ts';
import {
  beginSample,
  endSample,
  gridToSample,
  makeSampler,
  sampleTops,
  takeSample,
  until,
  veilRows,
  windowsFor,
} from './grid-sample.ts';
import { gridTable, type GridTable } from './grid-table.ts';
import { showsValue } from './grid-values.ts';
import { lookAtGrids, makeGridWalker, stretchGrid, walkGrid, type GridState } from './grid-walk.ts';

const TOOLS = { makePageReader, makeGridHeads, makeGridCounts, makeGridPage, makeGridWalker };
const SAMPLE_TOOLS = {
  ...{ ...TOOLS, stretchGrid, textsAround, until, veilRows },
  ...{ windowsFor, sampleTops, makeSampler, gridToSample, takeSample },
};
const SHORT_QUIET_MS = 60;
const LONG_QUIET_MS = 1_000;
/** A grid draws no more than 500 rows at a time; a larger window takes longer to come to rest. */
const TALL_ROWS = 100;
/** Without a new cell for so long, a window of rows does not come. */
const WINDOW_MS = 10_000;
/** A grid of no more rows is read whole: that takes little longer than a sample. */
const SMALL_GRID_ROWS = 1_000;
const MOST_WALKS = 3;
const MOST_PAGES = 1_000;
/** More windows than this begin anew with the places of the first ones in their strips. */
const RANDOM_PLACES = 50;
/** A grid that is not drawn whole by then, where it is stretched, is scrolled over. */
const WHOLE_MS = 1_000;

/**
 * AG Grid, by its own names for rows and columns: only those in view are in the document, in up to
 * three containers. Every row and column is read by scrolling; the grid counts both. Of a large grid
 * whose rows the page loaded as they are shown, first, last and random ones are compared with those.
 *
 * @see https://www.ag-grid.com/javascript-data-grid/accessibility/
 */
export const agGrid: Kind = {
  id: 'ag-grid',
  listen: async (page) => {
    const traffic = await followTraffic(page, prepareCells);
    return { read: (frame, options) => read({ frame, traffic, options }) };
  },
  recognises: async (frame) => (await statesOf(frame)).some(isReady),
};

interface Reader {
  frame: Frame;
  traffic: PageTraffic;
  options: ReadOptions;
}

const statesOf = (frame: Frame): Promise<GridState[]> =>
  runInPage(frame, lookAtGrids, { tools: TOOLS, argument: null });

const isReady = ({ busy, drawn, view }: GridState): boolean =>
  !busy && drawn && view.rows.length > 0;

async function read(reader: Reader): Promise<BoardReading> {
  const { frame, traffic, options } = reader;
  const { definition, timeoutMs } = options;
  const endMs = performance.now() + timeoutMs;
  if (definition) await openTab(frame, definition, timeoutMs);
  const sampled = await sampleAtOnce(reader, endMs);
  if (sampled) return sampled;
  for (let walks = 0; ;) {
    await rest(frame, { quietMs: SHORT_QUIET_MS, endMs: performance.now() + LONG_QUIET_MS });
    failOnTraffic(traffic, frame);
    const states = await statesOf(frame);
    if (states.length > 0 && states.every(isReady)) {
      const reading = await readAll(reader, states);
      walks += 1;
      if (reading) return reading;
    }
    // Reading takes as long as the grid draws; waiting for it, or for it to rest, does not.
    if (walks >= MOST_WALKS || performance.now() >= endMs) throw unfinished(reader, states);
  }
}

/** The board, or null when it changed while it was read. */
async function readAll(reader: Reader, states: readonly GridState[]): Promise<BoardReading | null> {
  const { frame, traffic, options } = reader;
  const asked = traffic.asked();
  const sampled = await sample(reader, states);
  if (sampled) return sampled;
  const tables = await walkAll(reader, states.length);
  const { definition } = options;
  const table = definition ? tableOf(tables, definition) : likeliestTable(tables);
  const payload = findTablePayload(table, await traffic.answers());
  if (payload?.length !== table.rows.length || table.differences.length > 0) {
    const endMs = performance.now() + 5 * LONG_QUIET_MS;
    const long = await rest(frame, { quietMs: LONG_QUIET_MS, endMs });
    const counts = (await statesOf(frame)).map(({ view }) => view.statedRows);
    const isSame = counts.join() === states.map(({ view }) => view.statedRows).join();
    const isIdle = traffic.asked() === asked && traffic.pending(frame).length === 0;
    if (!isSame || !isIdle || !long.ready) return null;
  }
  return readingOf(reader, tables, { table, payload, notes: await noteTexts(frame) });
}

async function walkAll({ frame, options }: Reader, grids: number): Promise<GridTable[]> {
  const tables: GridTable[] = [];
  for (let at = 0; at < grids; at += 1) {
    await runInPage(frame, stretchGrid, { tools: TOOLS, argument: { at, rows: TALL_ROWS } });
    const argument = { at, waitMs: WINDOW_MS, mostPages: MOST_PAGES, tops: null };
    const { views, drawn } = await runInPage(frame, walkGrid, { tools: TOOLS, argument });
    const table = gridTable(views, options.definition);
    if (!drawn) {
      const found = `not within ${WINDOW_MS} ms`;
      table.differences.push({ what: 'rows in view', expected: 'drawn', found });
    }
    tables.push({ ...table, place: `grid ${at + 1}` });
  }
  return tables;
}

/** Rows of a grid of which a sample tells enough, if the page loaded them; null for others. */
function sampledRows(states: readonly GridState[], { verify }: ReadOptions): number | null {
  const [state] = states;
  if (!state || states.length > 1 || state.paged || verify === 'all') return null;
  const rows = statedRows(state.view);
  return rows !== null && rows > SMALL_GRID_ROWS ? rows : null;
}

/**
 * The board by what the page loaded for it, windows of its grid read as they are drawn; null where
 * that is not surely what the grid shows, or not yet.
 */
async function sampleAtOnce(reader: Reader, endMs: number): Promise<BoardReading | null> {
  const { frame, traffic, options } = reader;
  const { verify, seed, sampleRows, definition } = options;
  const next = seededRandom(seed);
  const argument = {
    ...{ smallRows: SMALL_GRID_ROWS, sampleRows, tallRows: TALL_ROWS },
    random: Array.from({ length: RANDOM_PLACES }, next),
    ...{ gridMs: LONG_QUIET_MS, windowMs: WHOLE_MS },
  };
  while (verify !== 'all' && performance.now() < endMs) {
    const [{ ready, view }, ending] = await again(frame, async () => {
      const beginning = runInPage(frame, beginSample, { tools: SAMPLE_TOOLS, argument });
      const end = runInPage(frame, endSample, { tools: {}, argument: null });
      end.catch(() => undefined);
      // Not waited for: what is known by now is worked on while the page draws the rest.
      return [await beginning, { end }] as const;
    });
    failOnTraffic(traffic, frame);
    if (!ready) continue;
    const candidates = view ? rowsLoaded([view], await traffic.answers(), definition) : [];
    const sample = await ending.end;
    if (!sample?.drawn || !sample.same) return null;
    const grid = provenGrid(sample.views, candidates);
    return grid && sampledReading(reader, grid, sample.notes);
  }
  return null;
}

/** The same, each window read when it has not changed for some frames. */
async function sample(reader: Reader, states: readonly GridState[]): Promise<BoardReading | null> {
  const { frame, traffic, options } = reader;
  const rows = sampledRows(states, options);
  const answers = rows === null ? [] : await traffic.answers();
  if (rows === null || !hasArrayOf(rows, answers)) return null;
  const { seed, sampleRows, definition } = options;
  const windows = windowsFor(sampleRows, { spare: 0, most: TALL_ROWS });
  const tall = { at: 0, rows: windows.rows };
  await runInPage(frame, stretchGrid, { tools: TOOLS, argument: tall });
  const next = seededRandom(seed);
  const tops = sampleTops(rows, windows, Array.from({ length: windows.count }, next));
  const argument = { at: 0, waitMs: WINDOW_MS, mostPages: 1, tops };
  const { views, drawn } = await runInPage(frame, walkGrid, { tools: TOOLS, argument });
  const grid = drawn ? loadedGrid(views, answers, definition) : null;
  const isSame = grid && sampledRows(await statesOf(frame), options) === rows;
  return isSame ? sampledReading(reader, grid, await noteTexts(frame)) : null;
}

/** Null when the rows of the sample are too few, ranks are missing, or more is on its way. */
function sampledReading(
  { frame, traffic, options }: Reader,
  grid: LoadedGrid,
  notes: readonly string[],
): BoardReading | null {
  const { definition, sampleRows } = options;
  if (grid.shown.length < sampleRows || traffic.pending(frame).length > 0) return null;
  if (rankDifferences(grid).length > 0) return null;
  const table = definition ? tableOf([grid], definition) : likeliestTable([grid]);
  const rows = grid.loaded.length;
  const read = shownRows({ ...grid, rows: grid.shown.map(([, cells]) => cells) });
  return {
    stated: { shown: rows, total: statedSize(notes, rows).total ?? rows },
    loaded: grid.loaded,
    loadedFrom: grid.url,
    headers: grid.headers,
    shown: read.map((row, at) => ({ ...row, index: grid.shown[at]?.[0] ?? 0 })),
    complete: false,
    filters: [],
    pageError: null,
    agrees: (loaded, shown) => showsValue(shown.text, loaded.value),
    tables: foundTables([table], table),
  };
}

function readingOf(
  { frame, options }: Reader,
  tables: readonly GridTable[],
  found: { table: GridTable; payload: TablePayload | null; notes: readonly string[] },
): BoardReading {
  const { table, payload, notes } = found;
  const { headers, rows } = table;
  const diff = [...table.differences, ...(payload?.differences ?? []), ...rankDifferences(table)];
  if (diff.length > 0) throw new BoardDriftError(options.definition?.id ?? frame.url(), diff);
  const isWhole = payload === null || payload.length === rows.length;
  const { total } = statedSize(notes, rows.length);
  return {
    stated: { shown: rows.length, total: isWhole ? (total ?? rows.length) : payload.length },
    loaded: null,
    loadedFrom: payload?.url ?? null,
    headers,
    shown: shownRows(table),
    complete: true,
    filters: table.filters,
    pageError: null,
    tables: foundTables(tables, table),
  };
}

function unfinished({ frame, options }: Reader, states: readonly GridState[]): EtlError {
  const seconds = Math.round(options.timeoutMs / 1000);
  const what =
    states.length === 0 ? 'has no grid' : 'has a grid without rows, or one that still loads';
  const message = `${frame.url()} ${what} after ${seconds} s`;
  return new EtlError('BOARD_UNREACHABLE', message, {
    context: { url: frame.url(), again: false },
  });
}
