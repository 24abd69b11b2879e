import type { Column } from '../tables/columns.ts';
import { isRecord, type JsonRecord } from './json-text.ts';
import { cleanText, moveTail, type Place, type Sink } from './sink.ts';

/** Of several spellings in one record the first does the work for all. */
export function isFirst(key: string, keys: readonly string[], value: JsonRecord): boolean {
  for (const it of keys) {
    if (it === key) return true;
    if (Object.hasOwn(value, it)) return false;
  }
  return false;
}

/** Keeps a member that has no column in `list`: the params of its record, or extra. */
export function keepKey(
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
