import type { SampleRequest } from './page-tables.ts';
import { tableFor, windowAt, WINDOW_TOOLS } from './page-window.ts';

/*
 * What takes a sample of a table's rows. As in page-dom.ts, only the texts of the functions go into the
 * page.
 */

type PageWindow = NonNullable<Awaited<ReturnType<typeof windowAt>>>;

interface Sample {
  windows: PageWindow[];
  /** Texts of the different rows. */
  seen: Set<string>;
  /** Rows that the last random window added. */
  gained: number;
}

/** Where so many more rows come into view after a window, or before it where it is near the end. */
function besides(window: PageWindow, rows: number): number {
  const { contentPx, viewPx, rowPx, topPx } = window;
  const lastPx = contentPx - viewPx;
  const wayPx = (rows + 1) * rowPx;
  return (topPx + wayPx > lastPx ? topPx - wayPx : topPx + wayPx) / lastPx;
}

/** Where to look instead of a place that was asked for; null when there are rows enough. */
function placeFor(asked: number | string, sample: Sample, rows: number): number | string | null {
  const { windows, seen, gained } = sample;
  const before = windows.at(-1);
  const missing = rows - seen.size;
  if (typeof asked === 'string' || !before || gained === 0) return asked;
  if (missing <= 0) return null;
  // Rows that stay in view are not drawn again: the last few come cheapest beside the window before.
  return gained > missing ? besides(before, missing) : asked;
}

/** Reads windows at the places asked for, in turn, until there are rows enough. */
async function readSample(request: SampleRequest): Promise<unknown> {
  const grid = tableFor(request);
  const end = performance.now() + request.budgetMs;
  const sample: Sample = { windows: [], seen: new Set(), gained: 0 };
  for (const asked of grid ? request.places : []) {
    const place = placeFor(asked, sample, request.rows);
    if (!grid || place === null) break;
    const window = await windowAt(grid, place, request);
    if (!window) break;
    sample.windows.push(window);
    const known = sample.seen.size;
    for (const { cells } of window.rows) sample.seen.add(JSON.stringify(cells));
    if (typeof asked === 'number') sample.gained = sample.seen.size - known;
    const isWhole = window.atStart && window.atEnd;
    if (!window.settled || isWhole || performance.now() > end) break;
  }
  return sample.windows;
}

/** All functions of the page, to be joined. */
export const PAGE_TOOLS = [...WINDOW_TOOLS, besides, placeFor, readSample];
