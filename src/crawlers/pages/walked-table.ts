import type { BoardDefinition } from '../../boards/definition.ts';
import { differs, type Difference } from '../../boards/drift.ts';
import type { TableCell } from '../../boards/table.ts';
import type { NamedTable } from './choose.ts';
import type { ViewHead, ViewRow, Window } from './inside/walk.ts';
import { nameColumns } from './names.ts';
import { tableCell } from './rows.ts';

/** A table that was walked over, and what speaks against it being whole. */
export interface WalkedTable extends NamedTable {
  differences: Difference[];
  /** False when rows in view were not drawn in time. */
  settled: boolean;
  filters: string[];
  /** Rows of data that it states; null for nothing, and of one of its pages. */
  statedRows: number | null;
}

/**
 * Puts together what a table showed while it was walked over: rows by the places that they say, else
 * where each window overlaps the one before. Pure.
 */
export function walkedTable(
  read: readonly Window[],
  definition: BoardDefinition | null,
  place: string,
): WalkedTable {
  const windows = countedFromOne(read);
  const heads = headsOf(windows);
  const placed = placedRows(windows);
  const { cells, changed } = joinedCells(placed ?? []);
  const sorted = [...cells].sort(([a], [b]) => a - b);
  const columns = windows.at(-1)?.statedColumns ?? heads.length;
  const differences = [
    ...(placed ? [] : [differs('rows on the page', 'all of them', 'not proved to be all')]),
    ...unequal('cells that changed while read', 0, changed),
    ...unequal('rows that are no data', 0, Math.max(0, ...windows.map((it) => it.otherRows))),
    ...unequal('columns of the table', columns, heads.length),
    ...unequal('rows up to the last one', (sorted.at(-1)?.[0] ?? -1) + 1, sorted.length),
    ...statedDiff(windows, sorted.length),
    ...sorted.flatMap(([index, row]) => missingCells(heads, index, row)),
  ];
  return {
    ...{ place, headers: nameColumns(heads, definition) },
    rows: sorted.map(([, row]) => heads.map(({ id }) => row[id] ?? { text: '' })),
    differences,
    settled: windows.every(({ settled }) => settled),
    statedRows: windows.at(-1)?.statedRows ?? null,
    filters: [...new Set(windows.flatMap((it) => it.filtered))].map((name) => `${name}=filtered`),
  };
}

/** The first row of data has the number of the first row of heads where only the former are counted. */
function countedFromOne(windows: readonly Window[]): readonly Window[] {
  const isOff = windows[0]?.rows[0]?.place === -1;
  if (!isOff) return windows;
  return windows.map((window) => ({
    ...window,
    rows: window.rows.map((row) => ({ ...row, place: row.place === null ? null : row.place + 1 })),
    statedRows: window.statedRows === null ? null : window.statedRows + 1,
  }));
}

/** Heads of all windows, each once, in the order of the columns. */
export function headsOf(windows: readonly Window[]): ViewHead[] {
  const heads = new Map(windows.flatMap((window) => window.heads.map((it) => [it.id, it])));
  return [...heads.values()].sort((a, b) => a.place - b.place);
}

type PlacedRow = readonly [place: number, cells: ViewRow['cells']];

/** Null when a row may be missing between two windows, or an overlap is not the only possible one. */
function placedRows(windows: readonly Window[]): PlacedRow[] | null {
  if (!reachesBothEnds(windows)) return null;
  const texts: string[] = [];
  const rows: PlacedRow[] = [];
  for (const window of windows) {
    const now = window.rows.map((row) => JSON.stringify(row.cells));
    const start = texts.length === 0 ? 0 : overlapOf(texts, now);
    const says = window.rows.every(({ place }) => place !== null);
    if (!says && start === null) return null;
    for (const [at, row] of window.rows.entries()) {
      const index = row.place ?? (start ?? 0) + at;
      rows.push([index, row.cells]);
      texts[index] = now[at] ?? '';
    }
  }
  return rows;
}

const reachesBothEnds = (windows: readonly Window[]): boolean =>
  windows[0]?.atStart === true && windows.at(-1)?.atEnd === true;

/** Where rows begin that overlap those before them; null where that can be nowhere, or in two places. */
function overlapOf(before: readonly string[], now: readonly string[]): number | null {
  const starts: number[] = [];
  for (let start = Math.max(0, before.length - now.length); start < before.length; start += 1) {
    if (before.slice(start).every((text, at) => text === now[at])) starts.push(start);
  }
  return starts.length === 1 ? (starts[0] ?? null) : null;
}

/** Cells of all windows by row and column; those seen twice must have been the same. */
export function joinedCells(rows: readonly PlacedRow[]) {
  const cells = new Map<number, Record<string, TableCell>>();
  let changed = 0;
  for (const [index, row] of rows) {
    const known = cells.get(index) ?? {};
    for (const [id, shown] of Object.entries(row)) {
      const cell = tableCell(shown);
      if (id in known && known[id]?.text !== cell.text) changed += 1;
      known[id] = cell;
    }
    cells.set(index, known);
  }
  return { cells, changed };
}

const statedDiff = (windows: readonly Window[], rows: number): Difference[] => {
  const other = windows.find(({ statedRows }) => statedRows !== null && statedRows !== rows);
  return other ? [differs('rows that the table states', other.statedRows ?? 'none', rows)] : [];
};

function missingCells(
  heads: readonly ViewHead[],
  index: number,
  row: Readonly<Record<string, TableCell>>,
): Difference[] {
  const missing = heads.filter(({ id }) => !(id in row)).map(({ text }) => text);
  const more = Object.keys(row).length + missing.length - heads.length;
  const where = `row ${index}`;
  if (more > 0) return [{ ...differs('cells without a head', 0, more), where }];
  if (missing.length === 0) return [];
  const found = `none under ${missing.join(', ')}`.slice(0, 120);
  return [{ ...differs('cells', 'all', found), where }];
}

const unequal = (what: string, expected: number, found: number): Difference[] =>
  expected === found ? [] : [differs(what, expected, found)];
