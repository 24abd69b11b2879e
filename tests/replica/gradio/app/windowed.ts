/** Which rows of a long table are mounted, with heights that are guessed until they are measured. */
export interface Windowed {
  /** Draws what the scroller's place asks for. */
  refresh: () => void;
  /** Forgets what was drawn; the number of rows may have changed. */
  reset: (count: number) => void;
}

export interface WindowedSetup {
  scroller: HTMLElement;
  /** Height of a row that was never measured. */
  guessPx: number;
  /** Rows beyond the edges that are mounted too. @default 0 */
  overscan?: number;
  /** How far before and behind the scroller's top rows are mounted, in pixels. */
  mounted: readonly [number, number];
  /** Rows that are mounted while the table has no height. */
  unseen: number;
  /** Draws rows `from` to `to` (exclusive); gives their elements, to be measured. */
  draw: (from: number, to: number, topPx: number) => HTMLElement[];
  /** Room for the rows that are not mounted, before and behind. */
  pad: (topPx: number, bottomPx: number) => void;
}

export function windowed(setup: WindowedSetup): Windowed {
  const { scroller, guessPx, overscan = 0, draw, pad } = setup;
  let heights: (number | undefined)[] = [];
  let drawn: [number, number] = [-1, -1];
  let waiting = false;
  let seen = false;

  const guess = (): number => {
    const known = heights.filter((it) => it !== undefined);
    return known.length > 0 && overscan === 0
      ? known.reduce((sum, it) => sum + it, 0) / known.length
      : guessPx;
  };
  const sum = (from: number, to: number, other: number): number => {
    let total = 0;
    for (let index = from; index < to; index += 1) total += heights[index] ?? other;
    return total;
  };
  const range = (other: number): [number, number] => {
    if (scroller.clientHeight === 0) return [0, Math.min(setup.unseen, heights.length)];
    const [before, behind] = setup.mounted;
    const first = scroller.scrollTop - before;
    const last = scroller.scrollTop + behind;
    let [from, to, y] = [heights.length, heights.length, 0];
    for (let index = 0; index < heights.length; index += 1) {
      const height = heights[index] ?? other;
      if (from === heights.length && y + height > first) from = index;
      y += height;
      if (y >= last) {
        to = index + 1;
        break;
      }
    }
    return [Math.max(0, Math.min(from, to) - overscan), Math.min(heights.length, to + overscan)];
  };
  const once = (): boolean => {
    // Rows that were mounted while the table had no height were not measured.
    const isSeen = scroller.clientHeight > 0;
    if (isSeen && !seen) drawn = [-1, -1];
    seen = isSeen;
    const other = guess();
    const [from, to] = range(other);
    if (from === drawn[0] && to === drawn[1]) return false;
    drawn = [from, to];
    for (const [index, row] of draw(from, to, sum(0, from, other)).entries()) {
      const { height } = row.getBoundingClientRect();
      if (height > 0) heights[from + index] = height;
    }
    const now = guess();
    pad(sum(0, from, now), sum(to, heights.length, now));
    return true;
  };
  const refresh = (): void => {
    // What was guessed too high leaves room for more rows: until the window is full.
    for (let turn = 0; turn < 5 && once(); turn += 1);
  };
  const later = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      refresh();
    });
  };
  scroller.addEventListener('scroll', later);
  new ResizeObserver(later).observe(scroller);
  return {
    refresh,
    reset: (count) => {
      heights = Array.from({ length: count });
      drawn = [-1, -1];
    },
  };
}
