import { differs, type Difference } from '../../boards/drift.ts';
import type { ShownRow } from '../../boards/snapshot.ts';
import { uniqueHeaders, type TableCell, type TableRow } from '../../boards/table.ts';
import { normalHeader } from '../../boards/text.ts';
import type { ViewRow, Window } from './inside/walk.ts';
import { shownRow, tableCell } from './rows.ts';

/** Loaded rows that should be on the page, in its order, and how to compare them. */
export interface Expected {
  headers: readonly string[];
  rows: readonly TableRow[];
  agrees: (loaded: TableCell, shown: TableCell, header: string) => boolean;
  /** Columns that no loaded row has are kept as they are shown. @default they are a difference */
  takesMore?: boolean;
}

/** What windows of a table show, once it is known which rows they are. */
export interface Placed {
  /** Headers of the page, as the loaded rows have them. */
  headers: string[];
  shown: ShownRow[];
  /** Why the windows are not those rows; nothing of `shown` may be used then. */
  diff: Difference[];
}

/** More would hide the first ones, which say what happened. */
const MOST_CELLS = 8;

/**
 * Finds each window as one unbroken run of the expected rows: by the places that rows say, else by
 * their content. The first window must begin at the first row, and one that is at the end must end
 * there; both must have been reached. Pure.
 */
export function placeWindows(windows: readonly Window[], expected: Expected): Placed {
  const [first] = windows;
  const headers = pageHeaders(first ?? null, expected);
  const fail = (...diff: Difference[]): Placed => ({ headers: [], shown: [], diff });
  if (headers.diff.length > 0) return fail(...headers.diff);
  const shown = new Map<number, ShownRow>();
  const total = expected.rows.length;
  let near = 0;
  for (const window of windows.filter((it) => !isNothing(it, expected))) {
    const rows = window.rows.map((row) => namedRow(row.cells, headers.names));
    const search: Search = { ...expected, near, window };
    const start = startOf(rows, search);
    if (start === null) return fail(...nearestDiff(rows, search));
    const end = start + rows.length;
    if (window.atStart && start > 0) return fail(differs('first row on the page', 0, start));
    if (window.atEnd && end < total)
      return fail(differs('last row on the page', total - 1, end - 1));
    for (const [place, row] of rows.entries()) {
      shown.set(start + place, shownRow(Object.entries(row), start + place));
    }
    near = end - 1;
  }
  return {
    headers: headers.names.map(([, name]) => name),
    shown: [...shown.values()].sort((a, b) => a.index - b.index),
    diff: endsDiff(windows, expected),
  };
}

/** A page that has no rows to show may show one without content. */
const isNothing = ({ rows }: Window, { rows: expected }: Expected): boolean =>
  expected.length === 0 &&
  rows.every(({ cells }) => Object.values(cells).every((cell) => BLANK.has(tableCell(cell).text)));

const BLANK = new Set(['', 'null', 'undefined', 'NaN', 'false']);

function endsDiff(windows: readonly Window[], { rows }: Expected): Difference[] {
  if (rows.length === 0) return [];
  const missing = [
    ...(windows.some(({ atStart }) => atStart) ? [] : ['the first one']),
    ...(windows.some(({ atEnd }) => atEnd) ? [] : ['the last one']),
  ];
  return missing.map((which) => differs('rows on the page', which, 'not reached'));
}

/** Ids of the page's columns with the names that the loaded rows have for them. */
type Names = readonly (readonly [id: string, name: string])[];

/** A column of the page that the loaded rows do not have is a difference. */
function pageHeaders(
  window: Window | null,
  { headers, takesMore = false }: Expected,
): { names: Names; diff: Difference[] } {
  const loaded = new Map(headers.map((header) => [normalHeader(header), header]));
  const heads = window?.heads ?? [];
  const texts = uniqueHeaders(heads.map(({ text }) => text));
  const names = heads.flatMap(({ id }, at): [string, string][] => {
    const text = texts[at] ?? '';
    const name = loaded.get(normalHeader(text)) ?? (takesMore ? text : undefined);
    return name === undefined ? [] : [[id, name]];
  });
  if (names.length === heads.length) return { names, diff: [] };
  const news = heads.filter(({ id }) => !names.some(([known]) => known === id));
  const found = news.map(({ text }) => text).join(' | ');
  return { names: [], diff: [differs('header', headers.join(' | '), found)] };
}

const namedRow = (cells: ViewRow['cells'], names: Names): TableRow =>
  Object.fromEntries(
    names.flatMap(([id, name]) => (id in cells ? [[name, tableCell(cells[id])]] : [])),
  );

interface Search extends Expected {
  window: Window;
  /** The last place that is known: windows overlap the one before. */
  near: number;
}

function rowAgrees(row: TableRow, place: number, search: Search): boolean {
  const { rows, agrees, window, takesMore = false } = search;
  const loaded = rows[place];
  const cells = Object.entries(row);
  if (!loaded || cells.length !== window.heads.length) return false;
  return cells.every(([header, shown]) => {
    const cell = loaded[header];
    return cell ? agrees(cell, shown, header) : takesMore;
  });
}

/** Where rows lie among the expected ones; null when they are nowhere one run of them. */
function startOf(rows: readonly TableRow[], search: Search): number | null {
  const lastStart = search.rows.length - rows.length;
  const isAt = (start: number): boolean =>
    start >= 0 && rows.every((row, place) => rowAgrees(row, start + place, search));
  const known = knownStart(search.window, lastStart);
  if (known !== null) return isAt(known) && isRun(search.window) ? known : null;
  // Rows that look the same are told apart by their place after the window before.
  for (let start = Math.max(0, search.near - rows.length + 1); start <= lastStart; start += 1) {
    if (isAt(start)) return start;
  }
  for (let start = 0; start < search.near; start += 1) if (isAt(start)) return start;
  return null;
}

/** Where a window must begin: where it says, or as the first or the last one. */
function knownStart(window: Window, lastStart: number): number | null {
  const place = window.rows[0]?.place ?? null;
  if (place !== null) return place;
  if (window.atStart) return 0;
  return window.atEnd ? Math.max(0, lastStart) : null;
}

const isRun = ({ rows: [first, ...others] }: Window): boolean => {
  const start = first?.place ?? null;
  return start === null || others.every(({ place }, at) => place === start + at + 1);
};

/** The differences to where a window most probably belongs. */
function nearestDiff(rows: readonly TableRow[], search: Search): Difference[] {
  const start = likelyStart(rows, search);
  const diff: Difference[] = [];
  for (const [place, row] of rows.entries()) {
    const loaded = search.rows[start + place];
    const where = `row ${start + place}`;
    if (!loaded) {
      const found = Object.values(row).map(({ text }) => text);
      diff.push({ ...differs('row', 'none', found.join(' | ')), where });
      continue;
    }
    for (const [header, shown] of Object.entries(row)) {
      const cell = loaded[header];
      if (cell ? search.agrees(cell, shown, header) : search.takesMore) continue;
      const difference = differs('cell', cell?.text ?? 'none', shown.text);
      diff.push({ ...difference, where: `${where}, ${header}` });
    }
    if (diff.length >= MOST_CELLS) break;
  }
  if (diff.length > 0) return diff.slice(0, MOST_CELLS);
  const places = search.window.rows.map(({ place }) => place).join(' ');
  return [differs('rows of a window', 'one unbroken run', places)];
}

function likelyStart(rows: readonly TableRow[], search: Search): number {
  const lastStart = Math.max(0, search.rows.length - rows.length);
  const known = knownStart(search.window, lastStart);
  if (known !== null) return known;
  let [best, most] = [Math.min(search.near, lastStart), 0];
  for (let start = 0; start <= lastStart; start += 1) {
    const same = rows.filter((row, place) => rowAgrees(row, start + place, search)).length;
    if (same > most) [best, most] = [start, same];
  }
  return best;
}
