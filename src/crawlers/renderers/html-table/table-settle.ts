/** The state of a document when it came to rest, or when the time was over. */
export interface Rest {
  tables: number;
  /** The browser has all of the document and what it names, and the page says nothing of loading. */
  ready: boolean;
  /** What says that the page is still at work; '' for nothing. */
  busy: string;
  /** It runs scripts: what is there now may not be all. */
  scripted: boolean;
  /** Changes of tables since the document was first asked. */
  version: number;
}

/** Counts changes of tables, from the first call in a document on. */
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
    const touching = records.filter(touches).length;
    counter.changes += touching;
    if (touching > 0) counter.lastMs = performance.now();
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
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

export interface SettleTools {
  [name: string]: (...given: never[]) => unknown;
  changeCounter: () => ChangeCounter;
  busyText: () => string;
}

/**
 * Waits until the tables of the document have not changed for a while, or with `toEnd` until they do,
 * and says how it is then. With `toEnd`, everything around tables is kept at its end, where more rows
 * may come. Runs in the page.
 */
export async function settle(
  tools: SettleTools,
  options: { quietMs: number; longestMs: number; toEnd: boolean; since: number | null },
): Promise<Rest> {
  const started = performance.now();
  const counter = tools.changeCounter();
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
  for (let idles = 0; performance.now() - started < options.longestMs; idles += 1) {
    if (options.toEnd) scrollTo('bottom');
    await idle();
    const quietMs = performance.now() - Math.max(counter.lastMs, started);
    if (quietMs >= options.quietMs && idles >= 2) break;
    if (options.toEnd && counter.changes > before) break;
  }
  if (options.toEnd) scrollTo('top');
  const SCRIPT = /^(|module|text\/javascript|application\/javascript)$/;
  const scripted = [...document.scripts].some(({ type }) => SCRIPT.test(type));
  const busy = tools.busyText();
  const { readyState } = document;
  const isLoaded = readyState === 'complete' || (!scripted && readyState !== 'loading');
  return {
    tables: document.querySelectorAll('table').length,
    ready: isLoaded && busy === '',
    busy,
    scripted,
    version: counter.changes,
  };
}
