import { uniqueHeaders, type TableCell, type TableRow } from '../../../boards/table.ts';
import type { ShownRow } from '../../../boards/snapshot.ts';
import { differs, type Difference } from '../../../boards/drift.ts';
import { normalHeader } from '../../../boards/text.ts';
import type { RowWindow } from './page-tables.ts';

/** Loaded rows that should be on the page, in its order, and how to compare them. */
export interface Expected {
  headers: readonly string[];
  rows: readonly TableRow[];
  agrees: (loaded: TableCell, shown: TableCell) => boolean;
}

/** What windows of a table show, once it is known which rows they are. */
export interface Placed {
  shown: ShownRow[];
  /** Why the windows are not those rows; nothing of `shown` may be used then. */
  diff: Difference[];
}

const MOST_CELLS = 8;

/**
 * Finds each window as one unbroken run of the expected rows: by the address that rows have, else by
 * their content. The first window must begin at the first row; one that is at the end must end there.
 */
export function placeWindows(windows: readonly RowWindow[], expected: Expected): Placed {
  const shown = new Map<number, ShownRow>();
  const fail = (...diff: Difference[]): Placed => ({ shown: [], diff });
  let near = 0;
  for (const window of windows.filter((it) => !isNothing(it, expected))) {
    const headers = pageHeaders(window, expected);
    if (!headers.names) return fail(...headers.diff);
    const rows = shownRows(window, headers.names);
    if (!rows) return fail(differs('cells of a row', headers.names.length, 'another number'));
    const start = startOf(window, rows, { ...expected, near });
    if (start === null) return fail(...nearestDiff(window, rows, { ...expected, near }));
    const end = start + rows.length;
    const total = expected.rows.length;
    if (window.atStart && start > 0) return fail(differs('first row on the page', 0, start));
    if (window.atEnd && end < total)
      return fail(differs('last row on the page', total - 1, end - 1));
    for (const [place, row] of rows.entries()) {
      shown.set(start + place, { ...row, index: start + place });
    }
    near = end - 1;
  }
  const diff = endsDiff(windows, expected);
  return { shown: [...shown.values()].sort((a, b) => a.index - b.index), diff };
}

/** A page that has no rows to show may show one without content. */
const isNothing = ({ rows }: RowWindow, { rows: expected }: Expected): boolean =>
  expected.length === 0 && rows.every(({ cells }) => cells.every((cell) => BLANK.has(cell)));

const BLANK = new Set(['', 'null', 'undefined', 'NaN', 'false']);

function endsDiff(windows: readonly RowWindow[], { rows }: Expected): Difference[] {
  if (rows.length === 0) return [];
  const hasStart = windows.some(({ atStart }) => atStart);
  const hasEnd = windows.some(({ atEnd }) => atEnd);
  return [
    ...(hasStart ? [] : [differs('rows on the page', 'the first one', 'not reached')]),
    ...(hasEnd ? [] : [differs('rows on the page', 'the last one', 'not reached')]),
  ];
}

/** Names the page's columns as the payload does; a column that only one of them has is a difference. */
function pageHeaders(window: RowWindow, { headers }: Expected) {
  const loaded = new Map(headers.map((header) => [normalHeader(header), header]));
  const names = uniqueHeaders(window.headers).map((header) => loaded.get(normalHeader(header)));
  const known = names.flatMap((name) => name ?? []);
  if (known.length === names.length) return { names: known, diff: [] };
  const news = window.headers.filter((_header, place) => names[place] === undefined);
  return { names: null, diff: [differs('header', headers.join(' | '), news.join(' | '))] };
}

function shownRows(
  window: RowWindow,
  headers: readonly string[],
): Omit<ShownRow, 'index'>[] | null {
  if (window.rows.some(({ cells }) => cells.length !== headers.length)) return null;
  return window.rows.map(({ cells, links }) => {
    const linked = headers.flatMap((header, place) => {
      const link = links[place] ?? '';
      return link === '' ? [] : [[header, link] as const];
    });
    return {
      identity: '',
      cells: Object.fromEntries(headers.map((header, place) => [header, cells[place] ?? ''])),
      ...(linked.length > 0 && { links: Object.fromEntries(linked) }),
    };
  });
}

type Row = Omit<ShownRow, 'index'>;
type Search = Expected & { near: number };

function rowAgrees(row: Row, place: number, { rows, agrees }: Expected): boolean {
  const loaded = rows[place];
  if (!loaded) return false;
  for (const header of Object.keys(row.cells)) {
    const cell = loaded[header];
    if (!cell || !agrees(cell, shownCell(row, header))) return false;
  }
  return true;
}

const shownCell = (row: Row, header: string): TableCell => {
  const link = row.links?.[header];
  return { text: row.cells[header] ?? '', ...(link !== undefined && { link }) };
};

/** Where a window's rows lie among the expected ones; null when they are nowhere one run of them. */
function startOf(window: RowWindow, rows: readonly Row[], search: Search): number | null {
  const lastStart = search.rows.length - rows.length;
  const isAt = (start: number): boolean =>
    start >= 0 && rows.every((row, place) => rowAgrees(row, start + place, search));
  const known = knownStart(window, lastStart);
  if (known !== null) return isAt(known) && isRun(window) ? known : null;
  // Windows overlap the one before, so that rows which look the same are told apart by their place.
  for (let start = Math.max(0, search.near - rows.length + 1); start <= lastStart; start += 1) {
    if (isAt(start)) return start;
  }
  for (let start = 0; start < search.near; start += 1) if (isAt(start)) return start;
  return null;
}

/** Where a window must begin, by its address or as the first or the last one. */
function knownStart(window: RowWindow, lastStart: number): number | null {
  const address = window.rows[0]?.address ?? null;
  if (address !== null) return address;
  if (window.atStart) return 0;
  return window.atEnd ? Math.max(0, lastStart) : null;
}

const isRun = ({ rows: [first, ...others] }: RowWindow): boolean => {
  const start = first?.address ?? null;
  return start === null || others.every(({ address }, place) => address === start + place + 1);
};

/** The differences to where the window most probably belongs. */
function nearestDiff(window: RowWindow, rows: readonly Row[], search: Search): Difference[] {
  const start = likelyStart(window, rows, search);
  const diff: Difference[] = [];
  for (const [place, row] of rows.entries()) {
    const loaded = search.rows[start + place];
    const where = `row ${start + place}`;
    if (!loaded) {
      diff.push({ ...differs('row', 'none', Object.values(row.cells).join(' | ')), where });
      continue;
    }
    for (const [header, found] of Object.entries(row.cells)) {
      const cell = loaded[header];
      if (cell && search.agrees(cell, shownCell(row, header))) continue;
      diff.push({ ...differs('cell', cell?.text ?? 'none', found), where: `${where}, ${header}` });
    }
    if (diff.length >= MOST_CELLS) break;
  }
  if (diff.length > 0) return diff.slice(0, MOST_CELLS);
  const addresses = window.rows.map(({ address }) => address).join(' ');
  return [differs('rows of a window', 'one unbroken run', addresses)];
}

function likelyStart(window: RowWindow, rows: readonly Row[], search: Search): number {
  const lastStart = Math.max(0, search.rows.length - rows.length);
  const known = knownStart(window, lastStart);
  if (known !== null) return known;
  let [best, most] = [Math.min(search.near, lastStart), 0];
  for (let start = 0; start <= lastStart; start += 1) {
    const same = rows.filter((row, place) => rowAgrees(row, start + place, search)).length;
    if (same > most) [best, most] = [start, same];
  }
  return best;
}

/**
 * Joins windows that nobody knows the rows of: by address, else where one overlaps the one before.
 * Null when a row may be missing between two of them, or the overlap is not the only possible one.
 */
export function joinWindows(windows: readonly RowWindow[]): Omit<ShownRow, 'identity'>[] | null {
  if (!hasBothEnds(windows)) return null;
  const joined: Omit<ShownRow, 'identity'>[] = [];
  for (const window of windows) {
    const rows = shownRows(window, uniqueHeaders(window.headers));
    if (!rows || !isRun(window)) return null;
    const start = joined.length === 0 ? 0 : overlapStart(joined, rows, window);
    if (start === null || start > joined.length || !addRows(joined, rows, start)) return null;
  }
  return joined;
}

function hasBothEnds(windows: readonly RowWindow[]): boolean {
  const [first, last] = [windows[0], windows.at(-1)];
  const firstAddress = first?.rows[0]?.address ?? 0;
  return first?.atStart === true && last?.atEnd === true && firstAddress === 0;
}

/** False when a row is not what it was in the window before. */
function addRows(
  joined: Omit<ShownRow, 'identity'>[],
  rows: readonly Row[],
  start: number,
): boolean {
  for (const [place, row] of rows.entries()) {
    const before = joined[start + place];
    if (before && textOfRow(before) !== textOfRow(row)) return false;
    joined[start + place] = { ...row, index: start + place };
  }
  return true;
}

const textOfRow = ({ cells }: Pick<ShownRow, 'cells'>): string => JSON.stringify(cells);

function overlapStart(
  joined: readonly Pick<ShownRow, 'cells'>[],
  rows: readonly Row[],
  window: RowWindow,
): number | null {
  const address = window.rows[0]?.address ?? null;
  if (address !== null) return address;
  const before = joined.map(textOfRow);
  const now = rows.map(textOfRow);
  const starts: number[] = [];
  for (let start = Math.max(0, before.length - now.length); start < before.length; start += 1) {
    if (before.slice(start).every((text, place) => text === now[place])) starts.push(start);
  }
  return starts.length === 1 ? (starts[0] ?? null) : null;
}
