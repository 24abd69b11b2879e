import type { Normalise } from '../conform.ts';
import { jsonText } from '../json-text.ts';
import { repair } from '../sink.ts';

/** A list of scalars where one text belongs: `["a", "b"]` → `"a, b"`. Others pass. */
export const joined: Normalise = (value, sink, place) => {
  if (!Array.isArray(value)) return value;
  const list: unknown[] = value;
  const present = list.filter((it) => it !== null);
  if (present.some((it) => typeof it === 'object')) return list;
  if (present.length === 0) return null;
  repair(sink, place, 'list_joined');
  return present.map((it) => (typeof it === 'string' ? it : jsonText(it))).join(', ');
};
