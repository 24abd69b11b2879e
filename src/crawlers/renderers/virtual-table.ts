/**
 * Functions that run inside the page: each must be complete in itself, since only its own text is
 * sent there. They find things by meaning (a link to the Hub, a header's text), never by a class,
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
  rows: { index: number; link: string; cells: string[] }[];
  /** Rows that the whole table has room for. */
  virtualRows: number;
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

/**
 * Scrolls the table to each place in turn, waits until the rows of that place are drawn, and gives
 * all of them as one JSON text (`TableWindow[]`): as objects they would take longer to cross over
 * than to draw.
 */
export async function readTable(options: {
  tops: (number | null)[];
  waitMs: number;
}): Promise<string> {
  const fold = (text: string | null): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();
  const hub = 'a[href^="https://huggingface.co/"]';
  const body = document.querySelector(`tbody ${hub}`)?.closest('tbody');
  const table = body?.closest('table');
  if (!table || !body) return '[]';
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
      else if (drawn.length === 0) beforePx += row.offsetHeight;
      else afterPx += row.offsetHeight;
    }
    const rowPx = Math.max(1, drawn[0]?.getBoundingClientRect().height ?? 0);
    return { drawn, beforePx, afterPx, rowPx };
  };
  const isDrawn = (): boolean => {
    const { drawn, beforePx, afterPx, rowPx } = layout();
    // The head covers a little of this: such pages draw some rows more than are in view.
    const bottomPx = scroller.scrollTop + scroller.clientHeight;
    const drawnPx = beforePx + drawn.length * rowPx;
    return beforePx <= scroller.scrollTop && (afterPx === 0 || drawnPx >= bottomPx);
  };
  const look = (rendered: boolean): TableWindow => {
    const { drawn, beforePx, afterPx, rowPx } = layout();
    return {
      headers: [...(table.rows[0]?.cells ?? [])].map((cell) => fold(cell.textContent)),
      rows: drawn.map((row, position) => ({
        index: Math.round(beforePx / rowPx) + position,
        link: row.querySelector(hub)?.getAttribute('href') ?? '',
        cells: [...row.cells].map((cell) => fold(cell.textContent)),
      })),
      virtualRows: Math.round((beforePx + afterPx) / rowPx) + drawn.length,
      contentPx: scroller.scrollHeight,
      viewPx: scroller.clientHeight,
      rowPx,
      rendered,
    };
  };
  const windows = [];
  for (const top of options.tops) {
    if (top !== null) {
      scroller.scrollTop = top;
      // The browser would tell the page at its next frame, after painting what nobody looks at.
      scroller.dispatchEvent(new Event('scroll'));
    }
    const endMs = performance.now() + options.waitMs;
    while (!isDrawn() && performance.now() < endMs) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    windows.push(look(isDrawn()));
  }
  return JSON.stringify(windows);
}
