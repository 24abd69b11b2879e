import type { Column } from '../tables/columns.ts';
import { areFineRecords, fineTexts, isFineRecord } from './conform-fine.ts';
import { isFirst, keepKey } from './conform-keys.ts';
import { isRecord } from './json-text.ts';
import type { JsonRecord } from './json-text.ts';
import { conformScalar } from './scalars.ts';
import type { Conform } from './scalars.ts';
import { inList, moveAway, moveTail, repair } from './sink.ts';
import type { Place, Sink } from './sink.ts';

/** Brings a value of known meaning close to the shape of its column, before conform sees it. */
export type Normalise = (value: unknown, sink: Sink, place: Place) => unknown;

/** What is known of the meaning of columns, by their path without positions (`cardData.tags`). */
export interface Plan {
  /** How the Hub spells the key, where the column is named otherwise. */
  spelled: Readonly<Record<string, string>>;
  /** Other keys that mean the same column; of several, lists are put together. */
  aliases: Readonly<Record<string, readonly string[]>>;
  /** Lists where a single value is the rule, so that no repair is counted for it. */
  single: ReadonlySet<string>;
  /** Runs before conform. */
  normalise: Readonly<Record<string, Normalise>>;
  /** Runs instead of conform; must give the declared shape itself. */
  replace: Readonly<Record<string, Normalise>>;
}

/** Conform of a whole record: always gives a row of the declared shape. */
export type ConformRecord = (value: JsonRecord, sink: Sink) => JsonRecord;

/**
 * Compiles columns into a function that turns any JSON object into a row of theirs. Keys without a
 * column and values of the wrong type go to the nearest `params`, else to extra.
 *
 * @throws {Error} at once, for a plan that names a column which does not exist.
 */
export function compileConform(columns: readonly Column[], plan: Plan): ConformRecord {
  const { spelled, aliases, normalise, replace } = plan;
  const unused = new Set([
    ...[spelled, aliases, normalise, replace].flatMap(Object.keys),
    ...plan.single,
  ]);
  const { record } = compileRecord(columns, { plan, unused, place: ROOT });
  if (unused.size > 0) throw new Error(`the plan names unknown columns: ${[...unused].join(', ')}`);
  return record;
}

interface Context {
  plan: Plan;
  unused: Set<string>;
  place: Place;
}

interface Part {
  name: string;
  conform: Conform;
  /** All keys that mean the column, the Hub's own first; undefined when it is the column's name alone. */
  keys: readonly string[] | undefined;
  place: Place;
  repeated: boolean;
  /** True for a text that nothing but conform looks at. */
  isPlainText: boolean;
}

const ROOT: Place = { path: '', label: null, lists: { path: 0, label: 0 } };

/** Lists of ours that take what has no column: `{name, value}`, `{name, val}`. */
const PARAMS = new Set(['params', 'fields']);

const isParams = (column: Column): boolean =>
  PARAMS.has(column.name) && column.fields?.length === 2 && column.fields[0]?.name === 'name';

function below(place: Place, column: Column, ownParams: boolean): Place {
  const path = place.path === '' ? column.name : `${place.path}.${column.name}`;
  const label = ownParams
    ? `.${column.name}`
    : place.label === null
      ? null
      : `${place.label}.${column.name}`;
  return {
    path,
    label,
    lists: { path: place.lists.path, label: ownParams ? 0 : place.lists.label },
  };
}

/** The path of a place as the plan names it. */
const planPath = (place: Place): string => place.path.replaceAll('[]', '');

interface CompiledRecord {
  record: ConformRecord;
  /** The names of its columns when all are texts that nothing but conform looks at. */
  plainNames: readonly string[] | undefined;
}

function compileRecord(
  columns: readonly Column[],
  { plan, unused, place }: Context,
): CompiledRecord {
  const isRoot = place === ROOT;
  const list = columns.find((it) => (isRoot ? it.name === 'extra' : isParams(it)));
  const hasParams = list !== undefined && !isRoot;
  const own = hasParams ? { ...place, label: '', lists: { ...place.lists, label: 0 } } : place;
  const parts = new Map<string, Part>();
  for (const column of columns) {
    if (column === list) continue;
    const part = compilePart(column, { plan, unused, place: below(own, column, hasParams) });
    for (const key of part.keys ?? [part.name]) if (!parts.has(key)) parts.set(key, part);
  }
  const isPlain = columns.every(({ name }) => parts.get(name)?.isPlainText === true);
  const plainNames = isPlain ? columns.map(({ name }) => name) : undefined;
  const fill = compileFill(columns, { parts, own, list });
  if (plainNames !== undefined) return { record: orAsItIs(fill, plainNames), plainNames };
  if (list === undefined) return { record: fill, plainNames };
  return { record: isRoot ? withExtra(fill) : withParams(fill, list), plainNames };
}

const orAsItIs =
  (fill: ConformRecord, names: readonly string[]): ConformRecord =>
  (value, sink) =>
    isFineRecord(value, names, sink) ? value : fill(value, sink);

function compileFill(
  columns: readonly Column[],
  { parts, own, list }: { parts: ReadonlyMap<string, Part>; own: Place; list: Column | undefined },
): ConformRecord {
  const emptyRow = emptyRowMaker(columns);
  // What a row of nulls costs in JSON: many small records make a large one too.
  const overhead = columns.reduce((sum, { name }) => sum + name.length + 8, 2);
  const names = columns.map(({ name }) => name);
  const put = putter(columns);
  const steps = new Map<string, Step>();
  for (const [key, part] of parts) {
    const index = names.indexOf(part.name);
    steps.set(key, { key, part, index, next: undefined });
  }
  const first: { next: Step | undefined } = { next: undefined };
  return (value, sink) => {
    const row = emptyRow();
    sink.size += overhead;
    let before = first;
    for (const key in value) {
      let step = before.next;
      if (step === undefined || step.key !== key) {
        step = steps.get(key);
        if (step === undefined) {
          keepKey(value, key, { sink, place: own, list });
          continue;
        }
        before.next = step;
      }
      before = step;
      const { part } = step;
      if (part.keys === undefined) put(row, step.index, part.conform(value[key], sink));
      else if (isFirst(key, part.keys, value)) {
        put(row, step.index, part.conform(merged(value, { part, sink, own }), sink));
      }
    }
    return row;
  };
}

const withExtra =
  (fill: ConformRecord): ConformRecord =>
  (value, sink) => {
    const row = fill(value, sink);
    row['extra'] = sink.extra;
    return row;
  };

/** A list for every column that has nothing: nobody may write to it. */
const NOTHING: readonly never[] = Object.freeze([]);

/**
 * Makes rows of a record without keys, in column order. Copying one costs eight times as much as an
 * object literal, and half of all cleaning was that copy; so the literal is written here. Only names
 * of columns go into it, which are plain identifiers by the rule of `columnsOf`.
 */
function emptyRowMaker(columns: readonly Column[]): () => JsonRecord {
  const members = columns.map(({ name, mode }) => {
    const value = mode === 'REPEATED' ? 'NOTHING' : mode === 'REQUIRED' ? '""' : 'null';
    return `${JSON.stringify(name)}: ${value}`;
  });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  const make = new Function('NOTHING', `return () => ({ ${members.join(', ')} });`);
  return (make as (nothing: typeof NOTHING) => () => JsonRecord)(NOTHING); // what the text says
}

interface Step {
  key: string;
  part: Part;
  index: number;
  next: Step | undefined;
}

type Put = (row: JsonRecord, index: number, value: unknown) => void;

function putter(columns: readonly Column[]): Put {
  const cases = columns.map(
    ({ name }, index) => `case ${String(index)}: row[${JSON.stringify(name)}] = value; break;`,
  );
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  return new Function('row', 'index', 'value', `switch (index) { ${cases.join(' ')} }`) as Put;
}

/** Gives the record params of its own while it is filled. */
function withParams(fill: ConformRecord, { name, fields }: Column): ConformRecord {
  const valueKey = fields?.[1]?.name === 'val' ? 'val' : 'value';
  return (value, sink) => {
    const outer = sink.params;
    const outerKey = sink.valueKey;
    sink.params = [];
    sink.valueKey = valueKey;
    const row = fill(value, sink);
    row[name] = sink.params;
    sink.params = outer;
    sink.valueKey = outerKey;
    return row;
  };
}

/** The value of a column that has several spellings. */
function merged(
  value: JsonRecord,
  { part, sink, own }: { part: Part; sink: Sink; own: Place },
): unknown {
  let result: unknown;
  const keys = part.keys ?? [];
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    const member = value[key];
    if (member === undefined || member === null) continue;
    if (index > 0 && key !== part.name) repair(sink, part.place, 'key_alias');
    if (result === undefined) result = member;
    else if (part.repeated) result = [result, member].flat();
    else
      moveTail(sink, own, { tail: own.path === '' ? key : `.${key}`, value: member, why: 'key' });
  }
  return result;
}

function compilePart(column: Column, { plan, unused, place }: Context): Part {
  const path = planPath(place);
  unused.delete(path);
  const spelled = plan.spelled[path];
  const aliases = plan.aliases[path] ?? [];
  const keys = [...new Set([spelled ?? column.name, column.name, ...aliases])];
  const conform = compileColumn(column, { plan, unused, place });
  const replace = plan.replace[path];
  const normalise = plan.normalise[path];
  return {
    name: column.name,
    keys: keys.length === 1 ? undefined : keys,
    place,
    repeated: column.mode === 'REPEATED',
    isPlainText: keys.length === 1 && isText(column) && (normalise ?? replace) === undefined,
    conform:
      replace !== undefined
        ? (value, sink) => replace(value, sink, place)
        : normalise !== undefined
          ? (value, sink) => conform(normalise(value, sink, place), sink)
          : conform,
  };
}

const isText = ({ type, mode, values }: Column): boolean =>
  type === 'STRING' && mode !== 'REPEATED' && values === undefined;

function compileColumn(column: Column, context: Context): Conform {
  if (column.mode === 'REPEATED') return compileList(column, context);
  return column.fields === undefined
    ? conformScalar(column, context.place)
    : compileOne(compileRecord(column.fields, context).record, context.place);
}

/** A record that may be missing. */
function compileOne(record: ConformRecord, place: Place): Conform {
  return (value, sink) => {
    if (value === null || value === undefined) return null;
    if (isRecord(value)) return record(value, sink);
    if (Array.isArray(value) && value.length === 0) return null;
    if (Array.isArray(value) && value.length === 1 && isRecord(value[0])) {
      repair(sink, place, 'object_from_list');
      return record(value[0], sink);
    }
    return moveAway(sink, place, value);
  };
}

function compileList(column: Column, { plan, unused, place }: Context): Conform {
  const depth = place.lists.path;
  const inner = inList(place);
  const single = plan.single.has(planPath(place));
  const { element, allFine } = compileElement(column, { plan, unused, place: inner });
  return (value, sink) => {
    if (value === null || value === undefined) return NOTHING;
    if (allFine?.(value, sink) === true) return value;
    if (Array.isArray(value)) return conformAll(value, { sink, depth, element, place: inner });
    sink.at[depth] = -1;
    if (value === '') return NOTHING;
    const one = element(value, sink);
    if (one === null) return NOTHING;
    if (!single) repair(sink, place, 'list_from_one');
    return [one];
  };
}

interface CompiledElement {
  element: Conform;
  /** True for a list that is used as it is. */
  allFine: ((value: unknown, sink: Sink) => boolean) | undefined;
}

function compileElement(column: Column, context: Context): CompiledElement {
  if (column.fields === undefined) {
    const isOpenText = column.type === 'STRING' && column.values === undefined;
    const allFine = isOpenText ? fineTexts : undefined;
    return { element: conformScalar(column, context.place), allFine };
  }
  const { record, plainNames } = compileRecord(column.fields, context);
  return {
    element: (value, sink) =>
      isRecord(value) ? record(value, sink) : moveAway(sink, context.place, value),
    allFine:
      plainNames === undefined
        ? undefined
        : (value, sink) => areFineRecords(value, plainNames, sink),
  };
}

function conformAll(
  value: readonly unknown[],
  { sink, depth, element, place }: { sink: Sink; depth: number; element: Conform; place: Place },
): unknown[] {
  const rows: unknown[] = [];
  sink.size += value.length * 24;
  for (let index = 0; index < value.length; index += 1) {
    sink.at[depth] = index;
    const member = value[index];
    if (member === null || member === undefined) repair(sink, place, 'null_in_list');
    else {
      const row = element(member, sink);
      if (row !== null) rows.push(row);
    }
  }
  return rows;
}
