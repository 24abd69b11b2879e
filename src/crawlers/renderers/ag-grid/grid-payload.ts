import type { TableCell, TableRow } from '../../../boards/table.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import { arraysIn } from '../html-table/answer-entries.ts';
import type { JsonAnswer } from '../html-table/page-traffic.ts';
import type { NamedTable } from '../../pages/choose.ts';
import { nameColumns } from '../../pages/names.ts';
import { tableRows } from './grid-cells.ts';
import { findLinks } from './grid-links.ts';
import type { GridCell, GridHead, GridView } from './grid-page.ts';
import { cellOf, headsOf, rowsOf, textOf } from './grid-table.ts';
import { showsValue } from './grid-values.ts';

/** A grid whose rows the page loaded as they are: each place of the grid is that of the data. */
export interface LoadedGrid extends NamedTable {
  url: string;
  loaded: TableRow[];
  /** Rows read from the grid, by place. */
  shown: [number, TableCell[]][];
}

/** Objects that a page loaded, as the rows of its grid would be if they are them. */
export interface LoadedRows extends NamedTable {
  url: string;
  heads: GridHead[];
  items: readonly unknown[];
  loaded: Record<string, TableCell>[];
}

/** Rows of data that a grid states; null where it states none. */
export const statedRows = ({ statedRows: stated, headRows }: GridView): number | null =>
  stated === null ? null : stated - headRows;

/** Whether one of the answers has so many objects. */
export const hasArrayOf = (rows: number, answers: readonly JsonAnswer[]): boolean =>
  answers.flatMap((answer) => arraysIn(answer)).some(({ items }) => items.length === rows);

/**
 * Arrays of as many objects as a grid states rows, with a value for every column that it has: what
 * can be said of them before all windows are read. Pure.
 */
export function rowsLoaded(
  views: readonly GridView[],
  answers: readonly JsonAnswer[],
  definition: BoardDefinition | null,
): LoadedRows[] {
  const heads = headsOf(views);
  const stated = statedRows(views[0] ?? NO_VIEW);
  const headers = nameColumns(heads, definition);
  const ids = heads.map(({ id }) => id);
  return answers.flatMap((answer) =>
    arraysIn(answer).flatMap(({ items }): LoadedRows[] => {
      const made = items.length === stated ? tableRows(items, ids, headers) : null;
      return made === null
        ? []
        : [{ place: 'grid', headers, ...made, url: answer.url, heads, items }];
    }),
  );
}

/**
 * The rows that a page loaded for those of its grid: all cells read so far show the values at the
 * same place. Null when anything differs, also when a column is formatted so that the text of rows
 * that were not read cannot be told, or the links of one. Gives `candidates` the links of their rows.
 */
export function provenGrid(
  views: readonly GridView[],
  candidates: readonly LoadedRows[],
): LoadedGrid | null {
  const heads = headsOf(views);
  const { rows: read, changed } = rowsOf(views);
  const rows = statedRows(views[0] ?? NO_VIEW);
  const isPlain = views.every(
    (it) =>
      statedRows(it) === rows &&
      it.statedColumns === heads.length &&
      it.filtered.length === 0 &&
      it.otherRows === 0,
  );
  if (rows === null || !isPlain || changed > 0 || heads.length === 0) return null;
  const isMeant = (it: LoadedRows): boolean =>
    it.items.length === rows && JSON.stringify(it.heads) === JSON.stringify(heads);
  for (const candidate of candidates.filter(isMeant)) {
    if (!showsAll(candidate, read) || !findLinks(candidate, read)) continue;
    const shown = [...read].sort(([a], [b]) => a - b);
    return {
      ...candidate,
      shown: shown.map(([place, cells]) => [place, heads.map(({ id }) => cellOf(cells[id]))]),
    };
  }
  return null;
}

/** The same of all at once. */
export const loadedGrid = (
  views: readonly GridView[],
  answers: readonly JsonAnswer[],
  definition: BoardDefinition | null,
): LoadedGrid | null => provenGrid(views, rowsLoaded(views, answers, definition));

const NO_VIEW: GridView = {
  ...{ heads: [], rows: [], headRows: 0, statedRows: null, statedColumns: null },
  ...{ filtered: [], otherRows: 0 },
};

export type ReadRows = ReadonlyMap<number, Readonly<Record<string, GridCell>>>;

/** Whether every cell that was read, of every column, shows what was loaded for it. */
const showsAll = ({ heads, rows }: LoadedRows, read: ReadRows): boolean =>
  [...read].every(([place, cells]) =>
    heads.every(({ id }, column) => {
      const [cell, loaded] = [cells[id], rows[place]?.[column]];
      return cell !== undefined && loaded && showsValue(textOf(cell), loaded.value);
    }),
  );
