import type { Frame } from 'playwright';
import { uniqueHeaders, type TableRow } from '../../../boards/table.ts';
import type { ShownRow } from '../../../boards/snapshot.ts';
import type { Difference } from '../../../boards/drift.ts';
import { randomWindows } from '../../board-windows.ts';
import type { ReadOptions } from '../../kinds/kind.ts';
import type { Pair } from './decide.ts';
import { joinWindows, placeWindows } from './match.ts';
import { readSample, readWindows, type RowWindow, type WindowRequest } from './page-tables.ts';
import type { TableValue } from './table-value.ts';
import type { Heard } from './wire-tap.ts';

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
  /** What the page had heard when the last row was read; null where that is not known. */
  heard: Heard | null;
}

/** A window of rows that takes longer than this to appear does not appear. */
const WINDOW_MS = 10_000;
/** One call into the page reads for so long, so that a run can be stopped in between. */
const BUDGET_MS = 5000;
const WINDOWS_A_CALL = 400;
/** More windows than any table has that a browser can draw. */
const MOST_CALLS = 2000;
const MOST_MORE = 40;

/** A drawn table, and how it may be read. */
interface TableToRead {
  pair: Pair;
  /** Whether rows may be read before a frame has shown them: what differs then is read once more. */
  atOnce: boolean;
}

interface LoadedTable extends TableToRead {
  candidates: readonly TableValue[];
}

/** Reads a table whose rows are known, and finds which of the candidates it is. */
export async function readLoaded(
  frame: Frame,
  { pair, candidates, atOnce }: LoadedTable,
  options: ReadOptions,
): Promise<TableReading> {
  const rows = Math.max(0, ...candidates.map(({ count }) => count));
  // Random windows would look at a short table again and again before they had seen all of it.
  const prepare = (): void => {
    for (const table of candidates) table.rows();
  };
  const windows = await whilePreparing(
    prepare,
    options.verify === 'all' || rows <= options.sampleRows
      ? everyWindow(frame, { pair, atOnce })
      : sampleOf(frame, { pair, atOnce }, { ...options, rows }),
  );
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

/** Prepares the rows while the page draws its own: once the request to do so has left this process. */
async function whilePreparing<Drawn>(prepare: () => void, drawing: Promise<Drawn>): Promise<Drawn> {
  const prepared = new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const [drawn] = await Promise.all([drawing, prepared.then(prepare)]);
  return drawn;
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
  heard: null,
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
    heard: windows.at(-1)?.heard ?? null,
  };
}

/** Reads every row of a table that loaded none, or none that we can read. */
export async function readDrawn(frame: Frame, pair: Pair): Promise<TableReading> {
  const windows = await everyWindow(frame, { pair, atOnce: false });
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
  { pair: { drawn, nth, tables }, atOnce }: TableToRead,
  places: WindowRequest['places'],
): WindowRequest => ({
  headers: drawn.headers,
  nth,
  places,
  waitMs: WINDOW_MS,
  budgetMs: BUDGET_MS,
  holds: tables.length === 0 ? 2 : atOnce ? 0 : 1,
  atOnce,
});

async function everyWindow(frame: Frame, table: TableToRead): Promise<RowWindow[]> {
  const windows = await readWindows(frame, requestOf(table, ['first']));
  const next = requestOf(
    table,
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

/** The first and the last rows and random ones; all in one call, since each window takes the page long. */
async function sampleOf(
  frame: Frame,
  table: TableToRead,
  options: ReadOptions & { rows: number },
): Promise<RowWindow[]> {
  const enough = Math.min(options.sampleRows, options.rows);
  const places = ['first', 'last', ...randomPlaces(table.pair.drawn.drawn, options)] as const;
  const windows: RowWindow[] = [];
  // More than one call where its budget is spent, so that a run can be stopped in between.
  while (windows.length < places.length) {
    const rows = enough - distinct(windows);
    const request = requestOf(table, places.slice(windows.length));
    const more = await readSample(frame, { ...request, rows });
    windows.push(...more);
    const last = more.at(-1);
    if (!last?.settled || (last.atStart && last.atEnd) || distinct(windows) >= enough) break;
  }
  return windows;
}

/**
 * Shares of the way to the end: one place in each of as many strips as there will be windows, and more
 * for when those show too few rows.
 */
function randomPlaces(
  drawn: number,
  { sampleRows, seed, rows }: ReadOptions & { rows: number },
): number[] {
  // In rows: how high the page's own are changes while they are drawn.
  const size = { contentPx: rows, viewPx: Math.min(drawn, rows - 1), rowPx: 1 };
  // A window between the ends has about half as many rows again, since rows are drawn on both its sides.
  const windows = Math.max(1, Math.ceil((sampleRows - 2 * drawn) / (1.5 * Math.max(1, drawn))));
  const more = Array.from({ length: MOST_MORE }, (_, at) => randomWindows(size, 1, seed + 1 + at));
  const tops = [...randomWindows(size, windows, seed), ...more.flat()];
  return tops.map((top) => top / (size.contentPx - size.viewPx));
}

const distinct = (windows: readonly RowWindow[]): number =>
  new Set(windows.flatMap(({ rows }) => rows.map(({ cells }) => JSON.stringify(cells)))).size;
