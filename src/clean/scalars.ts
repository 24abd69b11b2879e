import type { Column } from '../tables/columns.ts';
import { jsonText } from './json-text.ts';
import type { Place, Sink } from './sink.ts';
import { cleanText, keepInExtra, moveAway, moveTail, repair } from './sink.ts';

/** Turns any JSON value into the value of a column; what does not fit goes to params or extra. */
export type Conform = (value: unknown, sink: Sink) => unknown;

/** The conform of one value of a scalar column (of one element, for a REPEATED one). */
export function conformScalar(column: Column, place: Place): Conform {
  switch (column.type) {
    case 'STRING':
      return column.values === undefined
        ? textConform(column, place)
        : listedConform(column.values, place);
    case 'INTEGER':
      return numberConform(place, Number.isSafeInteger);
    case 'FLOAT':
      return numberConform(place, Number.isFinite);
    case 'BOOLEAN':
      return booleanConform(place);
    case 'TIMESTAMP':
      return timestampConform(new RegExp(column.pattern ?? ''), place);
    case 'DATE':
      return dateConform(new RegExp(column.pattern ?? ''), place);
    case 'JSON':
    case 'RECORD':
      throw new Error(`${place.path}: ${column.type} is no scalar`);
  }
}

function textConform(column: Column, place: Place): Conform {
  const loose = column.loose === true;
  return (value, sink) => {
    if (typeof value === 'string') return cleanText(sink, place, value);
    if (value === null || value === undefined) return null;
    if (typeof value === 'object') repair(sink, place, 'text_from_json');
    else if (!loose) repair(sink, place, 'text_from_scalar');
    return cleanText(sink, place, typeof value === 'number' ? String(value) : jsonText(value));
  };
}

function listedConform(values: readonly string[], place: Place): Conform {
  const known = new Set<unknown>(values);
  return (value, sink) => {
    if (value === null || value === undefined || known.has(value)) return value ?? null;
    moveTail(sink, place, { tail: '', value, why: 'list' });
    return null;
  };
}

function numberConform(place: Place, fits: (value: unknown) => boolean): Conform {
  return (value, sink) => {
    if (value === null || value === undefined) return null;
    // Adding 0 makes −0 the 0 that JSON would write anyway.
    if (fits(value)) return (value as number) + 0; // `fits` accepts numbers only.
    if (typeof value === 'string' && value.length < 25) {
      const number = Number(value);
      if (fits(number) && String(number) === value) {
        repair(sink, place, 'number_from_text');
        return number;
      }
    }
    return moveAway(sink, place, value);
  };
}

function booleanConform(place: Place): Conform {
  return (value, sink) => {
    if (typeof value === 'boolean') return value;
    if (value === null || value === undefined) return null;
    if (value !== 'true' && value !== 'false') return moveAway(sink, place, value);
    repair(sink, place, 'boolean_from_text');
    return value === 'true';
  };
}

const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** BigQuery's times begin with the year 1. */
const isYearZero = (text: string): boolean => text.startsWith('0000');

/** A time as ISO text in UTC. One without an offset is taken for UTC. */
function timestampConform(form: RegExp, place: Place): Conform {
  return (value, sink) => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'string' && form.test(value) && !isYearZero(value)) return value;
    const iso = typeof value === 'string' ? isoTime(value) : undefined;
    if (iso === undefined) return moveAway(sink, place, value);
    repair(sink, place, 'timestamp_form');
    keepInExtra(sink, place, value);
    return iso;
  };
}

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

function dateConform(pattern: RegExp, place: Place): Conform {
  return (value, sink) => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'string' && pattern.test(value) && !isYearZero(value)) return value;
    return moveAway(sink, place, value);
  };
}
