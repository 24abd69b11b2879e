import type { spreadWindows } from '../board-windows.ts';

/**
 * Functions that run inside the page: each must be complete in itself but for the tools that it is
 * given, since only its own text is sent there. They find things by meaning (a link to the Hub, a header's text), never by a class,
 * because class names change with every build of such a page.
 */

/** What the page shows at the moment. */
export interface PageState {
  phase: 'rows' | 'empty' | 'error';
  /** Counts as the page states them; null where it states none. */
  shown: number | null;
  total: number | null;
  error: string | null;
  hash: string;
}

/** One look at the table: cells by column, in the order of `headers`. */
export interface TableWindow {
  headers: string[];
  rows: { link: string; cells: string[] }[];
  /** Heights of the space for the rows that are not drawn; 0 where the table begins or ends. */
  beforePx: number;
  afterPx: number;
  contentPx: number;
  viewPx: number;
  rowPx: number;
  /** False when the rows of this window did not appear in time. */
  rendered: boolean;
}

/**
 * What the page shows, or null while it loads. A skeleton row has no link to the Hub, so it is never
 * taken for a row; an error is only believed once the page has asked for its data.
 */
export function pageState(): PageState | null {
  const root = document.querySelector('#root') ?? document.body;
  const fold = (text: string | null): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();
  const state = (phase: PageState['phase'], error: string | null): PageState => {
    const count = /^([\d,. ]+?)(?:\+\d+)? ?\/ ?([\d,. ]+)$/;
    const found = [...root.querySelectorAll('div, p, span')]
      .filter((element) => !element.closest('table') && (element.textContent ?? '').length < 24)
      .map((element) => count.exec(fold(element.textContent)))
      .find((match) => match !== null);
    const parse = (text?: string): number | null =>
      text === undefined ? null : Number(text.replaceAll(/[,. ]/g, ''));
    return {
      phase,
      shown: parse(found?.[1]),
      total: parse(found?.[2]),
      error,
      hash: location.hash,
    };
  };
  if (root.querySelector('tbody a[href^="https://huggingface.co/"]')) return state('rows', null);
  if (root.querySelector('table') || fold(root.textContent) === '') return null;
  const nothing = [...root.querySelectorAll('h1, h2, h3, h4')].some((it) =>
    /^no models? found/i.test(fold(it.textContent)),
  );
  if (nothing) return state('empty', null);
  const asked = performance
    .getEntriesByType('resource')
    .some((entry) =>
      /^(fetch|xmlhttprequest)$/.test((entry as PerformanceResourceTiming).initiatorType),
    ); // a resource entry is one
  if (!asked) return null;
  const sentences = [...root.querySelectorAll('p')].map((it) => fold(it.textContent));
  const telling = sentences.filter((it) =>
    /error|fail|exceed|quota|json|unexpected|not found/i.test(it),
  );
  const error = (telling.length > 0 ? telling : sentences).join(' | ').slice(0, 500);
  return state('error', error === '' ? 'The page has no table.' : error);
}

/** Makes the table's window so high, without making the browser's: more rows are drawn at a time. */
export function stretchTable(heightPx: number): void {
  const table = document
    .querySelector('tbody a[href^="https://huggingface.co/"]')
    ?.closest('table');
  let box = table?.parentElement;
  while (box && !/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement;
  box?.style.setProperty('height', `${heightPx}px`, 'important');
  box?.style.setProperty('max-height', 'none', 'important');
}

/** Tools that the functions which read are given, by name. */
export interface TableTools {
  [name: string]: (...given: never[]) => unknown;
  pageState: typeof pageState;
  untilShown: typeof untilShown;
  openTable: typeof openTable;
  leaveOutCells: typeof leaveOutCells;
  readWindows: typeof readWindows;
  spreadWindows: typeof spreadWindows;
}

/** What a board showed when it had its rows, and the windows that were read then. */
export interface BoardLook {
  state: PageState;
  windows: TableWindow[];
}

/**
 * Waits for the page to show something, and reads a sample of its rows at once: a page that is asked
 * from outside paints its first rows before it hears the question. Null when nothing appeared.
 */
export async function readWhenShown(
  tools: TableTools,
  options: {
    timeoutMs: number;
    waitMs: number;
    /** Rows to read at least, and numbers from 0 to 1 that choose their places. */
    sample: { rows: number; randoms: number[] } | null;
  },
): Promise<BoardLook | null> {
  const { waitMs, sample } = options;
  if (!(await tools.untilShown(tools, options.timeoutMs))) return null;
  const tops = (first: TableWindow): number[] => {
    if (!sample) return [];
    // The first and the last window have spare rows on one side, those between on both.
    const drawn = first.rows.length;
    const between = Math.max(1, 2 * drawn - Math.ceil(first.viewPx / first.rowPx));
    const count = Math.max(1, Math.ceil((sample.rows - 2 * drawn) / between));
    return [...tools.spreadWindows(first, sample.randoms.slice(0, count)), first.contentPx];
  };
  const windows = sample ? await tools.readWindows(tools, { tops, waitMs }) : [];
  // Its counts may be those of before its rows: they have a frame's time to follow.
  if (windows.length > 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  const state = tools.pageState();
  return state && { state, windows };
}

/** True as soon as there are rows, or once anything else is there at a frame; false if nothing is. */
export function untilShown(
  { pageState: stateOf }: Pick<TableTools, 'pageState'>,
  timeoutMs: number,
): Promise<boolean> {
  const hasRows = (): boolean =>
    document.querySelector('tbody a[href^="https://huggingface.co/"]') !== null;
  return new Promise((resolve) => {
    let isOver = false;
    const end = (isShown: boolean): void => {
      isOver = true;
      observer.disconnect();
      clearTimeout(timer);
      resolve(isShown);
    };
    // Told before the page's next frame, and so before it paints them.
    const observer = new MutationObserver(() => {
      if (hasRows()) end(true);
    });
    observer.observe(document, { subtree: true, childList: true, attributeFilter: ['href'] });
    const timer = setTimeout(() => end(false), timeoutMs);
    const look = (): void => {
      if (isOver) return;
      if (hasRows() || stateOf()) end(true);
      else requestAnimationFrame(look);
    };
    look();
  });
}

/**
 * Scrolls the table to each place in turn, waits until the rows of that place are drawn, reads them.
 * Where the places depend on what the table shows as it stands, that is the first window.
 */
export async function readWindows(
  { openTable: open, leaveOutCells: leaveOut }: Pick<TableTools, 'openTable' | 'leaveOutCells'>,
  options: { tops: number[] | ((first: TableWindow) => number[]); waitMs: number },
): Promise<TableWindow[]> {
  const windows: TableWindow[] = [];
  // Before anything asks for a layout, which would be that of all cells.
  const cells = leaveOut();
  const table = open();
  if (table) cells.putBackUnlessEven(table.layout().drawn);
  /** False when its rows did not come. */
  const read = async (): Promise<boolean> => {
    if (!table) return false;
    const endMs = performance.now() + options.waitMs;
    while (!table.isDrawn() && performance.now() < endMs) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const window = table.look(table.isDrawn());
    windows.push(window);
    return window.rendered;
  };
  let { tops } = options;
  if (typeof tops === 'function') {
    const isDrawn = await read();
    const [first] = windows;
    tops = first && isDrawn ? tops(first) : [];
  }
  for (const top of tops) {
    if (!table) break;
    table.scroller.scrollTop = top;
    // The browser would tell the page at its next frame, after painting what nobody looks at.
    table.scroller.dispatchEvent(new Event('scroll'));
    if (!(await read())) break;
  }
  cells.putBack();
  return windows;
}

/**
 * Takes the cells of all rows but the first ones out of the layout, which takes a fifth of the time
 * that a page needs for a window: what is read of them is the text in the document. They are to be
 * put back where rows without cells are not as high as those with.
 */
export function leaveOutCells(): {
  putBack: () => void;
  putBackUnlessEven: (rows: readonly Element[]) => void;
} {
  const sheet = new CSSStyleSheet();
  // A cell that is alone in its row stands for rows that are not drawn, by its height.
  sheet.replaceSync(
    'tbody > tr:nth-child(n + 5) > td:not(:only-child) { display: none !important; }',
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const putBack = (): void => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== sheet);
  };
  const putBackUnlessEven = (rows: readonly Element[]): void => {
    const heights = rows.map((row) => row.getBoundingClientRect().height);
    if (heights.some((height) => height !== heights[0])) putBack();
  };
  return { putBack, putBackUnlessEven };
}

/** The table of models, as it stands: null where there is none. */
export function openTable() {
  const fold = (text: string | null): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();
  const hub = 'a[href^="https://huggingface.co/"]';
  const body = document.querySelector(`tbody ${hub}`)?.closest('tbody');
  const table = body?.closest('table');
  if (!table || !body) return null;
  const scrolls = (it: Element): boolean => /auto|scroll/.test(getComputedStyle(it).overflowY);
  let scroller = table.parentElement ?? table;
  while (!scrolls(scroller) && scroller.parentElement) scroller = scroller.parentElement;

  /** Rows without data that stand for those not drawn, before and after the drawn ones. */
  const layout = () => {
    const drawn: HTMLTableRowElement[] = [];
    let [beforePx, afterPx] = [0, 0];
    for (const row of body.rows) {
      const isSpacer = row.cells.length === 1 && fold(row.textContent) === '';
      if (!isSpacer) drawn.push(row);
      else if (drawn.length === 0) beforePx += row.getBoundingClientRect().height;
      else afterPx += row.getBoundingClientRect().height;
    }
    const rowPx = Math.max(1, drawn[0]?.offsetHeight ?? 0);
    return { drawn, beforePx, afterPx, rowPx };
  };
  const isDrawn = (): boolean => {
    const { drawn, beforePx, afterPx } = layout();
    const first = drawn[0]?.getBoundingClientRect();
    const last = drawn.at(-1)?.getBoundingClientRect();
    if (!first || !last) return false;
    const isDocument = scroller === document.documentElement;
    const view = isDocument ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
    const headBottom = table.tHead?.getBoundingClientRect().bottom ?? view.top;
    // A page without rows to spare may leave a part of one open, or a scrollbar's height.
    const isCoveredAbove = first.top <= Math.max(view.top, headBottom) + first.height;
    const isCoveredBelow = last.bottom >= view.bottom - last.height;
    return (beforePx === 0 || isCoveredAbove) && (afterPx === 0 || isCoveredBelow);
  };
  const look = (rendered: boolean): TableWindow => {
    const { drawn, beforePx, afterPx, rowPx } = layout();
    return {
      headers: [...(table.rows[0]?.cells ?? [])].map((cell) => fold(cell.textContent)),
      rows: drawn.map((row) => ({
        link: row.querySelector(hub)?.getAttribute('href') ?? '',
        cells: [...row.cells].map((cell) => fold(cell.textContent)),
      })),
      beforePx,
      afterPx,
      contentPx: scroller.scrollHeight,
      viewPx: scroller.clientHeight,
      rowPx,
      rendered,
    };
  };
  return { scroller, layout, isDrawn, look };
}
