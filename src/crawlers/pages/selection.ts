import { numberOf } from '../../boards/values.ts';
import type { NamedTable } from './choose.ts';
import { isNumeric, type Values } from './entry-values.ts';

/** Each of so many rows and others is compared with each. */
const MOST_COMPARED = 500;

/** Evenly spread places, so that the head of a board does not speak for the rest. */
export const spread = (length: number, most: number): number[] =>
  Array.from({ length: Math.min(length, most) }, (_, at) =>
    Math.floor((at * length) / Math.min(length, most)),
  );

type Value = string | number | boolean;

/** Which entry each row is, and which value of entries a column shows. */
interface Compared {
  places: readonly (number | null)[];
  shown: readonly { column: number; path: string }[];
  entries: readonly Values[];
}

/**
 * Whether the rows of a table are chosen among entries by something else than their order: a page of
 * rows, or the best few, has all other entries after its own, by whatever it is sorted. Where the order
 * is by numbers that were not loaded, some other entry must be better than a row in all that were, and
 * some worse. Pure.
 */
export function isSelection(table: NamedTable, { places, shown, entries }: Compared): boolean {
  const rows = places.flatMap((place) => entries[place ?? -1] ?? []);
  const own = new Set(rows);
  const others = entries.filter((it) => !own.has(it));
  if (others.length === 0 || rows.length !== table.rows.length) return false;
  if (isRun(places.flatMap((place) => place ?? []))) return false;
  const orders = shown.map(({ path }) => path).filter((path) => isSorted(valuesAt(rows, path)));
  if (!orders.every((path) => isBetween(valuesAt(others, path), valuesAt(rows, path))))
    return false;
  const known = new Set(shown.map(({ column }) => column));
  const isByOther = [...table.headers.keys()].some(
    (column) => !known.has(column) && isSorted(numbersIn(table, column)),
  );
  if (isByOther) return areMixed(others, rows, shown);
  return true;
}

const valuesAt = (of: readonly Values[], path: string): Value[] =>
  of.flatMap((it) => it.get(path) ?? []);

/** Whether one of the values lies between the least and the largest of others. */
function isBetween(values: readonly Value[], others: readonly Value[]): boolean {
  const sorted = others.toSorted(compareValues);
  const [low, high] = [sorted[0], sorted.at(-1)];
  return values.some((it) => compareValues(low, it) < 0 && compareValues(it, high) < 0);
}

const compareValues = (a: Value | undefined, b: Value | undefined): number => {
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
};

/** Up or down, and not all the same. */
function isSorted(values: readonly Value[]): boolean {
  const steps = values.slice(1).map((value, at) => Math.sign(compareValues(values[at], value)));
  return steps.some((step) => step !== 0) && new Set([...steps, 0]).size === 2;
}

/** Places one after the other. */
const isRun = (places: readonly number[]): boolean =>
  Math.max(...places) - Math.min(...places) + 1 === places.length;

/** Whether some of the others are above a row in every number, and some below. */
function areMixed(
  others: readonly Values[],
  rows: readonly Values[],
  shown: Compared['shown'],
): boolean {
  const numeric = shown.filter(({ path }) => rows.some((it) => isNumeric(it.get(path))));
  const isAbove = (a: Values, b: Values): boolean =>
    numeric.every(({ path }) => Number(a.get(path)) >= Number(b.get(path)));
  const few = (of: readonly Values[]): Values[] =>
    spread(of.length, MOST_COMPARED).flatMap((at) => of[at] ?? []);
  const [fewOthers, fewRows] = [few(others), few(rows)];
  const some = (test: (other: Values, row: Values) => boolean): boolean =>
    fewOthers.some((other) => fewRows.some((row) => test(other, row)));
  return numeric.length > 1 && some(isAbove) && some((other, row) => isAbove(row, other));
}

const numbersIn = ({ rows }: NamedTable, column: number): number[] =>
  rows.flatMap((row) => numberOf(row[column]?.text) ?? []);
