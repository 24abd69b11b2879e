import type { Place, Window } from './inside/walk.ts';

/** Numbers from 0 to 1 that are the same for the same seed, so that a failure can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  // Mulberry32: enough to choose windows with, and the same on every machine.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random places beyond the planned ones, for when those overlapped or had few rows. */
const MORE_PLACES = 40;

/** Height for reading all rows of a table: a higher one draws no faster, and takes more memory. */
export const TALL_PX = 16_000;

/** All of a table. */
export const EVERY_PLACE: readonly Place[] = ['first', 'next'];

/**
 * Places for a sample: both ends, and random ones in as many equal strips between as hold the wanted
 * rows, where about `drawn` rows are drawn at a time. More follow, for when these have too few.
 */
export function samplePlaces(
  { sampleRows, seed }: { sampleRows: number; seed: number },
  drawn: number,
): Place[] {
  const random = seededRandom(seed);
  // Between the ends a window has rows drawn on both of its sides, about half as many again.
  const perWindow = Math.max(1, 1.5 * drawn);
  const strips = Math.max(1, Math.ceil((sampleRows - 2 * drawn) / perWindow));
  const planned = Array.from({ length: strips }, (_, strip) => (strip + random()) / strips);
  const more = Array.from({ length: MORE_PLACES }, random);
  return ['first', 'last', ...planned, ...more];
}

/**
 * How many rows a table seems to have room for: each row that one window draws more than another takes
 * its height from the room for those not drawn. A hint that says where to look closer, no proof: rows
 * may be uneven. Null where all windows draw as many rows. Pure.
 */
export function roomIn(windows: readonly Window[]): number | null {
  const [first] = windows;
  if (!first) return null;
  if (first.spacePx <= 1) return first.rows.length;
  const most = windows.reduce((a, b) => (b.rows.length > a.rows.length ? b : a));
  const more = most.rows.length - first.rows.length;
  if (more === 0) return null;
  const rowPx = (first.spacePx - most.spacePx) / more;
  return first.rows.length + Math.round(first.spacePx / rowPx);
}
