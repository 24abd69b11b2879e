import type { Normalise } from '../conform.ts';
import type { Place, Sink } from '../sink.ts';
import { inList } from '../sink.ts';

/**
 * Applies a normaliser to each element of a list, with its position in the path. What is no list
 * passes unchanged; so does a list that needed nothing, without a copy.
 */
export function each(normalise: Normalise): Normalise {
  return (value, sink, place) => {
    if (!Array.isArray(value)) return value;
    const list: unknown[] = value;
    const inner = inList(place);
    let changed: unknown[] | undefined;
    for (let index = 0; index < list.length; index += 1) {
      const element = list[index];
      sink.at[place.lists.path] = index;
      const next = normalise(element, sink, inner);
      if (next !== element) (changed ??= [...list])[index] = next;
    }
    return changed ?? list;
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
  (value, sink: Sink, place: Place) =>
    normalisers.reduce((result, normalise) => normalise(result, sink, place), value);
