import { sharedRow } from './shared-rows.ts';
import type { TagEntry } from './tags.ts';

/** Finds a tag by its id. A Map does; `createTagLookup` is quicker. */
export interface TagLookup {
  get: (id: string) => TagEntry | undefined;
}

/** A power of two. Nine tags in ten are found in so many places. */
const PLACES = 8192;

/**
 * Finds tags, the common ones without hashing their id: models name a few tags over and over, and a
 * lookup in a Map of thousands waits for memory most of the time. What it finds are shared rows.
 */
export function createTagLookup(vocabulary: ReadonlyMap<string, TagEntry>): TagLookup {
  const all = new Map<string, TagEntry>();
  for (const [id, entry] of vocabulary) all.set(id, sharedRow(entry));
  const recent = new Array<TagEntry | undefined>(PLACES).fill(undefined);
  return {
    get: (id) => {
      const place = placeOf(id);
      const known = recent[place];
      if (known !== undefined && known.id === id) return known;
      const entry = all.get(id);
      if (entry !== undefined) recent[place] = entry;
      return entry;
    },
  };
}

/** From the length and four letters (a multiplication spreads them): far cheaper than a hash of all. */
function placeOf(id: string): number {
  const { length } = id;
  const letters =
    id.charCodeAt(length - 1) |
    (id.charCodeAt(length >> 1) << 7) |
    (id.charCodeAt(length >> 2) << 14) |
    (id.charCodeAt((length * 3) >> 2) << 21);
  const mixed = Math.imul(letters, 0x9e3779b1) ^ Math.imul(length, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (PLACES - 1);
}
