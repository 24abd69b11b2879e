import type { TableCell } from '../../../boards/table.ts';
import { isObject, type JsonObject } from '../../../boards/values.ts';
import { arraysIn } from '../html-table/answer-entries.ts';
import type { JsonAnswer } from '../html-table/page-traffic.ts';
import { loadedText, valueReader } from './grid-values.ts';

/** Fewer entries are made into cells when they are needed. */
const WORTH_PREPARING = 1_000;
/** More cells than this are data of another kind. */
const MOST_CELLS = 4_000_000;

/** Numbers whose cells are kept: scores with two decimals are 10,000. */
const MOST_SHARED = 50_000;

/** Cells of entries by their own keys. */
interface KeyedCells {
  keys: string[];
  rows: TableCell[][];
}

const EMPTY: TableCell = { text: '' };

const prepared = new WeakMap<readonly unknown[], KeyedCells>();

const cellOf = (value: unknown): TableCell => ({ text: loadedText(value), value });

/**
 * Makes cells of which those of equal numbers are one: nobody may change it. To write a number as a
 * text takes longer than to find its cell, and a board has few that differ.
 */
function cellMaker(): (value: unknown) => TableCell {
  const shared = new Map<number, TableCell>();
  return (value) => {
    // 0 and -0 are two numbers, and one key.
    if (typeof value !== 'number' || value === 0) return cellOf(value);
    const known = shared.get(value);
    if (known) return known;
    const cell = cellOf(value);
    if (shared.size < MOST_SHARED) shared.set(value, cell);
    return cell;
  };
}

/**
 * Makes cells of what a page loaded while it still draws the grid for them; true when there is much.
 */
export function prepareCells(answers: readonly JsonAnswer[]): boolean {
  const arrays = answers.flatMap((answer) => arraysIn(answer).map(({ items }) => items));
  const large = arrays.filter(({ length }) => length > WORTH_PREPARING);
  for (const items of large) {
    const cells = keyedCells(items);
    if (cells) prepared.set(items, cells);
  }
  return large.length > 0;
}

/** Null for entries that do not all have the keys of the first one. */
function keyedCells(items: readonly unknown[]): KeyedCells | null {
  const [first] = items;
  const keys = isObject(first) ? Object.keys(first) : [];
  const isOwn = keys.every((key) => !(key in Object.prototype));
  if (!isOwn || keys.length * items.length > MOST_CELLS) return null;
  const makeCell = cellMaker();
  const rows: TableCell[][] = [];
  for (const item of items) {
    const cells: TableCell[] = [];
    for (const key of keys) {
      const value = (item as JsonObject)[key]; // `arraysIn` has only arrays of objects
      if (value === undefined) return null;
      cells.push(makeCell(value));
    }
    rows.push(cells);
  }
  return { keys, rows };
}

/** Cells of entries under each id; null where one has none. Those made before are given only once. */
function cellRows(items: readonly unknown[], ids: readonly string[]): TableCell[][] | null {
  const known = prepared.get(items);
  prepared.delete(items);
  const places = ids.map((id) => known?.keys.indexOf(id) ?? -1);
  if (known && !places.includes(-1)) {
    const isSame = places.length === known.keys.length && places.every((it, at) => it === at);
    if (isSame) return known.rows;
    return known.rows.map((cells) => places.map((at) => cells[at] ?? EMPTY));
  }
  const readers = ids.map(valueReader);
  const makeCell = cellMaker();
  const rows: TableCell[][] = [];
  for (const item of items) {
    const values = readers.map((read) => read(item));
    if (values.includes(undefined)) return null;
    rows.push(values.map(makeCell));
  }
  return rows;
}

/**
 * Entries as rows of a table, and the same by header, with the same cells; null where a column has no
 * value of one.
 */
export function tableRows(
  items: readonly unknown[],
  ids: readonly string[],
  headers: readonly string[],
): { rows: TableCell[][]; loaded: Record<string, TableCell>[] } | null {
  const rows = cellRows(items, ids);
  if (!rows) return null;
  // Rows made after one model take a small part of the time of those made key by key.
  const model = Object.fromEntries(headers.map((header) => [header, EMPTY]));
  const loaded = rows.map((cells) => {
    const row: Record<string, TableCell> = { ...model };
    for (const [at, header] of headers.entries()) row[header] = cells[at] ?? EMPTY;
    return row;
  });
  return { rows, loaded };
}
