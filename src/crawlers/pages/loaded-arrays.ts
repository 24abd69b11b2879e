import { unflatten } from 'devalue';
import { attempt, isObject, parsed } from '../../boards/values.ts';

/** More values than this are looked into no further. */
const MOST_VALUES = 400_000;
/** Fewer columns or rows than this are no table that is written without names. */
const LEAST = 2;

/**
 * Every table in a loaded value, as arrays of objects, the outermost first: arrays of objects at any
 * depth, rows without names, a list for each column, an object for each name, and whatever of these is
 * in a text of JSON, or written as SvelteKit and Nuxt write it. Total: takes any JSON.
 */
export function tablesOf(root: unknown): unknown[][] {
  const found: unknown[][] = [];
  const queue: unknown[] = [root];
  for (let at = 0; at < queue.length && at < MOST_VALUES; at += 1) {
    const value = opened(queue[at]);
    if (Array.isArray(value)) {
      const items: unknown[] = value;
      if (items.length > 0 && items.every(isObject)) found.push(items);
      else if (isRows(items)) found.push(...ofRows(items));
      queueAll(queue, items);
    } else if (isObject(value)) {
      const values = Object.values(value);
      if (values.length >= LEAST && values.every(isObject)) found.push(ofNames(value));
      found.push(...ofColumns(value));
      queueAll(queue, values);
    }
  }
  return found;
}

function queueAll(queue: unknown[], values: readonly unknown[]): void {
  for (const value of values) if (typeof value === 'object' || isText(value)) queue.push(value);
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:\[[\s\S]*\]|\{[\s\S]*\})$/.test(value);

/** What a text of JSON holds, or the references of a flat list stand for; else the value itself. */
function opened(value: unknown): unknown {
  if (isText(value)) return parsed(value);
  const flat = isObject(value) && value['type'] === 'data' ? value['data'] : value;
  if (!isFlat(flat)) return value;
  const same = (it: unknown): unknown => it;
  const wrappers = ['Reactive', 'ShallowReactive', 'Ref', 'ShallowRef', 'EmptyRef'];
  const unwrap = Object.fromEntries(wrappers.map((name) => [name, same]));
  return attempt((): unknown => unflatten(flat, unwrap)) ?? value;
}

/** A list whose first value refers to others by their places. */
function isFlat(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length < 3) return false;
  const first: unknown = value[0];
  const places = isObject(first)
    ? Object.values(first)
    : Array.isArray(first)
      ? first.slice(1)
      : [];
  return places.length > 0 && places.every((it) => Number.isInteger(it));
}

const isRows = (items: readonly unknown[]): items is unknown[][] => {
  const [first] = items;
  const width = Array.isArray(first) ? first.length : 0;
  return (
    items.length >= LEAST &&
    width >= LEAST &&
    items.every((it) => Array.isArray(it) && it.length === width)
  );
};

/** Rows that may have their heads as the first of them: one way is right, and rows tell which. */
const ofRows = (rows: readonly unknown[][]): unknown[][] => {
  const all = rows.map((row) => ({ ...row }));
  const mayHead = rows[0]?.every((it) => typeof it === 'string') === true;
  return mayHead ? [all.slice(1), all] : [all];
};

/** Objects by name: the name is a value of each, under a key that no object has. */
const ofNames = (named: Readonly<Record<string, unknown>>): unknown[] =>
  Object.entries(named).map(([name, value]) => ({ '\u0001': name, ...Object(value) }) as unknown);

/** Lists of one length, each a column. */
function ofColumns(value: Readonly<Record<string, unknown>>): unknown[][] {
  const lists = Object.entries(value).filter(
    (entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length >= LEAST,
  );
  const lengths = new Set(lists.map(([, list]) => list.length));
  return [...lengths].flatMap((length) => {
    const columns = lists.filter(([, list]) => list.length === length);
    if (columns.length < LEAST) return [];
    return [
      Array.from({ length }, (_, at) =>
        Object.fromEntries(columns.map(([name, list]) => [name, list[at]])),
      ),
    ];
  });
}
