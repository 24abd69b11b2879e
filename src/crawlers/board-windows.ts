/** Where to look into a table that has only the rows in view, in pixels of scroll from its top. */
export interface TableSize {
  /** Height of the whole content, and of the part in view. */
  contentPx: number;
  viewPx: number;
  rowPx: number;
}

/** So many windows' heights of rows are drawn before and after the one in view, at most. */
const SPARE_WINDOWS = 2;

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
export function randomWindows(size: TableSize, windows: number, seed: number): number[] {
  const random = seededRandom(seed);
  const stripPx = lastTop(size) / Math.max(1, windows);
  // One window in each of as many equal strips, with room for the rows that a page draws around it:
  // random, yet everywhere, and no row twice where the table is long enough.
  const aroundPx = Math.min(SPARE_WINDOWS * size.viewPx, stripPx / 2);
  const roomPx = Math.max(0, stripPx - 2 * aroundPx);
  return Array.from({ length: windows }, (_, strip) =>
    Math.round(strip * stripPx + aroundPx + random() * roomPx),
  );
}
