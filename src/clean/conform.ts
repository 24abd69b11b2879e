import type { Column } from '../tables/columns.ts';
import { isRecord, type JsonRecord } from './json-text.ts';
import { conformScalar } from './scalars.ts';
import { NOTHING, ROOT, type Inner, type Part, type Shape } from './shape.ts';
import { cleanText, moveAway, moveTail, repair, type Place, type Sink } from './sink.ts';

/**
 * Turns any JSON object into a row of the shape. Keys without a column and values of the wrong type go
 * to the nearest `params`, else to extra.
 */
export function conform(shape: Shape, value: JsonRecord, sink: Sink): JsonRecord {
  const { list, place } = shape;
  if (list === undefined) return fill(shape, value, sink);
  const { params, valueKey } = sink;
  sink.params = [];
  sink.valueKey = list.fields?.[1]?.name === 'val' ? 'val' : 'value';
  const row = fill(shape, value, sink);
  row[list.name] = place === ROOT ? sink.extra : sink.params;
  sink.params = params;
  sink.valueKey = valueKey;
  return row;
}

function fill(shape: Shape, value: JsonRecord, sink: Sink): JsonRecord {
  const row = { ...shape.empty };
  sink.size += shape.size;
  for (const key in value) {
    const part = shape.parts.get(key);
    if (part === undefined) keepKey(value, key, { sink, place: shape.place, list: shape.list });
    else if (part.keys.length === 1) row[part.column.name] = conformColumn(part, value[key], sink);
    else if (isFirst(key, part.keys, value)) {
      row[part.column.name] = conformColumn(part, merged(value, part, { shape, sink }), sink);
    }
  }
  return row;
}

/** Of several spellings in one record the first does the work for all. */
function isFirst(key: string, keys: readonly string[], value: JsonRecord): boolean {
  for (const it of keys) {
    if (it === key) return true;
    if (Object.hasOwn(value, it)) return false;
  }
  return false;
}

/** Keeps a member that has no column in `list`: the params of its record, or extra. */
function keepKey(
  value: JsonRecord,
  key: string,
  { sink, place, list }: { sink: Sink; place: Place; list: Column | undefined },
): void {
  const member = value[key];
  if (member === undefined) return;
  if (key === list?.name && takeOver(member, { sink, place, list })) return;
  moveTail(sink, place, { tail: place.path === '' ? key : `.${key}`, value: member, why: 'key' });
}

/** A list that has the shape of our own params or extra is what an earlier cleaning made. */
function takeOver(
  value: unknown,
  { sink, place, list }: { sink: Sink; place: Place; list: Column },
): boolean {
  const [first = '', second = ''] = [list.fields?.[0]?.name, list.fields?.[1]?.name];
  if (!Array.isArray(value) || !value.every((it) => isPair(it, first, second))) return false;
  const into: unknown[] = list.name === 'extra' ? sink.extra : sink.params;
  for (const it of value) {
    const text = it[second];
    into.push({
      [first]: cleanText(sink, place, String(it[first])),
      [second]: typeof text === 'string' ? cleanText(sink, place, text) : null,
    });
  }
  return true;
}

const isPair = (value: unknown, first: string, second: string): value is JsonRecord =>
  isRecord(value) &&
  Object.keys(value).length === 2 &&
  typeof value[first] === 'string' &&
  (typeof value[second] === 'string' || (value[second] === null && first === 'name'));

/** The value of a column that has several spellings. */
function merged(
  value: JsonRecord,
  { keys, column, place }: Part,
  { shape, sink }: { shape: Shape; sink: Sink },
): unknown {
  let result: unknown;
  for (const [index, key] of keys.entries()) {
    const member = value[key];
    if (member === undefined || member === null) continue;
    if (index > 0 && key !== column.name) repair(sink, place, 'key_alias');
    if (result === undefined) result = member;
    else if (column.mode === 'REPEATED') result = [result, member].flat();
    else {
      const tail = shape.place.path === '' ? key : `.${key}`;
      moveTail(sink, shape.place, { tail, value: member, why: 'key' });
    }
  }
  return result;
}

function conformColumn(part: Part, sent: unknown, sink: Sink): unknown {
  const { column, place, inner, normalise, replace } = part;
  if (replace !== undefined) return replace(sent, sink, place);
  const value = normalise === undefined ? sent : normalise(sent, sink, place);
  if (column.mode === 'REPEATED') return conformList(part, value, sink);
  return inner.shape === undefined
    ? conformScalar(inner, value, sink)
    : conformOne(part, value, sink);
}

/** A record that may be missing. */
function conformOne({ place, inner }: Part, value: unknown, sink: Sink): unknown {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return conformElement(inner, value, sink);
  if (value.length === 0) return null;
  if (value.length > 1 || !isRecord(value[0])) return moveAway(sink, place, value);
  repair(sink, place, 'object_from_list');
  return conformElement(inner, value[0], sink);
}

function conformElement(inner: Inner, value: unknown, sink: Sink): unknown {
  if (inner.shape === undefined) return conformScalar(inner, value, sink);
  return isRecord(value) ? conform(inner.shape, value, sink) : moveAway(sink, inner.place, value);
}

function conformList(part: Part, value: unknown, sink: Sink): readonly unknown[] {
  const { place, inner, isSingle } = part;
  if (value === null || value === undefined) return NOTHING;
  const depth = place.lists.path;
  if (!Array.isArray(value)) {
    sink.at[depth] = -1;
    const one = value === '' ? null : conformElement(inner, value, sink);
    if (one === null) return NOTHING;
    if (!isSingle) repair(sink, place, 'list_from_one');
    return [one];
  }
  const rows: unknown[] = [];
  sink.size += value.length * 24;
  for (let index = 0; index < value.length; index += 1) {
    sink.at[depth] = index;
    const member: unknown = value[index];
    if (member === null || member === undefined) repair(sink, inner.place, 'null_in_list');
    else {
      const row = conformElement(inner, member, sink);
      if (row !== null) rows.push(row);
    }
  }
  return rows;
}
