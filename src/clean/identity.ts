import { isRecord, jsonText } from './json-text.ts';
import type { JsonRecord } from './json-text.ts';

/** Why an element of a list is no record of it. `detail` never holds a whole body. */
export interface Refusal {
  ok: false;
  reason: 'not_an_object' | 'no_id' | 'too_large';
  detail: string;
}

/** The element as a record with `_id` and `id`, or why it is none. */
export function identified(value: unknown): Refusal | { ok: true; record: JsonRecord } {
  if (!isRecord(value)) return { ok: false, reason: 'not_an_object', detail: excerpt(value) };
  for (const key of ['_id', 'id'] as const) {
    const id = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof id === 'string' && id !== '') continue;
    return { ok: false, reason: 'no_id', detail: `${key}: ${excerpt(id)}` };
  }
  return { ok: true, record: value };
}

const excerpt = (value: unknown): string =>
  value === undefined ? 'missing' : jsonText(value).slice(0, 80).toWellFormed();
