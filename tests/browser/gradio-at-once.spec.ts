import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { BoardDriftError } from '../../src/boards/drift.ts';
import { column, tableBoard } from '../../src/boards/table-board.ts';
import { findBrowser } from '../../src/crawlers/browser.ts';
import { gradio } from '../../src/crawlers/renderers/gradio/gradio.ts';
import { watchPage } from '../../src/crawlers/renderers/gradio/page-state.ts';
import { heardSoFar } from '../../src/crawlers/renderers/gradio/wire-tap.ts';
import type { BoardReading } from '../../src/boards/reading.ts';

/** Real Gradio draws in microtasks of a scroll event, and its cells some of them later. */
type Filled = 'with their row' | 'microtasks later' | 'a frame later';

const HEADERS = ['Model', 'Score'];
const ROWS = Array.from({ length: 1000 }, (_, place) => [`model ${place}`, place]);
const URL = 'http://gradio.test/';

/** Runs in the page, which counts the rows that it draws: those that stay are not drawn again. */
function drawTable({ rows, filled, odd }: { rows: unknown[][]; filled: Filled; odd: string }) {
  const body = document.querySelector<HTMLElement>('.virtual-body');
  const scroller = body?.parentElement;
  if (!body || !scroller) return;
  const [rowPx, spare] = [39, 10];
  body.style.height = `${rows.length * rowPx}px`;
  const drawn = new Map<number, HTMLElement>();
  let count = 0;
  const fill = (row: HTMLElement, place: number): void => {
    const cells = rows[place] ?? [];
    for (const [at, cell] of [...row.children].entries())
      cell.textContent = place === 500 && at === 1 ? odd : String(cells[at]);
  };
  const make = (place: number): HTMLElement => {
    const row = document.createElement('div');
    row.className = 'virtual-row';
    row.dataset['index'] = String(place);
    row.style.cssText = `position:absolute;height:${rowPx}px;transform:translateY(${place * rowPx}px)`;
    row.innerHTML =
      rows[0]?.map((_, at) => `<div data-row="${place}" data-col="${at}"></div>`).join('') ?? '';
    count += 1;
    document.documentElement.dataset['drawn'] = String(count);
    if (filled === 'with their row') fill(row, place);
    else if (filled === 'microtasks later')
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => fill(row, place));
    else requestAnimationFrame(() => fill(row, place));
    return row;
  };
  const draw = (): void => {
    const from = Math.max(0, Math.floor(scroller.scrollTop / rowPx) - spare);
    const to = Math.min(rows.length, Math.ceil((scroller.scrollTop + 500) / rowPx) + spare);
    for (const [place, row] of drawn) {
      if (place >= from && place < to) continue;
      drawn.delete(place);
      row.remove();
    }
    for (let place = from; place < to; place += 1)
      if (!drawn.has(place)) drawn.set(place, make(place));
    body.append(...[...drawn].sort(([a], [b]) => a - b).map(([, row]) => row));
  };
  draw();
  scroller.addEventListener('scroll', () => queueMicrotask(draw));
}

const pageOf = (filled: Filled, odd: string): string => {
  const props = { value: { headers: HEADERS, data: ROWS, metadata: null }, headers: HEADERS };
  const components = [{ id: 1, type: 'dataframe', props }];
  const config = { version: '6.31.0', components, layout: { id: 0, children: [{ id: 1 }] } };
  return `<!doctype html><div class="table-wrap" role="grid">
    <div style="height:500px;overflow:auto;position:relative">
      <table style="position:sticky;top:0"><thead><tr>
        ${HEADERS.map((header) => `<th title="${header}">${header}</th>`).join('')}
      </tr></thead></table>
      <div class="virtual-body" style="position:relative"></div>
    </div></div>
    <script>window.gradio_config = ${JSON.stringify({ ...config, dependencies: [] })};</script>
    <script>(${String(drawTable)})(${JSON.stringify({ rows: ROWS, filled, odd })});</script>`;
};

test.describe('a Gradio page that draws without waiting for a frame', () => {
  let browser: Browser;
  let page: Page;

  test.beforeAll(async () => {
    const { executablePath } = await findBrowser({ env: process.env });
    browser = await chromium.launch({ executablePath });
  });
  test.beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1600, height: 1100 } });
  });
  test.afterEach(() => page.close());
  test.afterAll(() => browser.close());

  const serve = (body: string): Promise<unknown> =>
    page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body }));
  const read = async (
    filled: Filled,
    { verify = 'sample', odd = '500' }: { verify?: 'sample' | 'all'; odd?: string } = {},
  ): Promise<BoardReading> => {
    await serve(pageOf(filled, odd));
    const definition = tableBoard({
      ...{ id: 'test', title: 'test', url: URL, renderer: 'gradio', licence: 'none' },
      identity: ['column-0'],
      columns: HEADERS.map((header, place) => column(header, `column-${place}`)),
      minimumRows: 0,
    });
    const session = await gradio.listen(page);
    await page.goto(URL, { waitUntil: 'commit' });
    const rest = { sampleRows: 200, seed: 7, timeoutMs: 30_000 };
    return session.read(page.mainFrame(), { definition, verify, ...rest });
  };
  const textsOf = ({ shown }: BoardReading): unknown[] =>
    shown.map(({ cells, index }) => [index, cells['Model'], cells['Score']]);
  const expected = ({ shown }: BoardReading): unknown[] =>
    shown.map(({ index }) => [index, `model ${index}`, String(index)]);

  for (const filled of ['with their row', 'microtasks later', 'a frame later'] as const) {
    test(`a sample of it, cells filled ${filled}`, async () => {
      const reading = await read(filled);

      expect(textsOf(reading)).toEqual(expected(reading));
      expect(reading.shown.length).toBeGreaterThanOrEqual(200);
      expect(reading.shown[0]?.index).toBe(0);
      expect(reading.shown.at(-1)?.index).toBe(999);
    });

    test(`all of it, cells filled ${filled}`, async () => {
      const reading = await read(filled, { verify: 'all' });

      expect(textsOf(reading)).toEqual(expected(reading));
      expect(reading.complete).toBe(true);
    });

    test(`a cell that is not what was loaded, cells filled ${filled}`, async () => {
      await expect(read(filled, { verify: 'all', odd: '501' })).rejects.toThrow(BoardDriftError);
    });
  }

  test('few rows are drawn that are not needed', async () => {
    const reading = await read('microtasks later');

    const drawn = await page.evaluate(() => Number(document.documentElement.dataset['drawn']));
    expect(drawn).toBeGreaterThanOrEqual(200);
    expect(drawn).toBeLessThan(210);
    expect(reading.shown.length).toBeLessThan(210);
  });

  test('a sample leaves the page as it looked', async () => {
    const look = () =>
      page.evaluate(() => {
        const cell = document.querySelector('.virtual-body [data-col]');
        const style = cell && getComputedStyle(cell);
        return [document.adoptedStyleSheets.length, style?.getPropertyValue('content-visibility')];
      });
    await page.addInitScript(() => {
      const own = new CSSStyleSheet();
      own.replaceSync('.virtual-body [data-col] { content-visibility: auto; }');
      document.adoptedStyleSheets.push(own);
    });
    await read('microtasks later');

    expect(await look()).toEqual([1, 'auto']);
  });

  test('what the page heard after the last look is noticed, and another document', async () => {
    await serve(pageOf('with their row', '500'));
    const watch = await watchPage(page);
    const frame = page.mainFrame();
    const knows = async (): Promise<boolean> => {
      const heard = await page.evaluate(heardSoFar);
      return heard !== null && watch.knows(frame, heard);
    };
    await page.goto(URL);
    expect(await knows()).toBe(false); // never looked at
    await watch.look(frame);
    expect(await knows()).toBe(true);

    await page.evaluate(() => fetch('/run/predict', { method: 'POST', body: '{"fn_index":0}' }));
    expect(await knows()).toBe(false);
    await expect.poll(() => watch.look(frame).then(knows)).toBe(true);

    const before = await page.evaluate(heardSoFar);
    await page.reload();
    const after = await page.evaluate(heardSoFar);
    expect(after && watch.knows(frame, { ...after, events: before?.events ?? 0 })).toBe(false);
  });
});
