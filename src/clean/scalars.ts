import { jsonText } from './json-text.ts';
import type { Inner } from './shape.ts';
import { cleanText, keepInExtra, moveAway, moveTail, repair, type Sink } from './sink.ts';

/** Any JSON value as that of a scalar column, or null; what does not fit goes to params or extra. */
export function conformScalar(inner: Inner, value: unknown, sink: Sink): unknown {
  if (value === null || value === undefined) return null;
  const { column, place } = inner;
  switch (column.type) {
    case 'STRING':
      return textOf(inner, value, sink);
    case 'INTEGER':
    case 'FLOAT':
      return numberOf(inner, value, sink);
    case 'BOOLEAN':
      return booleanOf(inner, value, sink);
    case 'TIMESTAMP':
      return timestampOf(inner, value, sink);
    case 'DATE':
      return dateOf(inner, value, sink);
    case 'JSON':
    case 'RECORD':
      throw new Error(`${place.path}: ${column.type} is no scalar`);
  }
}

function textOf(inner: Inner, value: unknown, sink: Sink): unknown {
  const { column, place } = inner;
  if (column.values !== undefined) return listedOf(inner, value, sink);
  if (typeof value === 'string') return cleanText(sink, place, value);
  if (typeof value === 'object') repair(sink, place, 'text_from_json');
  else if (column.loose !== true) repair(sink, place, 'text_from_scalar');
  return cleanText(sink, place, typeof value === 'number' ? String(value) : jsonText(value));
}

function listedOf({ column, place }: Inner, value: unknown, sink: Sink): unknown {
  if (typeof value === 'string' && column.values?.includes(value) === true) return value;
  moveTail(sink, place, { tail: '', value, why: 'list' });
  return null;
}

function numberOf({ column, place }: Inner, value: unknown, sink: Sink): number | null {
  const fits = column.type === 'INTEGER' ? Number.isSafeInteger : Number.isFinite;
  // Adding 0 makes −0 the 0 that JSON would write anyway.
  if (typeof value === 'number' && fits(value)) return value + 0;
  if (typeof value === 'string' && value.length < 25) {
    const number = Number(value);
    if (fits(number) && String(number) === value) {
      repair(sink, place, 'number_from_text');
      return number;
    }
  }
  return moveAway(sink, place, value);
}

function booleanOf({ place }: Inner, value: unknown, sink: Sink): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value !== 'true' && value !== 'false') return moveAway(sink, place, value);
  repair(sink, place, 'boolean_from_text');
  return value === 'true';
}

/** A time as ISO text in UTC. One without an offset is taken for UTC. */
function timestampOf(inner: Inner, value: unknown, sink: Sink): unknown {
  const { place } = inner;
  if (isTime(inner, value)) return value;
  const iso = typeof value === 'string' ? isoTime(value) : undefined;
  if (iso === undefined) return moveAway(sink, place, value);
  repair(sink, place, 'timestamp_form');
  keepInExtra(sink, place, value);
  return iso;
}

const dateOf = (inner: Inner, value: unknown, sink: Sink): unknown =>
  isTime(inner, value) ? value : moveAway(sink, inner.place, value);

/** BigQuery's times begin with the year 1. */
const isYearZero = (text: string): boolean => text.startsWith('0000');

/** Whether it has the form of its column. */
const isTime = ({ pattern }: Inner, value: unknown): boolean =>
  typeof value === 'string' && pattern.test(value) && !isYearZero(value);

const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

function isoTime(text: string): string | undefined {
  const [, day, time = '00:00:00.000', offset = 'Z'] = ISO.exec(text) ?? [];
  // Date reads 30 February as 1 March.
  if (day === undefined || printed(`${day}T00:00:00.000Z`)?.startsWith(day) !== true)
    return undefined;
  // Only `+HH:MM` is standard: +0200 and +02 are not read by every engine.
  const minutes = offset.length > 3 ? offset.slice(-2) : '00';
  return printed(`${day}T${time}${offset === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${minutes}`}`);
}

function printed(text: string): string | undefined {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return undefined;
  const iso = time.toISOString();
  return iso.length === 24 && !isYearZero(iso) ? iso : undefined;
}
