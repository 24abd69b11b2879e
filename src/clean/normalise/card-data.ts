import type { Normalise } from '../conform.ts';
import { repair } from '../sink.ts';

/** A card that is a text, or a list of texts: they are its tags. */
export const cardData: Normalise = (value, sink, place) => {
  if (value === null || value === undefined) return value;
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const texts = parts.filter((it) => it !== null && typeof it !== 'object');
  if (texts.length === 0) return value;
  repair(sink, place, 'card_from_list');
  return [{ tags: texts }, ...parts.filter((it) => typeof it === 'object' && it !== null)];
};
