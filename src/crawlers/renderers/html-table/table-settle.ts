import type { EarlyLooker, EarlyTools, makeEarlyLooker } from './table-early.ts';
import type { Surroundings } from './table-surroundings.ts';

/** The state of a document when it came to rest, or when the time was over. */
export interface Rest {
  tables: number;
  /** The browser has all of the document and what it names, and the page says nothing of loading. */
  ready: boolean;
  /** What says that the page is still at work; '' for nothing. */
  busy: string;
  /** It runs scripts: what is there now may not be all. */
  scripted: boolean;
  /** Batches of changes of tables since the document was first asked. */
  version: number;
  /** Of a look taken early that still holds, what is around its tables; else null. */
  around: Surroundings[] | null;
}

/** Counts batches of changes of tables, from the first call in a document on. */
export interface ChangeCounter {
  changes: number;
  lastMs: number;
}

/** The one counter of the document. Runs in the page. */
export function changeCounter(): ChangeCounter {
  const key = Symbol.for('change counter of tables');
  const known: unknown = Reflect.get(globalThis, key);
  if (known) return known as ChangeCounter; // made here, below
  const counter: ChangeCounter = { changes: 0, lastMs: performance.now() };
  const TABLES = 'table, [role="grid"], [role="table"], [role="treegrid"]';
  const touches = ({ target, addedNodes }: MutationRecord): boolean => {
    const element = target instanceof Element ? target : target.parentElement;
    if (element?.closest(TABLES)) return true;
    const added = [...addedNodes].filter((node) => node instanceof Element);
    return added.some((node) => node.matches(TABLES) || node.querySelector(TABLES));
  };
  const observer = new MutationObserver((records) => {
    // A page that draws a table may have a record for each cell: one that touches is enough.
    if (!records.some(touches)) return;
    counter.changes += 1;
    counter.lastMs = performance.now();
  });
  const observe = (): void => {
    counter.lastMs = performance.now();
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  };
  // Each cell that is parsed would be a change, and a document is not looked at before it is there.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', observe);
  else observe();
  Reflect.set(globalThis, key, counter);
  return counter;
}

/** What the document says of being at work; '' for nothing. Runs in the page. */
export function busyText(): string {
  const isSeen = (element: Element): boolean => element.checkVisibility();
  const marks = [...document.querySelectorAll('[aria-busy="true"], [role="progressbar"]')];
  // A bar in a cell shows a score.
  const mark = marks.find((it) => isSeen(it) && (!it.closest('td') || it.matches('tr, td')));
  if (mark) return mark.getAttribute('aria-label') ?? mark.getAttribute('role') ?? 'aria-busy';
  const cells = document.querySelectorAll('td:only-child, [role="status"], [role="alert"]');
  const texts = [...cells].filter(isSeen).map((it) => (it.textContent ?? '').trim());
  return texts.find((it) => /^(loading|please wait|fetching)\b.{0,40}$/i.test(it)) ?? '';
}

/** Whether the document runs scripts. Runs in the page. */
export function runsScripts(): boolean {
  const SCRIPT = /^(|module|text\/javascript|application\/javascript)$/;
  return [...document.scripts].some(({ type }) => SCRIPT.test(type));
}

/** Whether all of the document is there that decides what its tables show. Runs in the page. */
export function isLoaded(scripted: boolean): boolean {
  if (document.readyState === 'complete') return true;
  if (scripted || document.readyState === 'loading') return false;
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet"]')];
  return sheets.every(({ sheet, disabled }) => sheet !== null || disabled);
}

export interface SettleTools extends EarlyTools {
  makeEarlyLooker: typeof makeEarlyLooker;
  restNow: typeof restNow;
}

/** How the document is now. Runs in the page. */
export function restNow(tools: SettleTools, looker: EarlyLooker): Rest {
  const scripted = tools.runsScripts();
  const busy = tools.busyText();
  return {
    tables: document.querySelectorAll('table').length,
    ready: tools.isLoaded(scripted) && busy === '',
    busy,
    scripted,
    version: tools.changeCounter().changes,
    around: looker.around(),
  };
}

export interface SettleOptions {
  quietMs: number;
  longestMs: number;
  toEnd: boolean;
  since: number | null;
  /** A table of at most so many rows may be there only to lay out the page; null for no early look. */
  smallLayout: number | null;
}

/**
 * Waits until the tables of the document have not changed for a while, or with `toEnd` until they do,
 * and says how it is then. With `toEnd`, everything around tables is kept at its end, where more rows
 * may come. With `smallLayout`, they are looked at as soon as nothing seems to be on its way: that
 * takes part of the time that they must not change in. Runs in the page.
 */
export async function settle(tools: SettleTools, options: SettleOptions): Promise<Rest> {
  const started = performance.now();
  const counter = tools.changeCounter();
  const looker = tools.makeEarlyLooker(tools, options.smallLayout);
  const before = options.since ?? counter.changes;
  const idle = (): Promise<unknown> =>
    new Promise((resolve) => {
      requestIdleCallback(resolve, { timeout: 100 });
    });
  const scrollTo = (end: 'top' | 'bottom'): void => {
    for (const table of document.querySelectorAll('table')) {
      for (let up: Element | null = table; up; up = up.parentElement) {
        if (up.scrollHeight > up.clientHeight) up.scrollTop = end === 'top' ? 0 : up.scrollHeight;
      }
    }
  };
  const isStill = (): boolean =>
    document.readyState !== 'loading' && !tools.runsScripts() && tools.isLoaded(false);
  // A page that draws a large table a piece at a time, between its layouts, is quiet for longer than
  // any pause of that; but it has a piece done between any two times that it is idle.
  const QUIET_IDLES = 2;
  const isQuiet = (idles: number): boolean =>
    idles >= QUIET_IDLES &&
    performance.now() - Math.max(counter.lastMs, started) >= options.quietMs;
  let [idles, seen] = [0, -1];
  while (performance.now() - started < options.longestMs) {
    if (options.toEnd) scrollTo('bottom');
    else if (isStill()) break;
    await idle();
    idles = counter.changes === seen ? idles + 1 : 0;
    seen = counter.changes;
    if (isQuiet(idles)) break;
    if (idles > 0) looker.take();
    if (options.toEnd && counter.changes > before) break;
  }
  if (options.toEnd) scrollTo('top');
  return tools.restNow(tools, looker);
}
