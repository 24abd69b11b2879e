/** Which rows of a long table are mounted, with heights that are guessed until they are measured. */
export interface Windowed {
  /** Draws what the scroller's place asks for. */
  refresh: () => void;
  /** Forgets what was drawn; the number of rows may have changed. */
  reset: (count: number) => void;
}

export interface WindowedSetup {
  scroller: HTMLElement;
  /** Holds the mounted rows and nothing else. */
  body: HTMLElement;
  /** Height of a row that was never measured. */
  guessPx: number;
  /** Rows beyond the edges that are mounted too. @default 0 */
  overscan?: number;
  /** See `GenerationFacts`. */
  mounted: readonly [number, number];
  /** Rows that are mounted while the table has no height. */
  unseen: number;
  make: (index: number) => HTMLElement;
  /** Moves a mounted row to its place. @default it lies where its element does */
  move?: (row: HTMLElement, topPx: number) => void;
  /** Room for the rows that are not mounted, before and behind; and what those take that are. */
  pad: (room: { topPx: number; bottomPx: number; mountedPx: number }) => void;
}

export function windowed(setup: WindowedSetup): Windowed {
  const { scroller, body, guessPx, overscan = 0, make, move, pad } = setup;
  let heights: (number | undefined)[] = [];
  let drawn: [number, number] = [-1, -1];
  const mounted = new Map<number, HTMLElement>();
  let waiting = false;
  let seen = false;

  const guess = (): number => {
    // Rows that are moved to their places keep the first guess of those that were never drawn.
    if (overscan > 0) return guessPx;
    const known = heights.filter((it) => it !== undefined);
    return known.length > 0 ? known.reduce((sum, it) => sum + it, 0) / known.length : guessPx;
  };
  const sum = (from: number, to: number, other: number): number => {
    let total = 0;
    for (let index = from; index < to; index += 1) total += heights[index] ?? other;
    return total;
  };
  const range = (other: number): [number, number] => {
    if (scroller.clientHeight === 0) return [0, Math.min(setup.unseen, heights.length)];
    const [before, height] = setup.mounted;
    const first = scroller.scrollTop - before;
    const last = Math.max(0, first) + height;
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
  // A row that stays in the window keeps its element, and only those that come are made.
  const mount = (from: number, to: number): void => {
    for (const [index, row] of mounted) {
      if (index >= from && index < to) continue;
      row.remove();
      mounted.delete(index);
    }
    for (let index = from; index < to; index += 1) {
      if (mounted.has(index)) continue;
      const row = make(index);
      mounted.set(index, row);
      body.insertBefore(row, body.children[index - from] ?? null);
    }
  };
  const measure = (): void => {
    for (const [index, row] of mounted) {
      const { height } = row.getBoundingClientRect();
      if (height > 0) heights[index] = height;
    }
  };
  const layOut = (from: number, to: number): void => {
    const other = guess();
    const topPx = sum(0, from, other);
    for (const [index, row] of mounted) move?.(row, topPx + sum(from, index, other));
    pad({ topPx, bottomPx: sum(to, heights.length, other), mountedPx: sum(from, to, other) });
  };
  const once = (): boolean => {
    // Rows that were mounted while the table had no height were not measured.
    const isSeen = scroller.clientHeight > 0;
    if (isSeen && !seen) drawn = [-1, -1];
    seen = isSeen;
    const [from, to] = range(guess());
    if (from === drawn[0] && to === drawn[1]) return false;
    drawn = [from, to];
    mount(from, to);
    // Both at once: room that came after its rows would move the scroller when they are measured.
    layOut(from, to);
    measure();
    layOut(from, to);
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
      mounted.clear();
      body.replaceChildren();
    },
  };
}
