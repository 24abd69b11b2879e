import type { Frame } from 'playwright';
import { uniqueHeaders, type TableRow } from '../../../board-table.ts';
import type { ShownRow } from '../../../capture.ts';
import type { Difference } from '../../board-drift.ts';
import { randomWindows } from '../../board-windows.ts';
import type { ReadOptions } from '../renderer.ts';
import type { Pair } from './decide.ts';
import { joinWindows, placeWindows } from './match.ts';
import { readWindows, type RowWindow, type WindowRequest } from './page-tables.ts';
import type { TableValue } from './table-value.ts';

/** What was read of one table; with a `diff` nothing else of it may be used. */
export interface TableReading {
  table: TableValue | null;
  headers: string[];
  shown: ShownRow[];
  kept: number[] | null;
  filters: string[];
  complete: boolean;
  virtualRows: number | null;
  diff: Difference[];
}

/** A window of rows that takes longer than this to appear does not appear. */
const WINDOW_MS = 10_000;
/** One call into the page reads for so long, so that a run can be stopped in between. */
const BUDGET_MS = 5000;
const WINDOWS_A_CALL = 400;
/** More windows than any table has that a browser can draw. */
const MOST_CALLS = 2000;
const MOST_MORE = 40;

/** Reads a table whose rows are known, and finds which of the candidates it is. */
export async function readLoaded(
  frame: Frame,
  { pair, candidates }: { pair: Pair; candidates: readonly TableValue[] },
  options: ReadOptions,
): Promise<TableReading> {
  const rows = Math.max(0, ...candidates.map(({ count }) => count));
  // Random windows would look at a short table again and again before they had seen all of it.
  const windows =
    options.verify === 'all' || rows <= options.sampleRows
      ? await everyWindow(frame, pair)
      : await sampleOf(frame, pair, { ...options, rows });
  const late = windows.find(({ settled }) => !settled);
  const nothing: TableReading = { ...NOTHING, diff: late ? [LATE] : [] };
  if (late) return nothing;
  let worst: TableReading | null = null;
  for (const table of candidates) {
    for (const filter of filtersOf(table)) {
      const kept = filter.kept
        .map((place) => table.rows()[place])
        .filter((row) => row !== undefined);
      const reading = compared(windows, { table, kept, filter });
      if (reading.diff.length === 0) return reading;
      worst ??= reading;
    }
  }
  return worst ?? nothing;
}

const LATE: Difference = {
  what: 'rows drawn after scrolling',
  expected: 'all in view',
  found: `not in ${WINDOW_MS} ms`,
};

const NOTHING: TableReading = {
  table: null,
  headers: [],
  shown: [],
  kept: null,
  filters: [],
  complete: false,
  virtualRows: null,
  diff: [],
};

interface Filtering {
  names: string[];
  kept: number[];
}

/**
 * Which rows the page may show: those that its default filters keep, or all of them, since a
 * Leaderboard that is filled again forgets its filters until somebody touches them.
 */
function filtersOf(table: TableValue): Filtering[] {
  const all = { names: [], kept: table.rows().map((_row, place) => place) };
  if (table.defaults.length === 0) return [all];
  const keeps = (row: TableRow): boolean =>
    table.defaults.every(({ header, value }) => row[header]?.value === value);
  const kept = [...table.rows().entries()].filter(([, row]) => keeps(row)).map(([place]) => place);
  const names = table.defaults.map(({ header, value }) => `${header}=${String(value)}`);
  return [{ names, kept }, all];
}

function compared(
  windows: readonly RowWindow[],
  given: { table: TableValue; kept: TableRow[]; filter: Filtering },
): TableReading {
  const { table, kept, filter } = given;
  const { headers, agrees } = table;
  const { shown, diff } = placeWindows(windows, { headers, rows: kept, agrees });
  const places = new Set(shown.flatMap(({ cells }) => Object.keys(cells)));
  const exact = windows.at(-1)?.virtualRows ?? null;
  return {
    table,
    headers: headers.filter((header) => places.has(header)),
    shown,
    kept: table.kind === 'leaderboard' ? filter.kept : null,
    filters: filter.names,
    complete: shown.length === kept.length,
    // Heights of rows that were never drawn are a guess: only a whole table's height is a count.
    virtualRows: shown.length === kept.length && kept.length > 0 ? exact : null,
    diff,
  };
}

/** Reads every row of a table that loaded none, or none that we can read. */
export async function readDrawn(frame: Frame, pair: Pair): Promise<TableReading> {
  const windows = await everyWindow(frame, pair);
  const rows = windows.every(({ settled }) => settled) ? joinWindows(windows) : null;
  const [first] = windows;
  if (!rows || !first) {
    const found = 'rows that cannot be proved to be all';
    return { ...NOTHING, diff: [{ what: 'rows on the page', expected: 'all of them', found }] };
  }
  const headers = uniqueHeaders(first.headers);
  const shown = rows.map((row) => ({ ...row, identity: '' }));
  return { ...NOTHING, headers, shown, complete: true };
}

const requestOf = (
  { drawn, nth, tables }: Pair,
  places: WindowRequest['places'],
): WindowRequest => ({
  headers: drawn.headers,
  nth,
  places,
  waitMs: WINDOW_MS,
  budgetMs: BUDGET_MS,
  holds: tables.length > 0 ? 0 : 2,
});

/** Windows at all these places, in as many calls as the budget of one makes necessary. */
async function windowsAt(
  frame: Frame,
  pair: Pair,
  places: WindowRequest['places'],
): Promise<RowWindow[]> {
  const windows: RowWindow[] = [];
  while (windows.length < places.length) {
    const more = await readWindows(frame, requestOf(pair, places.slice(windows.length)));
    windows.push(...more);
    if (more.length === 0 || more.at(-1)?.settled === false) break;
  }
  return windows;
}

async function everyWindow(frame: Frame, pair: Pair): Promise<RowWindow[]> {
  const windows = await readWindows(frame, requestOf(pair, ['first']));
  const next = requestOf(
    pair,
    Array.from({ length: WINDOWS_A_CALL }, () => 'next' as const),
  );
  for (let call = 0; call < MOST_CALLS; call += 1) {
    const last = windows.at(-1);
    if (!last || last.atEnd || !last.settled) return windows;
    const more = await readWindows(frame, next);
    const reached = more.at(-1);
    windows.push(...more);
    if (!reached || (reached.topPx <= last.topPx && !reached.atEnd)) return windows;
  }
  return windows;
}

async function sampleOf(
  frame: Frame,
  pair: Pair,
  { sampleRows, seed, rows }: ReadOptions & { rows: number },
): Promise<RowWindow[]> {
  const [first] = await readWindows(frame, requestOf(pair, ['first']));
  if (!first || !first.settled || (first.atStart && first.atEnd)) return first ? [first] : [];
  // The window grows while some versions are scrolled: one in the middle tells its size. Each window
  // costs the page as much as its first rows did, so none is drawn for nothing.
  const [middle = 0] = randomWindows(first, 1, seed);
  const windows = [first, ...(await windowsAt(frame, pair, ['last', middle]))];
  const enough = Math.min(sampleRows, rows);
  const inWindow = Math.max(...windows.map((it) => it.rows.length));
  const between = Math.ceil((enough - distinct(windows)) / inWindow);
  if (between > 0) {
    windows.push(...(await windowsAt(frame, pair, randomWindows(first, between, seed + 1))));
  }
  for (let more = 1; distinct(windows) < enough && more <= MOST_MORE; more += 1) {
    if (windows.some(({ settled }) => !settled)) break;
    const place = randomWindows(first, 1, seed + 1 + more);
    windows.push(...(await readWindows(frame, requestOf(pair, place))));
  }
  return windows;
}

const distinct = (windows: readonly RowWindow[]): number =>
  new Set(windows.flatMap(({ rows }) => rows.map(({ cells }) => JSON.stringify(cells)))).size;
