import { pressBeside, surroundingsOf, type Surroundings } from './around.ts';

/** What a kind finds of a table that may be drawn in part. */
export interface TableParts {
  /** Holds the rows, and the room for those that are not drawn. */
  body: Element;
  /** Where the room begins and ends, if not with the body. */
  ends?: readonly [Element, Element];
  /** The drawn rows of data, in their order. */
  rows: Element[];
  /** What scrolls up and down; null where nothing does. */
  down: Element | null;
  /** What scrolls to other columns; null where a row always has all of its cells. */
  across: Element | null;
  /** What covers the top of what is in view, if anything does. */
  head: Element | null;
  /** What has to be larger for more of the table to be in view; null where that is not known. */
  frame: HTMLElement | null;
}

export type ViewCell = string | { text: string; link: string };

export interface ViewHead {
  /** Cells of rows are found by it. */
  id: string;
  text: string;
  /** What else the column is called, and the heads of groups above it. */
  names: string[];
  groups: string[];
  /** Order of the columns. */
  place: number;
}

export interface ViewRow {
  /** Its place among all rows, where the page says it; else null. */
  place: number | null;
  cells: Record<string, ViewCell>;
}

/** What a table has in the document at a moment. */
export interface View {
  heads: ViewHead[];
  rows: ViewRow[];
  /** What the table states of its size, without heads; null for nothing. */
  statedRows: number | null;
  statedColumns: number | null;
  /** Headers of columns that are filtered. */
  filtered: string[];
  /** Rows that are no rows of data, such as those of groups. */
  otherRows: number;
}

/** A view of a place that was scrolled to. */
export interface Window extends View {
  /** Nothing is left above, or below. */
  atStart: boolean;
  atEnd: boolean;
  /** False when the rows of the place did not come to rest in time. */
  settled: boolean;
  /** Height of the room for rows that are not drawn: says where to look closer, and no more. */
  spacePx: number;
}

// A kind's own file has functions of these names.
declare function tablesOf(): HTMLElement[];
declare function partsOf(table: HTMLElement): TableParts;
declare function viewOf(table: HTMLElement, parts: TableParts): View;
declare function isBusy(table: HTMLElement): boolean;

/** What a kind gives to be read window by window. */
export interface WalkedKind {
  tablesOf: typeof tablesOf;
  partsOf: typeof partsOf;
  viewOf: typeof viewOf;
  isBusy: typeof isBusy;
}

/** A share of the way to the end, or `next` for what follows the place before, to the end. */
export type Place = number | 'first' | 'last' | 'next';

export interface WalkRequest {
  /** Which of the tables. */
  at: number;
  places: readonly Place[];
  /** Different rows after which no random place is looked at. */
  enough: number;
  /** Frames in which a window must not change. */
  frames: number;
  /** A window that takes longer does not come. */
  waitMs: number;
  /** Show all columns at a time, and so much of the rows, as a larger screen would. @default no more */
  tallPx?: number;
}

/** Boxes are in pixels of the screen, scrolling is in those of the page, which may be zoomed. */
export function zoomOf(down: Element | null): number {
  if (!(down instanceof HTMLElement)) return 1;
  return down.getBoundingClientRect().height / Math.max(1, down.offsetHeight);
}

/** Where the drawn rows lie in what is in view; null where there are none. */
export function layoutOf(table: HTMLElement) {
  const parts = partsOf(table);
  const [first, last] = [parts.rows[0], parts.rows.at(-1)];
  if (!first || !last) return null;
  const { body, down, head, ends = [body, body] } = parts;
  const box = (it: Element): DOMRect => it.getBoundingClientRect();
  const [view, firstBox, lastBox] = [box(down ?? body), box(first), box(last)];
  const zoom = zoomOf(down);
  const topPx = box(ends[0]).top - (body === down ? down.scrollTop * zoom : 0);
  const endPx = body === down ? topPx + body.scrollHeight * zoom : box(ends[1]).bottom;
  return {
    ...parts,
    ...{ view, firstBox, lastBox, zoom },
    beforePx: firstBox.top - topPx,
    afterPx: endPx - lastBox.bottom,
    headPx: head?.getBoundingClientRect().height ?? 0,
  };
}

export type Layout = NonNullable<ReturnType<typeof layoutOf>>;

/** Whether the drawn rows are those of what is in view, but for one or two at each end. */
export function isCovered(layout: Layout): boolean {
  const { down, rows, view, zoom, firstBox, lastBox, beforePx, afterPx, headPx } = layout;
  if (!down) return beforePx <= 1 && afterPx <= 1;
  // Some pages grow while one scrolls, and draw as many rows as they were high before.
  const slackPx = (1.5 * (lastBox.bottom - firstBox.top)) / rows.length;
  const above = beforePx <= 1 || firstBox.top <= view.top + headPx + slackPx;
  const below = afterPx <= 1 || lastBox.bottom >= view.top + down.clientHeight * zoom - slackPx;
  return above && below && firstBox.top < view.bottom && lastBox.bottom > view.top;
}

export function isAtBottom({ down, afterPx }: Layout): boolean {
  if (!down) return afterPx <= 1;
  return down.scrollTop + down.clientHeight >= down.scrollHeight - 2;
}

/** Tells two states of a table apart. */
export function signOf(table: HTMLElement, layout: Layout): string {
  const { down, across, rows, lastBox } = layout;
  const places = [down?.scrollTop, across?.scrollLeft, rows.length, rows[0]?.childElementCount];
  // Rows may glide to where they belong: whether one follows is not known before the last has come there.
  if (isAtBottom(layout)) places.push(Math.round(lastBox.bottom));
  return `${places.join()} ${table.textContent}`;
}

/** The next frame, or what takes its place: one that is not painted gets none. */
export function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}

/** How far to scroll for a place. */
export function topOf({ down, lastBox, view, zoom, headPx }: Layout, place: Place): number {
  if (!down || place === 'first') return 0;
  if (place === 'last') return down.scrollHeight;
  if (typeof place === 'number') return Math.round(place * (down.scrollHeight - down.clientHeight));
  // The last drawn row comes to the top, so that each window overlaps the one before.
  return down.scrollTop + Math.max(1, (lastBox.top - view.top - headPx) / zoom - 1);
}

/** Waits until the rows of a place are drawn and hold still; null when the table goes away. */
export async function settleAt(
  table: HTMLElement,
  place: Place,
  { frames, waitMs }: Pick<WalkRequest, 'frames' | 'waitMs'>,
): Promise<{ layout: Layout; settled: boolean } | null> {
  let [still, sign, sinceMs, moves] = [0, '', performance.now(), 0];
  let layout: Layout | null = null;
  while (table.isConnected && performance.now() - sinceMs <= waitMs) {
    await nextFrame();
    const now = layoutOf(table);
    if (!now) continue;
    layout = now;
    const isThere = isAtPlace(table, now, place);
    const nowSign = signOf(table, now);
    if (nowSign !== sign) [sign, still, sinceMs] = [nowSign, 0, performance.now()];
    else if (isThere) still += 1;
    else if (moves < 5 && performance.now() - sinceMs > 500) moves += scrollAgain(now);
    if (still >= frames) return { layout: now, settled: true };
  }
  return table.isConnected ? layout && { layout, settled: false } : null;
}

/**
 * Scrolls by a pixel where the rows in view do not come: a page that is at work may miss that it was
 * scrolled (AG Grid 33). Gives how often it did.
 */
export function scrollAgain(layout: Layout): number {
  const { down } = layout;
  if (!down || isCovered(layout)) return 0;
  down.scrollTop += down.scrollTop > 0 ? -1 : 1;
  return 1;
}

/** Whether the rows in view are drawn, and it is the place that is meant. */
export function isAtPlace(table: HTMLElement, layout: Layout, place: Place): boolean {
  // The end moves while one goes there: the height of rows that were never drawn is a guess. And a page
  // may scroll by itself, once its rows are others.
  const isElsewhere =
    place === 'last' ? !isAtBottom(layout) : place === 'first' && (layout.down?.scrollTop ?? 0) > 1;
  if (isElsewhere) {
    scrollTo(layout, place);
    return false;
  }
  return isCovered(layout) && !isBusy(table);
}

export function scrollTo(layout: Layout, place: Place): void {
  if (layout.down) layout.down.scrollTop = topOf(layout, place);
}

/** Goes to a place and reads its rows, over all columns; nothing when the table goes away. */
export async function windowsAt(
  table: HTMLElement,
  place: Place,
  request: WalkRequest,
): Promise<Window[]> {
  const before = layoutOf(table);
  if (before) scrollTo(before, place);
  const windows: Window[] = [];
  for (let leftPx = 0; ;) {
    const across = before?.across;
    if (across) across.scrollLeft = leftPx;
    const found = await settleAt(table, place, request);
    if (!found) return windows;
    windows.push(windowOf(table, found.layout, found.settled));
    if (!across || !found.settled) return windows;
    if (leftPx >= across.scrollWidth - across.clientWidth) return windows;
    leftPx += Math.max(100, across.clientWidth - 100);
  }
}

export function windowOf(table: HTMLElement, layout: Layout, settled: boolean): Window {
  const { down, beforePx, afterPx } = layout;
  return {
    ...viewOf(table, layout),
    atStart: beforePx <= 1 && (down?.scrollTop ?? 0) <= 1,
    atEnd: afterPx <= 1 && isAtBottom(layout),
    settled,
    spacePx: beforePx + afterPx,
  };
}

/** Reads windows of a table at some places, in turn; with `next` all that follow. */
export async function walk(request: WalkRequest): Promise<Window[]> {
  const windows: Window[] = [];
  const seen = new Set<string>();
  const table = tablesOf()[request.at];
  if (!table) return windows;
  const end = request.tallPx === undefined ? null : enlarge(table, request.tallPx);
  for (const place of request.places) {
    if (typeof place === 'number' && seen.size >= request.enough) break;
    if (place === 'next') {
      await walkOn(table, windows, request);
      break;
    }
    const found = await windowsAt(table, place, request);
    windows.push(...found);
    for (const row of found.flatMap(({ rows }) => rows)) seen.add(JSON.stringify(row));
    if (isLast(found.at(-1))) break;
  }
  end?.();
  return windows;
}

/** Whether nothing is left to read after a window, or nothing can be. */
export function isLast(window: Window | undefined): boolean {
  return window?.settled !== true || (window.atStart && window.atEnd);
}

/** Makes room for all columns and so much of the rows of a table, where they have less; gives what ends that. */
export function enlarge(table: HTMLElement, tallPx: number): () => void {
  const { body, frame, down, across } = partsOf(table);
  if (!frame || !down) return () => undefined;
  const before = frame.style.cssText;
  const make = (what: 'width' | 'height', px: number): void => {
    for (const name of [what, `min-${what}`]) frame.style.setProperty(name, `${px}px`, 'important');
    frame.style.setProperty(`max-${what}`, 'none', 'important');
  };
  const tallerPx = Math.min(tallPx, body.scrollHeight) - down.clientHeight;
  if (tallerPx > 0) make('height', frame.offsetHeight + tallerPx);
  const widerPx = across ? across.scrollWidth - across.clientWidth : 0;
  if (widerPx > 0) make('width', frame.offsetWidth + widerPx);
  return () => {
    frame.style.cssText = before;
  };
}

/**
 * Adds all windows from where the table stands to its end. Drawn rows may be higher than the room for those that
 * are not: then a screen further lies beyond rows that nobody saw, and less is scrolled from there on.
 */
export async function walkOn(
  table: HTMLElement,
  windows: Window[],
  request: WalkRequest,
): Promise<void> {
  for (let [topPx, reach] = [-1, 1]; ;) {
    const [last, layout] = [windows.at(-1), layoutOf(table)];
    if (last?.settled !== true || last.atEnd || !layout) return;
    const now = layout.down?.scrollTop ?? 0;
    // A table that does not move any more, and has no end, is not read to its end.
    if (now <= topPx) return;
    topPx = now;
    const farPx = topOf(layout, 'next') - now;
    let found = await windowsAt(table, shareOf(layout, now + farPx * reach), request);
    while (reach > 0.01 && !goesOn(last, found[0])) {
      reach /= 2;
      found = await windowsAt(table, shareOf(layout, now + farPx * reach), request);
    }
    windows.push(...found);
  }
}

export function shareOf({ down }: Layout, topPx: number): number {
  return down ? topPx / Math.max(1, down.scrollHeight - down.clientHeight) : 0;
}

/** Whether a window begins before another ends, or right after it, so that no row lies between them. */
export function goesOn(before: Window, now: Window | undefined): boolean {
  if (now?.settled !== true) return true;
  const [last, first] = [before.rows.at(-1), now.rows[0]];
  if (!last || !first) return true;
  const places = (it: Window): number[] => it.rows.flatMap(({ place }) => place ?? []);
  if (last.place !== null) return Math.min(...places(now)) <= Math.max(...places(before)) + 1;
  const [columns, text] = [Object.keys(last.cells).join(), JSON.stringify(last.cells)];
  // Of other columns nothing can be told.
  if (Object.keys(first.cells).join() !== columns) return true;
  return now.rows.some(({ cells }) => JSON.stringify(cells) === text);
}

/** Works a control of one of the tables. */
export function pressControl({ table, at }: { table: number; at: number }): void {
  const tables = tablesOf();
  pressBeside(tables[table], tables, at);
}

/** A table as it stands, and what is around it. */
export interface TableLook extends View {
  busy: boolean;
  /** It has rows, and those in view are drawn. */
  covered: boolean;
  /** Nothing is left below what is in view: true after a walk, until more rows come. */
  atEnd: boolean;
  around: Surroundings;
}

/** Looks at every table as it is, without moving it. */
export function lookAtTables(): TableLook[] {
  const tables = tablesOf();
  return tables.map((table) => {
    const layout = layoutOf(table);
    return {
      ...viewOf(table, layout ?? partsOf(table)),
      busy: isBusy(table),
      covered: layout !== null && isCovered(layout),
      atEnd: layout !== null && isAtBottom(layout),
      around: surroundingsOf(table, tables),
    };
  });
}
