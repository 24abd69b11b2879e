import type { Normalise } from '../shape.ts';
import { isRecord, jsonText } from '../json-text.ts';
import { inList, repair } from '../sink.ts';

/** Applies a normaliser to each element of a list, with its position in the path. Other values pass. */
export function each(normalise: Normalise): Normalise {
  return (value, sink, place) => {
    if (!Array.isArray(value)) return value;
    const inner = inList(place);
    return value.map((element: unknown, index) => {
      sink.at[place.lists.path] = index;
      return normalise(element, sink, inner);
    });
  };
}

/** The same, where a single value may stand for a list of one. */
export function eachOrOne(normalise: Normalise): Normalise {
  const all = each(normalise);
  return (value, sink, place) => {
    if (Array.isArray(value)) return all(value, sink, place);
    sink.at[place.lists.path] = -1;
    return normalise(value, sink, inList(place));
  };
}

/** One normaliser after the other. */
export const chain =
  (...normalisers: Normalise[]): Normalise =>
  (value, sink, place) =>
    normalisers.reduce((result, normalise) => normalise(result, sink, place), value);

/** A list of at most one element where one value belongs is that element. Others pass. */
export const only: Normalise = (value, sink, place) => {
  if (!Array.isArray(value) || value.length > 1) return value;
  repair(sink, place, 'list_unwrapped');
  return (value[0] as unknown) ?? null;
};

/** A list in a list is put in its place: one level, so that its depth does not matter. */
export const flat: Normalise = (value, sink, place) => {
  if (!Array.isArray(value) || !value.some(Array.isArray)) return value;
  repair(sink, place, 'list_flattened');
  return value.flat() as unknown[];
};

/** `{en: null}`, a text that YAML took for a key, is the text. Others pass. */
export const keyAsText: Normalise = (value, sink, place) => {
  if (!isRecord(value)) return value;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0 || entry[1] !== null) return value;
  repair(sink, place, 'object_unwrapped');
  return entry[0];
};

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
