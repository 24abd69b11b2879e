import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { seededRandom, spreadWindows } from '../../src/crawlers/board-windows.ts';
import { findBrowser } from '../../src/crawlers/browser.ts';
import { runInPage } from '../../src/crawlers/renderers/html-table/in-page.ts';
import {
  leaveOutCells,
  openTable,
  pageState,
  readWhenShown,
  readWindows,
  untilShown,
} from '../../src/crawlers/renderers/virtual-table.ts';

const tools = {
  ...{ leaveOutCells, openTable, pageState, readWindows, spreadWindows, untilShown },
};

/** Rows of one link each, ten in view; `rowStyle` says where their height comes from. */
const tableOf = (rows: number, rowStyle: string): string => `
  <style>td { padding: 0; border: 0 } table { border-spacing: 0 } tbody tr { ${rowStyle} }
    a { display: block; height: 30px }</style>
  <p id="count">${rows} / ${rows}</p>
  <div style="height: 300px; overflow: auto"><table><tbody>${Array.from(
    { length: rows },
    (_, row) =>
      `<tr><td><a href="https://huggingface.co/a/${row}">a/${row}</a></td><td>${row}</td></tr>`,
  ).join('')}</tbody></table></div>`;

test.describe('reading a table inside its page', () => {
  let browser: Browser;
  let page: Page;

  test.beforeAll(async () => {
    const { executablePath } = await findBrowser({ env: process.env });
    browser = await chromium.launch({ executablePath });
  });
  test.beforeEach(async () => {
    page = await browser.newPage();
  });
  test.afterEach(() => page.close());
  test.afterAll(() => browser.close());

  const read = (timeoutMs = 5000) => {
    const sample = { rows: 20, randoms: Array.from({ length: 20 }, seededRandom(1)) };
    const argument = { timeoutMs, waitMs: 1000, sample };
    return runInPage(page.mainFrame(), readWhenShown, { tools, argument });
  };
  /** Heights of the rows while cells are left out, and after they were put back. */
  const heights = () =>
    page.evaluate(
      `(() => {
        const rows = () => [...document.querySelectorAll('tr')].map((it) => it.offsetHeight);
        const cells = () => [...document.querySelectorAll('tr:last-child td')].map((it) => it.offsetHeight);
        const left = (${String(leaveOutCells)})();
        left.putBackUnlessEven((${String(openTable)})().layout().drawn);
        const without = { rows: rows(), cells: cells() };
        left.putBack();
        return { without, after: { rows: rows(), cells: cells() } };
      })()`,
    );

  test('leaves cells out of the layout where rows have a height of their own', async () => {
    await page.setContent(tableOf(12, 'height: 30px'));

    expect(await heights()).toEqual({
      without: { rows: Array(12).fill(30), cells: [0, 0] },
      after: { rows: Array(12).fill(30), cells: [30, 30] },
    });
  });

  test('leaves them in where rows are as high as their cells', async () => {
    await page.setContent(tableOf(12, ''));

    expect(await heights()).toEqual({
      without: { rows: Array(12).fill(30), cells: [30, 30] },
      after: { rows: Array(12).fill(30), cells: [30, 30] },
    });
  });

  for (const rowStyle of ['', 'height: 30px']) {
    test(`reads every cell of rows with style \`${rowStyle}\``, async () => {
      await page.setContent(tableOf(25, rowStyle));

      const look = await read();
      expect(look?.state).toMatchObject({ phase: 'rows', shown: 25, total: 25 });
      expect(look?.windows[0]).toMatchObject({
        beforePx: 0,
        afterPx: 0,
        rowPx: 30,
        rendered: true,
      });
      const rows = look?.windows[0]?.rows ?? [];
      expect(rows.map(({ cells }) => cells)).toEqual(
        Array.from({ length: 25 }, (_, row) => [`a/${row}`, String(row)]),
      );
      expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0);
    });
  }

  test('reads rows that come later, before the next frame', async () => {
    await page.setContent('<p>Loading</p>');
    const reading = read();
    await page.evaluate(
      (html) => {
        document.body.innerHTML = html;
        // A task of its own: after the one that drew the rows, before a frame could be.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => document.querySelector('td')?.replaceChildren('too late');
        port2.postMessage(null);
      },
      tableOf(25, 'height: 30px'),
    );

    const look = await reading;
    expect(look?.windows[0]?.rows[0]).toMatchObject({ cells: ['a/0', '0'] });
  });

  test('gives a stated count a frame to follow the rows', async () => {
    await page.setContent('<p>Loading</p>');
    const reading = read();
    await page.evaluate(
      (html) => {
        document.body.innerHTML = html.replace('25 / 25', '0 / 0');
        requestAnimationFrame(() => {
          const count = document.querySelector('#count');
          if (count) count.textContent = '25 / 25';
        });
      },
      tableOf(25, 'height: 30px'),
    );

    expect((await reading)?.state).toMatchObject({ shown: 25, total: 25 });
  });

  test('ends when nothing is shown in time', async () => {
    await page.setContent('<table><tbody><tr><td></td></tr></tbody></table>');

    expect(await read(200)).toBeNull();
  });
});
