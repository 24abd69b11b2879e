import type { Column } from '../tables/columns.ts';
import type { JsonRecord } from './json-text.ts';
import { inList, type Place, type Sink } from './sink.ts';

/** Brings a value of known meaning close to the shape of its column, before conform sees it. */
export type Normalise = (value: unknown, sink: Sink, place: Place) => unknown;

/** What is known of the meaning of columns, by their path without positions (`cardData.tags`). */
export interface Plan {
  /** How the Hub spells the key, where the column is named otherwise. */
  spelled?: Readonly<Record<string, string>>;
  /** Other keys that mean the same column; of several, lists are put together. */
  aliases?: Readonly<Record<string, readonly string[]>>;
  /** Lists where a single value is the rule, so that no repair is counted for it. */
  single?: ReadonlySet<string>;
  /** Runs before conform. */
  normalise?: Readonly<Record<string, Normalise>>;
  /** Runs instead of conform; must give the declared shape itself. */
  replace?: Readonly<Record<string, Normalise>>;
}

/** A record's columns, with all that is known of them before the first record comes. */
export interface Shape {
  /** By each key that means one. */
  parts: ReadonlyMap<string, Part>;
  /** A row of a record without keys, in column order. */
  empty: JsonRecord;
  /** What a row of nulls costs in JSON: many small records make a large one too. */
  size: number;
  /** The list of the row that takes what has no column: `extra` at the top, else `params` or `fields`. */
  list: Column | undefined;
  place: Place;
}

/** A column in its place. */
export interface Part {
  column: Column;
  /** All keys that mean the column, the Hub's own first. */
  keys: readonly string[];
  place: Place;
  /** True for a list where a single value is the rule. */
  isSingle: boolean;
  normalise: Normalise | undefined;
  replace: Normalise | undefined;
  /** What its values are made of: of an element, where it is a list. */
  inner: Inner;
}

/** One value of a column. */
export interface Inner {
  place: Place;
  column: Column;
  /** Of a RECORD. */
  shape: Shape | undefined;
  /** Of a TIMESTAMP or DATE. */
  pattern: RegExp;
}

export const ROOT: Place = { path: '', label: null, lists: { path: 0, label: 0 } };

/** A list for every column that has nothing: nobody may write to it. */
export const NOTHING: readonly never[] = Object.freeze([]);

/**
 * The shape of a whole record.
 *
 * @throws {Error} at once, for a plan that names a column which does not exist.
 */
export function shapeOf(columns: readonly Column[], plan: Plan = {}): Shape {
  const { single = [], ...others } = plan;
  const unused = new Set([...single, ...Object.values(others).flatMap(Object.keys)]);
  const shape = recordShape(columns, ROOT, { plan, unused });
  if (unused.size > 0) throw new Error(`the plan names unknown columns: ${[...unused].join(', ')}`);
  return shape;
}

interface Context {
  plan: Plan;
  unused: Set<string>;
}

/** Lists of ours that take what has no column: `{name, value}`, `{name, val}`. */
const isParams = ({ name, fields }: Column): boolean =>
  (name === 'params' || name === 'fields') && fields?.length === 2 && fields[0]?.name === 'name';

function recordShape(columns: readonly Column[], place: Place, context: Context): Shape {
  const list = columns.find((it) => (place === ROOT ? it.name === 'extra' : isParams(it)));
  const hasParams = list !== undefined && place !== ROOT;
  const own = hasParams ? { ...place, label: '', lists: { ...place.lists, label: 0 } } : place;
  const parts = new Map<string, Part>();
  for (const column of columns) {
    if (column === list) continue;
    const part = partOf(column, below(own, column), context);
    for (const key of part.keys) if (!parts.has(key)) parts.set(key, part);
  }
  const empty = columns.map(({ name, mode }) => [
    name,
    mode === 'REPEATED' ? NOTHING : mode === 'REQUIRED' ? '' : null,
  ]);
  const size = columns.reduce((sum, { name }) => sum + name.length + 8, 2);
  return { parts, empty: Object.fromEntries(empty) as JsonRecord, size, list, place: own };
}

const below = ({ path, label, lists }: Place, { name }: Column): Place => ({
  path: path === '' ? name : `${path}.${name}`,
  label: label === null ? null : `${label}.${name}`,
  lists,
});

function partOf(column: Column, place: Place, context: Context): Part {
  const { plan, unused } = context;
  const path = place.path.replaceAll('[]', '');
  unused.delete(path);
  const inner = column.mode === 'REPEATED' ? inList(place) : place;
  const fields = column.fields;
  return {
    column,
    keys: [
      ...new Set([
        plan.spelled?.[path] ?? column.name,
        column.name,
        ...(plan.aliases?.[path] ?? []),
      ]),
    ],
    place,
    isSingle: plan.single?.has(path) === true,
    normalise: plan.normalise?.[path],
    replace: plan.replace?.[path],
    inner: {
      place: inner,
      column,
      shape: fields === undefined ? undefined : recordShape(fields, inner, context),
      pattern: new RegExp(column.pattern ?? ''),
    },
  };
}
