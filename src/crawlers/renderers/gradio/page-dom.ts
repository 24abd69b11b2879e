/*
 * Functions that run in the page. Only their texts go there, joined: they may call one another, and
 * nothing of any other file. They find things by role, address and the names that Gradio kept through
 * all its versions, never by a class that a build makes up.
 */

function fold(text: string | null): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** The outermost elements that Gradio draws a table in. */
export function gridsOf(): HTMLElement[] {
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
export function partsOf(grid: HTMLElement) {
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

export function isCounter(cell: Element): boolean {
  return (
    cell.getAttribute('data-col') === 'row-number' ||
    /\brow-number(-header|-cell)?\b/.test(cell.getAttribute('class') ?? '')
  );
}

export function cellsIn(row: Element): Element[] {
  return [...row.children].filter(
    (it) => /^(TD|TH)$/.test(it.tagName) || it.hasAttribute('data-col'),
  );
}

export function headersOf(head: Element | null): string[] {
  const row = head?.querySelector(':scope > tr');
  if (!row) return [];
  const cells = cellsIn(row).filter((cell) => !isCounter(cell));
  return cells.map((cell) => fold(cell.getAttribute('title')) || textIn(cell));
}

/** What the cells of a row may have besides text. Asked of the whole row, since most have nothing. */
export function extrasIn(row: Element) {
  const has = (selector: string): boolean => row.querySelector(selector) !== null;
  return {
    tools: has(toolsIn()),
    pictures: has('input[type="checkbox"], img'),
    links: has('a[href]'),
    counters: has('[data-col="row-number"], [class*="row-number"]'),
  };
}

/** Buttons and such that stand in a cell and are not part of what it says. */
function toolsIn(): string {
  return 'button.cell-menu-button, button[aria-haspopup="menu"], .selection-button, .sort-button, .sort-indicators, textarea';
}

/** The text of a cell; a checkbox without text is its state. */
export function textIn(cell: Element, has = { tools: true, pictures: true }): string {
  const tools = has.tools ? [...cell.querySelectorAll(toolsIn())] : [];
  let source = cell;
  if (tools.some((tool) => tool.textContent !== '')) {
    source = cell.cloneNode(true) as Element; // a clone of an element is one
    for (const tool of source.querySelectorAll(toolsIn())) tool.remove();
  }
  const text = fold(source.textContent);
  if (text !== '' || !has.pictures) return text;
  const box = cell.querySelector<HTMLInputElement>('input[type="checkbox"]');
  if (box) return String(box.checked);
  return fold(cell.querySelector('img')?.getAttribute('alt') ?? '');
}

export function rowsOf(body: Element): Element[] {
  return [...body.children].filter((row) => row.tagName === 'TR' || row.hasAttribute('data-index'));
}

export function addressOf(row: Element): number | null {
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

function surveyTable(grid: HTMLElement) {
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

export function surveyPage() {
  const tables = gridsOf().map(surveyTable);
  const tabs = tabsOf().map((tab) => ({
    text: fold(tab.textContent),
    open: tab.getAttribute('aria-selected') === 'true' || tab.classList.contains('selected'),
  }));
  const text = tables.length > 0 ? '' : fold(document.body?.innerText ?? '').slice(0, 400);
  return { tables, tabs, text };
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

/** The functions of this file, to be joined with those of page-window.ts. */
export const DOM_TOOLS = [
  fold,
  gridsOf,
  tableOf,
  scrollerOf,
  partsOf,
  isCounter,
  cellsIn,
  headersOf,
  extrasIn,
  toolsIn,
  textIn,
  rowsOf,
  addressOf,
  trackerOf,
  surveyTable,
  tabsOf,
  surveyPage,
  clickTab,
];
