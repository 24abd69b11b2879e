/** Where to look into a table that has only the rows in view, in pixels of scroll from its top. */
export interface TableSize {
  /** Height of the whole content, and of the part in view. */
  contentPx: number;
  viewPx: number;
  rowPx: number;
}

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

const lastTop = ({ contentPx, viewPx }: TableSize): number => Math.max(0, contentPx - viewPx);

/** Tops of windows that together show every row, each overlapping the one before by a row. */
export function everyWindow(size: TableSize): number[] {
  const step = Math.max(size.rowPx, size.viewPx - 2 * size.rowPx);
  const tops: number[] = [];
  for (let top = 0; top < lastTop(size); top += step) tops.push(top);
  return [...tops, lastTop(size)];
}

/** Tops of random windows, spread over the whole table; the same ones for the same seed. */
export const randomWindows = (size: TableSize, windows: number, seed: number): number[] =>
  spreadWindows(size, Array.from({ length: windows }, seededRandom(seed)));

/**
 * Tops of as many windows as there are random numbers from 0 to 1, spread over the whole table.
 * Complete in itself, because it runs in pages too.
 */
export function spreadWindows(size: TableSize, randoms: readonly number[]): number[] {
  const lastTopPx = Math.max(0, size.contentPx - size.viewPx);
  const stripPx = lastTopPx / Math.max(1, randoms.length);
  // One window in each of as many equal strips, with room for the rows that a page draws around it,
  // two windows' heights at most: random, yet everywhere, and no row twice where the table is long
  // enough.
  const aroundPx = Math.min(2 * size.viewPx, stripPx / 2);
  const roomPx = Math.max(0, stripPx - 2 * aroundPx);
  return randoms.map((random, strip) => Math.round(strip * stripPx + aroundPx + random * roomPx));
}
