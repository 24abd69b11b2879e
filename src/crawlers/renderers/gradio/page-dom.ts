import type { WindowRequest } from './page-tables.ts';

/*
 * Functions that run in the page. Only their texts go there, joined: they may call one another, and
 * nothing of any other file. They find things by role, address and the names that Gradio kept through
 * all its versions, never by a class that a build makes up.
 */

function fold(text: string | null): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** The outermost elements that Gradio draws a table in. */
function gridsOf(): HTMLElement[] {
  const selector = '.table-wrap, [role="grid"]';
  return [...document.querySelectorAll<HTMLElement>(selector)].filter(
    (it) => !it.parentElement?.closest(selector),
  );
}

/** The table that has the headers: a measuring table comes first from 3.43 on; before, there is one. */
function tableOf(grid: HTMLElement): Element | null {
  if (grid.querySelector('.virtual-body')) return grid.querySelector('table');
  const inner = grid.querySelector('svelte-virtual-table-viewport table');
  const tables = grid.querySelectorAll('table');
  return inner ?? (tables.length === 1 ? (tables[0] ?? null) : null);
}

function scrollerOf(grid: HTMLElement, body: Element): Element | null {
  // A body that only scrolls sideways computes as `auto` too.
  let it: Element | null = body.parentElement;
  while (it && !/auto|scroll/.test(getComputedStyle(it).overflowY)) {
    it = it === grid ? null : it.parentElement;
  }
  return it;
}

/** The element whose children are the real rows, and the one that scrolls. */
function partsOf(grid: HTMLElement) {
  const virtual = grid.querySelector<HTMLElement>('.virtual-body');
  const table = tableOf(grid);
  const body = virtual ?? table?.querySelector<HTMLElement>(':scope > tbody') ?? null;
  return {
    head: table?.querySelector(':scope > thead') ?? null,
    body,
    scroller: body && scrollerOf(grid, body),
    isVirtual: virtual !== null,
  };
}

function isCounter(cell: Element): boolean {
  return (
    cell.getAttribute('data-col') === 'row-number' ||
    /\brow-number(-header|-cell)?\b/.test(cell.getAttribute('class') ?? '')
  );
}

function cellsIn(row: Element): Element[] {
  return [...row.children].filter(
    (it) => /^(TD|TH)$/.test(it.tagName) || it.hasAttribute('data-col'),
  );
}

function headersOf(head: Element | null): string[] {
  const row = head?.querySelector(':scope > tr');
  if (!row) return [];
  const cells = cellsIn(row).filter((cell) => !isCounter(cell));
  return cells.map((cell) => fold(cell.getAttribute('title')) || textIn(cell));
}

/** The text of a cell; a checkbox without text is its state. */
function textIn(cell: Element): string {
  const tools =
    'button.cell-menu-button, button[aria-haspopup="menu"], .selection-button, .sort-button, .sort-indicators, textarea';
  const has = cell.querySelector(tools) !== null;
  let source = cell;
  if (has) {
    source = cell.cloneNode(true) as Element; // a clone of an element is one
    for (const tool of source.querySelectorAll(tools)) tool.remove();
  }
  const text = fold(source.textContent);
  if (text !== '') return text;
  const box = cell.querySelector<HTMLInputElement>('input[type="checkbox"]');
  if (box) return String(box.checked);
  return fold(cell.querySelector('img')?.getAttribute('alt') ?? '');
}

function rowsOf(body: Element): Element[] {
  return [...body.children].filter((row) => row.tagName === 'TR' || row.hasAttribute('data-index'));
}

function addressOf(row: Element): number | null {
  const cell = row.querySelector('[data-row]');
  const text = row.getAttribute('data-index') ?? cell?.getAttribute('data-row') ?? null;
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** Whether the page shows that the table is being filled, and the error it shows instead. */
function trackerOf(grid: HTMLElement): { busy: boolean; error: string | null } {
  // A Leaderboard brings no block of its own: its overlay stands beside it, in the same row.
  const block = grid.closest('.block') ?? grid.closest('.row') ?? grid.parentElement;
  // Only newer versions name it; before, it is the overlay beside the table that tells of progress.
  const trackers = '[data-testid="status-tracker"], .wrap:has(.progress-text, .error)';
  const tracker = block?.querySelector<HTMLElement>(trackers);
  if (!tracker || tracker.contains(grid)) return { busy: false, error: null };
  const error = tracker.querySelector('.error');
  const isOn = !tracker.classList.contains('hide') && tracker.offsetHeight > 0;
  return {
    busy: isOn && !error && fold(tracker.textContent) !== '',
    error: error ? fold(error.textContent) : null,
  };
}

function surveyTable(grid: HTMLElement): unknown {
  const { head, body } = partsOf(grid);
  const ids: string[] = [];
  for (let it: Element | null = grid; it; it = it.parentElement) if (it.id) ids.push(it.id);
  const label = grid.getAttribute('aria-label') ?? grid.querySelector('caption')?.textContent ?? '';
  const count = grid.getAttribute('aria-rowcount');
  return {
    ids,
    label: fold(label),
    headers: headersOf(head),
    drawn: body ? rowsOf(body).length : 0,
    visible: grid.getClientRects().length > 0 && grid.offsetHeight > 0,
    ...trackerOf(grid),
    stated: count !== null && /^\d+$/.test(count) ? Number(count) - 1 : null,
  };
}

/** Tabs have their role since 3.34. */
function tabsOf(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[role="tab"], .tab-nav > button')];
}

function surveyPage(): unknown {
  const tables = gridsOf().map(surveyTable);
  const tabs = tabsOf().map((tab) => ({
    text: fold(tab.textContent),
    open: tab.getAttribute('aria-selected') === 'true' || tab.classList.contains('selected'),
  }));
  const text = tables.length > 0 ? '' : fold(document.body?.innerText ?? '').slice(0, 400);
  return { tables, tabs, text };
}

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

function nextFrame(): Promise<unknown> {
  // A frame that is not painted gets no animation frames.
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}

function signOf({ scroller, rows, beforePx, afterPx }: Layout): string {
  const texts = [rows[0]?.textContent, rows.at(-1)?.textContent];
  return JSON.stringify([scroller?.scrollTop, rows.length, beforePx, afterPx, texts]);
}

function scrollTo(layout: Layout, place: number | string): void {
  const { scroller, lastRect, view, headPx } = layout;
  if (!scroller) return;
  let top = place === 'first' ? 0 : scroller.scrollHeight;
  if (typeof place === 'number') top = place;
  // The last drawn row comes to the top, so that each window overlaps the one before.
  if (place === 'next')
    top = scroller.scrollTop + Math.max(1, lastRect.top - view.top - headPx - 1);
  scroller.scrollTop = top;
  scroller.dispatchEvent(new Event('scroll'));
}

function isAtBottom({ scroller, afterPx }: Layout): boolean {
  if (!scroller) return afterPx <= 1;
  return scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2;
}

function rowOf(row: Element): unknown {
  const cells = cellsIn(row).filter((cell) => !isCounter(cell));
  return {
    address: addressOf(row),
    cells: cells.map(textIn),
    links: cells.map((cell) => cell.querySelector('a[href]')?.getAttribute('href') ?? ''),
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

/** Scrolls to a place and waits until its rows are drawn, and hold still where that is asked for. */
async function settleAt(
  grid: HTMLElement,
  place: number | string,
  { waitMs, holds }: WindowRequest,
): Promise<{ layout: Layout; settled: boolean } | null> {
  const end = performance.now() + waitMs;
  let [sign, same] = ['', -1];
  let layout = layoutOf(grid);
  if (layout) scrollTo(layout, place);
  // A table redraws in a task of its own, mostly before the next frame.
  await new Promise((resolve) => setTimeout(resolve, 0));
  while (grid.isConnected && (layout = layoutOf(grid))) {
    // The height of rows that were never drawn is a guess: the end moves while one goes there.
    if (place === 'last' && !isAtBottom(layout)) scrollTo(layout, place);
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

async function readPlaces(request: WindowRequest): Promise<unknown> {
  const end = performance.now() + request.budgetMs;
  const windows = [];
  const grid = gridOf(request);
  for (const place of grid ? request.places : []) {
    const found = grid && (await settleAt(grid, place, request));
    if (!found) break;
    const window = windowOf(grid, found.layout, found.settled);
    windows.push(window);
    if (!found.settled || (place === 'next' && window.atEnd) || performance.now() > end) break;
  }
  return windows;
}

/** Clicks the tab with this text; false where there is none. */
function clickTab(text: string): boolean {
  const same = tabsOf().filter((tab) => fold(tab.textContent) === text);
  // Pages draw the row of tabs a second time to measure it, unseen.
  const tab =
    same.find((it) => it.offsetHeight > 0 && !it.closest('[aria-hidden="true"]')) ?? same[0];
  tab?.click();
  return tab !== undefined;
}

/** All of them, to be joined. */
export const PAGE_TOOLS = [
  fold,
  gridsOf,
  tableOf,
  scrollerOf,
  partsOf,
  isCounter,
  cellsIn,
  headersOf,
  textIn,
  rowsOf,
  addressOf,
  trackerOf,
  surveyTable,
  tabsOf,
  surveyPage,
  layoutOf,
  isCovered,
  nextFrame,
  signOf,
  scrollTo,
  isAtBottom,
  rowOf,
  roomOf,
  windowOf,
  gridOf,
  isAtPlace,
  settleAt,
  readPlaces,
  clickTab,
];
