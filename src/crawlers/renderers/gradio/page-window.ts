import {
  DOM_TOOLS,
  gridsOf,
  partsOf,
  isCounter,
  cellsIn,
  headersOf,
  extrasIn,
  textIn,
  rowsOf,
  addressOf,
} from './page-dom.ts';
import { drawNow, nextFrame } from './frame-tap.ts';
import { putBackCells } from './left-out.ts';
import type { WindowRequest } from './page-tables.ts';
import { heardSoFar } from './wire-tap.ts';

/*
 * What scrolls over a table and reads its windows. As in page-dom.ts, only the texts of the functions
 * go into the page.
 */

/** Where the drawn rows lie in what is in view. */
function layoutOf(grid: HTMLElement) {
  const { head, body, scroller, isVirtual } = partsOf(grid);
  const rows = body ? rowsOf(body) : [];
  const [first, last] = [rows[0], rows.at(-1)];
  if (!body || !first || !last) return null;
  const view = (scroller ?? body).getBoundingClientRect();
  const firstRect = first.getBoundingClientRect();
  const lastRect = last.getBoundingClientRect();
  const bodyRect = body.getBoundingClientRect();
  const style = getComputedStyle(body);
  const beforePx = isVirtual
    ? firstRect.top - bodyRect.top
    : Number.parseFloat(style.paddingTop) || 0;
  const afterPx = isVirtual
    ? bodyRect.bottom - lastRect.bottom
    : Number.parseFloat(style.paddingBottom) || 0;
  const headPx = head ? head.getBoundingClientRect().height : 0;
  return {
    scroller,
    rows,
    view,
    firstRect,
    lastRect,
    bodyRect,
    beforePx,
    afterPx,
    headPx,
    isVirtual,
  };
}

type Layout = NonNullable<ReturnType<typeof layoutOf>>;

/** Whether the drawn rows are those of what is in view, but for one at each end. */
function isCovered(layout: Layout): boolean {
  const { scroller, rows, view, firstRect, lastRect, beforePx, afterPx, headPx } = layout;
  if (!scroller) return beforePx <= 1 && afterPx <= 1;
  // Some versions grow while one scrolls, and draw as many rows as they were high before.
  const slackPx = (1.5 * (lastRect.bottom - firstRect.top)) / rows.length;
  const above = beforePx <= 1 || firstRect.top <= view.top + headPx + slackPx;
  const below = afterPx <= 1 || lastRect.bottom >= view.top + scroller.clientHeight - slackPx;
  return above && below && firstRect.top < view.bottom && lastRect.bottom > view.top;
}

function endsOf({ rows }: Layout): string {
  return JSON.stringify([rows[0]?.textContent, rows.at(-1)?.textContent]);
}

function signOf(layout: Layout): string {
  const { scroller, rows, beforePx, afterPx } = layout;
  return JSON.stringify([scroller?.scrollTop, rows.length, beforePx, afterPx, endsOf(layout)]);
}

/** Where a place is: pixels from the top, and whether the table ends there. */
export interface Goal {
  top: number;
  isEnd: boolean;
}

/** The way to a place; a number is a share of the way to the end. */
function goalOf({ scroller, lastRect, view, headPx }: Layout, place: number | string): Goal {
  if (!scroller || place === 'first') return { top: 0, isEnd: false };
  if (place === 'last') return { top: scroller.scrollHeight, isEnd: true };
  const lastTop = scroller.scrollHeight - scroller.clientHeight;
  if (typeof place === 'number') return { top: Math.round(place * lastTop), isEnd: false };
  // The last drawn row comes to the top, so that each window overlaps the one before.
  const top = scroller.scrollTop + Math.max(1, lastRect.top - view.top - headPx - 1);
  return { top, isEnd: top >= lastTop };
}

/** Scrolls there; false when it is there already. */
function scrollTo(layout: Layout, { top }: Goal): boolean {
  const { scroller } = layout;
  if (!scroller) return false;
  const before = scroller.scrollTop;
  scroller.scrollTop = top;
  const isMoved = scroller.scrollTop !== before;
  if (isMoved || !isCovered(layout)) scroller.dispatchEvent(new Event('scroll'));
  return isMoved;
}

/** Follows the end, which moves while one goes there: the height of rows never drawn is a guess. */
function followEnd(layout: Layout, place: number | string, goal: Goal): boolean {
  if (!goal.isEnd || isAtBottom(layout)) return false;
  return scrollTo(layout, place === 'last' ? goalOf(layout, place) : goal);
}

function isAtBottom({ scroller, afterPx }: Layout): boolean {
  if (!scroller) return afterPx <= 1;
  return scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2;
}

function rowOf(row: Element) {
  const has = extrasIn(row);
  const cells = cellsIn(row).filter((cell) => !has.counters || !isCounter(cell));
  const linkIn = (cell: Element): string =>
    cell.querySelector('a[href]')?.getAttribute('href') ?? '';
  return {
    address: addressOf(row),
    cells: cells.map((cell) => textIn(cell, has)),
    links: cells.map((cell) => (has.links ? linkIn(cell) : '')),
  };
}

/** Rows that the height has room for, where all are equally high: else it is partly a guess. */
function roomOf({ rows, bodyRect, isVirtual }: Layout): number | null {
  const heights = new Set(rows.map((row) => row.getBoundingClientRect().height));
  const [rowPx = 0] = heights;
  const room = bodyRect.height / (rowPx || 1);
  const isExact = isVirtual && heights.size === 1 && Math.abs(room - Math.round(room)) < 0.001;
  return isExact ? Math.round(room) : null;
}

function windowOf(grid: HTMLElement, layout: Layout, settled: boolean) {
  const { rows, firstRect, lastRect, bodyRect, beforePx, afterPx } = layout;
  const { scrollHeight, clientHeight, scrollTop } = layout.scroller ?? {
    scrollHeight: bodyRect.height,
    clientHeight: bodyRect.height,
    scrollTop: 0,
  };
  return {
    rows: rows.map(rowOf),
    headers: headersOf(partsOf(grid).head),
    atStart: beforePx <= 1 && scrollTop <= 1,
    atEnd: afterPx <= 1 && isAtBottom(layout),
    settled,
    virtualRows: roomOf(layout),
    contentPx: scrollHeight,
    viewPx: clientHeight,
    rowPx: (lastRect.bottom - firstRect.top) / rows.length,
    topPx: scrollTop,
    heard: heardSoFar(),
  };
}

function gridOf({ headers, nth }: { headers: readonly string[]; nth: number }): HTMLElement | null {
  const wanted = JSON.stringify(headers);
  const same = gridsOf().filter(
    (grid) => grid.offsetHeight > 0 && JSON.stringify(headersOf(partsOf(grid).head)) === wanted,
  );
  return same[nth] ?? null;
}

/** Whether the table is where it should be, with the rows of that place. */
function isAtPlace(layout: Layout, place: number | string): boolean {
  if (!isCovered(layout)) return false;
  return place !== 'last' || (isAtBottom(layout) && layout.afterPx <= 1);
}

/** Waits until nothing of a table has changed for some microtasks: cells are drawn after their rows. */
async function untilRest(grid: HTMLElement): Promise<void> {
  let still = 0;
  const observer = new MutationObserver(() => {
    still = 0;
  });
  observer.observe(grid, { subtree: true, childList: true, characterData: true });
  for (let turn = 0; turn < 2000 && still < 20; turn += 1) {
    still += 1;
    await Promise.resolve();
  }
  observer.disconnect();
}

/** A place that a table has been scrolled to, or is to be. */
export interface Way {
  grid: HTMLElement;
  place: number | string;
  goal: Goal;
}

/**
 * The layout with the rows of the place, where the page draws them in microtasks of its scroll event or
 * in its next frames, which come early: rows that are only read need not be painted. Else null.
 */
async function drawnAtOnce({ grid, place, goal }: Way, before: string): Promise<Layout | null> {
  for (let turn = 0; turn < 8; turn += 1) {
    await untilRest(grid);
    const layout = layoutOf(grid);
    if (!layout) return null;
    if (followEnd(layout, place, goal)) continue;
    if (isAtPlace(layout, place) && endsOf(layout) !== before) return layout;
    if (!drawNow()) return null;
  }
  return null;
}

/** Waits until the rows of the place are drawn, and hold still where that is asked for. */
async function settleAt(
  { grid, place, goal }: Way,
  { waitMs, holds }: WindowRequest,
): Promise<{ layout: Layout; settled: boolean } | null> {
  const end = performance.now() + waitMs;
  let [sign, same] = ['', -1];
  let layout: Layout | null;
  // A table redraws in a task of its own, mostly before the next frame.
  await new Promise((resolve) => setTimeout(resolve, 0));
  while (grid.isConnected && (layout = layoutOf(grid))) {
    followEnd(layout, place, goal);
    const now = holds > 0 ? signOf(layout) : '';
    const isSame = now === sign || same < 0;
    same = isSame && isAtPlace(layout, place) ? same + 1 : -1;
    sign = now;
    if (same >= holds) return { layout, settled: true };
    if (performance.now() > end) return { layout, settled: false };
    await nextFrame();
  }
  return null;
}

/** Scrolls to a place and reads its rows; null when the table goes away. */
export async function windowAt(grid: HTMLElement, place: number | string, request: WindowRequest) {
  const before = layoutOf(grid);
  if (!before) return null;
  const way = { grid, place, goal: goalOf(before, place) };
  const ends = endsOf(before);
  const isMoved = scrollTo(before, way.goal);
  if (request.atOnce && !isMoved && isAtPlace(before, place)) return windowOf(grid, before, true);
  const drawn = request.atOnce && isMoved ? await drawnAtOnce(way, ends) : null;
  if (drawn) return windowOf(grid, drawn, true);
  const found = await settleAt(way, request);
  return found && windowOf(grid, found.layout, found.settled);
}

/** The table that is asked for; what is not read at once is read as everybody sees it. */
export function tableFor(request: WindowRequest): HTMLElement | null {
  if (!request.atOnce) putBackCells();
  return gridOf(request);
}

async function readPlaces(request: WindowRequest): Promise<unknown> {
  const end = performance.now() + request.budgetMs;
  const windows = [];
  const grid = tableFor(request);
  for (const place of grid ? request.places : []) {
    const window = grid && (await windowAt(grid, place, request));
    if (!window) break;
    windows.push(window);
    if (!window.settled || (place === 'next' && window.atEnd) || performance.now() > end) break;
  }
  return windows;
}

/** The functions of this file and of page-dom.ts, to be joined. */
export const WINDOW_TOOLS = [
  ...DOM_TOOLS,
  heardSoFar,
  drawNow,
  nextFrame,
  putBackCells,
  layoutOf,
  isCovered,
  endsOf,
  signOf,
  goalOf,
  scrollTo,
  followEnd,
  isAtBottom,
  rowOf,
  roomOf,
  windowOf,
  gridOf,
  isAtPlace,
  untilRest,
  drawnAtOnce,
  settleAt,
  windowAt,
  tableFor,
  readPlaces,
];
