import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { findBrowser } from '../../src/crawlers/browser.ts';
import { column, tableBoard } from '../../src/boards/table-board.ts';
import { drawNow, installFrameTap } from '../../src/crawlers/renderers/gradio/frame-tap.ts';
import { gradio } from '../../src/crawlers/renderers/gradio/gradio.ts';
import {
  CONFIG_TOOLS,
  inlineConfigs,
  markOf,
} from '../../src/crawlers/renderers/gradio/inline-config.ts';
import { readWindows } from '../../src/crawlers/renderers/gradio/page-tables.ts';
import { readTable } from '../replica/gradio/real-tables.ts';
import { startGradio, type GradioGeneration } from '../replica/gradio/server.ts';

const URL = 'http://gradio.test/';

/** What the reader of Gradio pages does to a page, and that the page never notices. */
test.describe('a Gradio page that is read', () => {
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

  test.describe('while frames are made to come early', () => {
    test.beforeEach(async () => {
      await page.addInitScript(installFrameTap);
      await serve('<!doctype html>');
      await page.goto(URL);
    });

    test('who waits for one is called once, and who waits again is not', async () => {
      const calls = await page.evaluate(`(async () => {
        ${String(drawNow)}
        const calls = [];
        const again = () => {
          calls.push('again');
          if (calls.length < 9) requestAnimationFrame(again);
        };
        requestAnimationFrame(again);
        cancelAnimationFrame(requestAnimationFrame(() => calls.push('cancelled')));
        const early = [drawNow(), calls.length, drawNow(), calls.length];
        for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame);
        return [...early, calls.join(' '), drawNow()];
      })()`);

      expect(calls).toEqual([true, 1, true, 2, Array(9).fill('again').join(' '), false]);
    });

    test('frames come as ever where nobody makes them come', async () => {
      const calls = await page.evaluate(async () => {
        const at = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        return [typeof at, Math.abs(performance.now() - at) < 200];
      });

      expect(calls).toEqual(['number', true]);
    });

    test('an error of the page is the page’s own', async () => {
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      const reached = await page.evaluate(`(() => {
        ${String(drawNow)}
        const reached = [];
        requestAnimationFrame(() => {
          throw new Error('of the page');
        });
        requestAnimationFrame(() => reached.push('second'));
        drawNow();
        return reached;
      })()`);

      expect(reached).toEqual(['second']);
      await expect.poll(() => errors).toEqual(['of the page']);
    });
  });

  for (const generation of ['3.50', '4.44', '5.49', '6.31'] satisfies GradioGeneration[]) {
    test(`${generation} has its cells again, at their old heights`, async () => {
      const look = () =>
        page.evaluate(() => {
          const body = document.querySelector('.virtual-body, svelte-virtual-table-viewport tbody');
          const row = body?.children[2];
          const cell = row?.children[0];
          return {
            isShown: (cell?.getClientRects().length ?? 0) > 0,
            rowPx: Math.round(row?.getBoundingClientRect().height ?? 0),
          };
        });
      const table = await readTable('open-llm-v2-gradio');
      const rows = Array.from({ length: 9 }, () => table.rows).flat();
      const replica = await startGradio({ generation, tables: [{ ...table, rows }] });
      await page.goto(replica.url);
      await expect.poll(async () => (await look()).isShown).toBe(true);
      const before = await look();
      await page.close();

      for (const isSeen of [false, true]) {
        page = await browser.newPage({ viewport: { width: 1600, height: 1100 } });
        const session = await gradio.listen(page, { isSeen });
        await page.goto(replica.url, { waitUntil: 'commit' });
        await page.waitForSelector('.virtual-body > *, .tbody > tr', { state: 'attached' });
        expect((await look()).isShown).toBe(isSeen);
        const definition = definitionOf(table.headers, replica.url);
        const rest = { sampleRows: 60, seed: 7, timeoutMs: 30_000 };
        await session.read(page.mainFrame(), { definition, verify: 'sample', ...rest });

        await expect.poll(look).toEqual(before);
      }
      await replica.close();
    });
  }

  test('has its cells where rows are not read at once, as everybody sees it', async () => {
    const table = await readTable('open-asr');
    const replica = await startGradio({ generation: '6.31', tables: [table] });
    await gradio.listen(page);
    await page.goto(replica.url);
    await page.waitForSelector('.virtual-row', { state: 'attached' });
    const read = async (atOnce: boolean): Promise<number> => {
      const rest = { nth: 0, waitMs: 5000, budgetMs: 5000, holds: 1, atOnce };
      const places = ['first'] as const;
      const windows = await readWindows(page.mainFrame(), {
        ...rest,
        headers: table.headers,
        places,
      });
      expect(windows).toHaveLength(1);
      return page.locator('.virtual-row [data-col]').filter({ visible: true }).count();
    };

    expect(await read(true)).toBe(0);
    expect(await read(false)).toBeGreaterThan(0);
    await replica.close();
  });

  test.describe('and has a config', () => {
    const scriptOf = (name: string): string =>
      `window.gradio_config = ${JSON.stringify({ version: '6.31.0', components: [{ id: 1, type: name }] })};`;
    const pageOf = (name: string): string =>
      `<!doctype html><title>${name}</title><script>${scriptOf(name)}</script>`;
    const typeOf = async (name: string): Promise<string | undefined> => {
      const config = await configs.configOf(page.mainFrame(), markOf(scriptOf(name)));
      return config?.components.get(1)?.type;
    };
    let configs: ReturnType<typeof inlineConfigs>;

    test.beforeEach(() => {
      configs = inlineConfigs(page);
    });

    test('it is here without asking the page, once its document is', async () => {
      await serve(pageOf('first'));
      const arrived: unknown[] = [];
      configs.onArrival((config) => arrived.push(config.components.get(1)?.type));
      await page.goto(URL);

      await expect.poll(() => arrived).toEqual(['first']);
      await page.evaluate(() => document.querySelector('script')?.remove());
      await page.evaluate(() => Reflect.deleteProperty(window, 'gradio_config'));
      expect(await typeOf('first')).toBe('first');
    });

    test('of another document than the last that came, the page is asked', async () => {
      await serve(pageOf('first'));
      await page.goto(URL);
      const markInIt = (): Promise<unknown> =>
        page.evaluate(`(() => { ${CONFIG_TOOLS.map(String).join('\n')} return markInPage(); })()`);
      expect(await markInIt()).toBe(markOf(scriptOf('first')));
      await page.setContent(pageOf('second'));

      expect(await markInIt()).toBe(markOf(scriptOf('second')));
      await expect.poll(() => typeOf('second')).toBe('second');
    });

    test('of the second document of a frame it is the second', async () => {
      await serve(pageOf('first'));
      await page.goto(URL);
      await serve(pageOf('second'));
      await page.goto(URL);

      await expect.poll(() => typeOf('second')).toBe('second');
    });
  });
});

const definitionOf = (headers: readonly string[], url: string) =>
  tableBoard({
    ...{ id: 'test', title: 'test', url, renderer: 'gradio', licence: 'none' },
    identity: headers.map((_header, place) => `column-${place}`),
    repeats: true,
    columns: headers.map((header, place) => column(header, `column-${place}`)),
    minimumRows: 0,
  });
