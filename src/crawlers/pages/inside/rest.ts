import { allIn, parentOf, rootsIn } from './text.ts';

/** The state of a document when it came to rest, or when the time was over. */
export interface Rest {
  /** The browser has all of the document and what it names, and the page says nothing of loading. */
  ready: boolean;
  /** What says that the page is still at work; '' for nothing. */
  busy: string;
  /** It runs scripts: what is there now may not be all. */
  scripted: boolean;
  /** Batches of changes of tables since the document was first asked. */
  version: number;
}

export interface RestOptions {
  /** How long nothing of a table may change. */
  quietMs: number;
  longestMs: number;
  /**
   * A version that was looked at: everything around tables is kept at its end, where more rows may
   * come, until something changes. Null waits where the page stands.
   */
  since: number | null;
  /** The same, at an end that one came to by scrolling. @default quietMs */
  scrolledMs?: number;
}

/** Counts batches of changes of tables, from the first call in a document on. */
export interface Changes {
  count: number;
  lastMs: number;
  /** Looks into shadow roots that came since, and says whether there are any. */
  widen: () => boolean;
}

/** The one counter of the document. */
export function changesSoFar(): Changes {
  const key = Symbol.for('changes of tables');
  const known: unknown = Reflect.get(globalThis, key);
  if (known) return known as Changes; // made here, below
  const inside = { childList: true, subtree: true, characterData: true };
  const seen = new WeakSet<Node>([document]);
  const widen = (): boolean => {
    const roots = rootsIn(document).filter((root) => !seen.has(root));
    for (const root of roots) {
      seen.add(root);
      observer.observe(root, inside);
    }
    return roots.length > 0;
  };
  const changes: Changes = { count: 0, lastMs: performance.now(), widen };
  const observer = new MutationObserver((records) => {
    // A page that draws a table may have a record for each cell: one that touches is enough.
    if (!records.some((record) => touchesTable(record))) return;
    changes.count += 1;
    changes.lastMs = performance.now();
  });
  const observe = (): void => {
    changes.lastMs = performance.now();
    observer.observe(document, inside);
  };
  // Each cell that is parsed would be a change, and a document is not looked at before it is there.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', observe);
  else observe();
  Reflect.set(globalThis, key, changes);
  return changes;
}

export function touchesTable({ target, addedNodes }: MutationRecord): boolean {
  const tables = 'table, [role="grid"], [role="table"], [role="treegrid"]';
  const element = target instanceof Element ? target : target.parentElement;
  if (element?.closest(tables)) return true;
  const added = [...addedNodes].filter((node) => node instanceof Element);
  return added.some((node) => node.matches(tables) || node.querySelector(tables));
}

/** Whether words of a table are on their way: those that go may fade out beside those that come. */
export function fades(): boolean {
  const tables = 'table, [role="grid"], [role="table"], [role="treegrid"]';
  return document.getAnimations().some(({ playState, effect }) => {
    const isMoving = playState === 'running' && effect instanceof KeyframeEffect;
    const target = isMoving ? effect.target : null;
    if (!target?.closest(tables) || target.textContent === '') return false;
    return effect?.getComputedTiming().endTime !== Infinity;
  });
}

/** What the document says of being at work; '' for nothing. */
export function busyText(): string {
  const isSeen = (element: Element): boolean => element.checkVisibility();
  const streamlit = '[data-test-script-state="running"], [data-testid="stSkeleton"]';
  const marks = allIn(document, `[aria-busy="true"], [role="progressbar"], ${streamlit}`);
  // A bar in a cell shows a score; one of no height waits for work (Vuetify).
  const isFlat = (it: Element): boolean =>
    it.matches('[role="progressbar"]') && it.getBoundingClientRect().height === 0;
  const mark = marks.find(
    (it) => isSeen(it) && !isFlat(it) && (!it.closest('td') || it.matches('tr, td')),
  );
  const name = ['aria-label', 'role', 'data-testid'].find((it) => mark?.hasAttribute(it));
  if (mark) return mark.getAttribute(name ?? '') ?? 'aria-busy';
  const cells = document.querySelectorAll('td:only-child, [role="status"], [role="alert"]');
  const texts = [...cells].filter(isSeen).map((it) => (it.textContent ?? '').trim());
  return texts.find((it) => /^(loading|please wait|fetching)\b.{0,40}$/i.test(it)) ?? '';
}

export function runsScripts(): boolean {
  const script = /^(|module|text\/javascript|application\/javascript)$/;
  if ([...document.scripts].some(({ type }) => script.test(type))) return true;
  // A script may have taken its own element out of the document.
  const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return loaded.some(({ initiatorType }) => initiatorType === 'script');
}

/** Whether all of the document is there that decides what its tables show. */
export function isLoaded(scripted: boolean): boolean {
  if (document.readyState === 'complete') return true;
  if (scripted || document.readyState === 'loading') return false;
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet"]')];
  return sheets.every(({ sheet, disabled }) => sheet !== null || disabled);
}

/** Takes everything around tables to one of its ends; false where nothing scrolls. */
export function scrollAround(end: 'top' | 'bottom'): boolean {
  const tables = 'table, [role="grid"], [role="table"], [role="treegrid"]';
  let scrolls = false;
  for (const table of allIn(document, tables)) {
    for (let up: Element | null = table; up; up = parentOf(up)) {
      if (up.scrollHeight <= up.clientHeight) continue;
      up.scrollTop = end === 'top' ? 0 : up.scrollHeight;
      scrolls ||= end === 'top' || up.scrollTop > 0;
    }
  }
  return scrolls;
}

export function quietAfter(scrolled: boolean, { quietMs, scrolledMs = quietMs }: RestOptions) {
  return scrolled ? scrolledMs : quietMs;
}

/** Waits until the tables of the document have not changed for a while, and says how it is then. */
export async function settle(options: RestOptions): Promise<Rest> {
  const { longestMs, since } = options;
  const startMs = performance.now();
  const changes = changesSoFar();
  const idle = (): Promise<unknown> =>
    new Promise((resolve) => {
      requestIdleCallback(resolve, { timeout: 100 });
    });
  const isStill = (): boolean =>
    document.readyState !== 'loading' && !runsScripts() && isLoaded(false);
  // A page that draws a large table a piece at a time, between its layouts, is quiet for longer than
  // any pause of that; but it has a piece done between any two times that it is idle.
  let quietMs = options.quietMs;
  const isQuiet = (idles: number): boolean => {
    const isLong = performance.now() - Math.max(changes.lastMs, startMs) >= quietMs;
    if (idles < 2 || !isLong) return false;
    if (changes.widen() || fades()) changes.lastMs = performance.now();
    return performance.now() - changes.lastMs >= quietMs;
  };
  for (let [idles, seen] = [0, -1]; performance.now() - startMs < longestMs;) {
    if (since === null && isStill()) break;
    if (since !== null) quietMs = quietAfter(scrollAround('bottom'), options);
    await idle();
    idles = changes.count === seen ? idles + 1 : 0;
    seen = changes.count;
    if (isQuiet(idles) || (since !== null && changes.count > since)) break;
  }
  if (since !== null) scrollAround('top');
  const scripted = runsScripts();
  const busy = busyText();
  return { ready: isLoaded(scripted) && busy === '', busy, scripted, version: changes.count };
}

/** Waits for what a change of the document makes true; false when it does not come. */
export function until(isTrue: () => boolean, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const endMs = performance.now() + waitMs;
    const check = (): void => {
      const found = isTrue();
      if (!found && performance.now() < endMs) return;
      observer.disconnect();
      clearInterval(timer);
      resolve(found);
    };
    const observer = new MutationObserver(check);
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    // What styles alone change, nothing tells.
    const timer = setInterval(check, 50);
    check();
  });
}
