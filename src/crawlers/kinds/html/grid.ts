import { foldSpace } from '../../../boards/text.ts';
import type { TableCell } from '../../../boards/table.ts';
import type { Head } from '../../pages/names.ts';
import { tableCell } from '../../pages/rows.ts';
import type { ScannedCell, ScannedRow, ScannedTable } from './inside.ts';

/** A table as rows of one cell per column. */
export interface Grid {
  place: string;
  columns: Head[];
  rows: TableCell[][];
  /** Rows without any text: of a skeleton, or of a table that is still being filled. */
  emptyRows: number;
  /** Rows that fit neither the columns nor anything else we know, as texts. */
  oddRows: string[];
}

/** One cell for each column it spans, and for each row; `null` where a row has none. */
type Slots = (Placed | null)[][];

interface Placed {
  cell: ScannedCell;
  /** Tells cells of one text from one cell that spans. */
  id: number;
}

const textOf = (cell: ScannedCell): string => tableCell(cell).text;
const spanOf = (cell: ScannedCell, what: 'columns' | 'rows'): number =>
  typeof cell === 'string' ? 1 : (cell[what] ?? 1);

/** No table has more columns; spans may say anything. */
const MOST_COLUMNS = 1000;

/** Lays cells out as a browser does: each takes the next free place, and those it spans. */
function layOut(rows: readonly ScannedRow[]): Slots {
  const slots: Slots = rows.map(() => []);
  let id = 0;
  rows.forEach((row, top) => {
    let left = 0;
    for (const cell of row.cells) {
      id += 1;
      while (slots[top]?.[left]) left += 1;
      const right = Math.min(left + spanOf(cell, 'columns'), MOST_COLUMNS);
      const height = spanOf(cell, 'rows') || rows.length;
      for (let y = top; y < Math.min(top + height, rows.length); y += 1) {
        if (rows[y]?.group !== row.group) break;
        for (let x = left; x < right; x += 1) (slots[y] ??= [])[x] = { cell, id };
      }
      left = right;
    }
  });
  return slots.map((row) => Array.from(row, (slot) => slot ?? null));
}

const isBlank = (row: ScannedRow): boolean => row.cells.every((cell) => textOf(cell) === '');

/** The rows that head the table: those of `thead`, else the first ones that are all heads. */
function headRows(rows: readonly ScannedRow[]): ScannedRow[] {
  const heads = rows.filter(({ section }) => section === 'head');
  if (heads.length > 0) return heads;
  const first = rows.findIndex(({ heads: isHead }) => !isHead);
  const leading = rows.slice(0, first === -1 ? rows.length : first);
  if (leading.length > 0) return leading;
  const [row] = rows;
  const texts = row?.cells.map(textOf) ?? [];
  const mayHead =
    texts.length > 1 && texts.every((it) => it !== '' && !/^[#$]?[\d.,%\s-]+$/.test(it));
  return row && mayHead && new Set(texts).size === texts.length ? [row] : [];
}

function columnsOf(heads: readonly ScannedRow[]): Head[] {
  // A row of search fields under the heads says nothing.
  const slots = layOut(heads.filter((row) => !isBlank(row)));
  const width = Math.max(0, ...slots.map((row) => row.length));
  // A head over the whole table is its title.
  const isTitle = ({ cell }: Placed): boolean => width > 1 && spanOf(cell, 'columns') >= width;
  return Array.from({ length: width }, (_, x) => {
    const stack = slots.flatMap((row) => row[x] ?? []).filter((it) => !isTitle(it));
    const distinct = stack.filter(({ id }, at) => stack.findIndex((it) => it.id === id) === at);
    const told = distinct.filter(({ cell }) => textOf(cell) !== '');
    const own = told.at(-1)?.cell ?? distinct.at(-1)?.cell ?? '';
    return {
      text: textOf(own),
      groups: told.slice(0, -1).map(({ cell }) => textOf(cell)),
      names: typeof own === 'string' ? [] : (own.names ?? []),
    };
  });
}

/** A scanned table as columns and rows of data; null for one that has no heads. Pure and total. */
export function gridOf({ place, rows }: Pick<ScannedTable, 'place' | 'rows'>): Grid | null {
  const heads = headRows(rows);
  const columns = columnsOf(heads);
  if (columns.length === 0) return null;
  const grid: Grid = { place, columns, rows: [], emptyRows: 0, oddRows: [] };
  const headTexts = new Set(heads.map((row) => row.cells.map(textOf).join('\n')));
  const body = rows.filter((row) => row.section === 'body' && !heads.includes(row));
  layOut(body).forEach((slots, at) => {
    const row = body[at];
    if (!row) return;
    const text = row.cells.map(textOf).join('\n');
    if (headTexts.has(text) || isRemark(row, slots, columns.length)) return;
    const cells = slots.map((slot) => slot?.cell ?? '');
    const isWhole = cells.length === columns.length && slots.every((slot) => slot !== null);
    if (cells.every((cell) => textOf(cell) === '')) grid.emptyRows += 1;
    else if (isWhole) grid.rows.push(cells.map(tableCell));
    else grid.oddRows.push(foldSpace(text).slice(0, 120));
  });
  return grid;
}

/** One cell across the table is no data: a heading of a section, a button, room for other rows. */
function isRemark(row: ScannedRow, slots: readonly (Placed | null)[], width: number): boolean {
  const [cell] = row.cells;
  if (width < 2 || row.cells.length !== 1 || cell === undefined) return row.cells.length === 0;
  if (textOf(cell) === '') return true;
  const [first] = slots;
  return spanOf(cell, 'columns') >= width && slots.every((it) => it?.id === first?.id);
}

const hasHeads = ({ rows }: ScannedTable): boolean =>
  rows.some(({ section, heads }) => section === 'head' || heads);

const isHeadOnly = (table: ScannedTable): boolean =>
  hasHeads(table) && table.rows.every(({ section, heads }) => section === 'head' || heads);

/**
 * The tables of a page, those drawn as two (heads that stay in place over a body that scrolls) as one.
 * Each has the scanned table that its rows are of, and the place of that among all.
 */
export function gridsOf(
  tables: readonly ScannedTable[],
): { grid: Grid; table: ScannedTable; at: number }[] {
  return tables.flatMap((table, at) => {
    const before = tables[at - 1];
    const isPair = before !== undefined && !hasHeads(table) && isHeadOnly(before);
    const heads = isPair ? before.rows.map((row) => ({ ...row, section: 'head' as const })) : [];
    const grid = gridOf({ ...table, rows: [...heads, ...table.rows] });
    return grid === null ? [] : [{ grid, table, at }];
  });
}
