import { chromium, type Browser, type Page } from 'playwright';
import { findBrowser } from '../../src/crawlers/browser.ts';
import { startTables, type TableKind } from '../../tests/replica/tables/server.ts';
import { visitTables } from '../../tests/browser/tables-harness.ts';
import { median, row } from './report.ts';

const VIEWPORT = { width: 1600, height: 1000 };
/** Kind, rows, runs: what takes half a second scatters by a sixth from run to run. */
const PAGES: [TableKind, number, number][] = [
  ['static', 3_000, 5],
  ['nextjs', 3_000, 21],
  ['mteb', 3_000, 5],
  ['mteb', 10_000, 5],
];
const GRID_ROWS = 10_000;
const GRID_RUNS = 21;

/**
 * The budget of pages whose rows are in the document: how much longer our reading takes than the page
 * itself needs to render every row; and of a grid whose rows the page loaded, than its first row.
 */
export async function benchTables(): Promise<void> {
  const { executablePath } = await findBrowser({ env: process.env });
  const browsers = {
    plain: await chromium.launch({ executablePath }),
    reading: await chromium.launch({ executablePath }),
  };
  for (const [kind, rows, runs] of PAGES) {
    await compare(browsers, { kind, rows, runs, verify: 'all', until: everyRow(rows) });
  }
  const grid = { kind: 'ag-grid', rows: GRID_ROWS, runs: GRID_RUNS, verify: 'sample' } as const;
  await compare(browsers, { ...grid, until: firstCell });
  await Promise.all(Object.values(browsers).map((it) => it.close()));
}

interface Browsers {
  plain: Browser;
  /** As the crawl starts it. */
  reading: Browser;
}

interface Sitting {
  kind: TableKind;
  rows: number;
  runs: number;
  verify: 'sample' | 'all';
  /** What the page itself must have done. */
  until: (page: Page) => Promise<unknown>;
}

const firstCell = (page: Page): Promise<unknown> =>
  page.waitForSelector('.ag-center-cols-container .ag-cell', { timeout: 120_000 });

const everyRow =
  (rows: number) =>
  (page: Page): Promise<unknown> =>
    page.waitForFunction(
      (most) => {
        const sizes = [...document.querySelectorAll('#board > table')].map((table) =>
          table instanceof HTMLTableElement ? table.rows.length : 0,
        );
        // With its layout, which the page needs to show them.
        return Math.max(0, ...sizes) > most && document.body.offsetHeight > 0;
      },
      rows,
      { polling: 'raf', timeout: 120_000 },
    );

async function timePage(browser: Browser, { kind, rows, until }: Sitting): Promise<number> {
  const replica = await startTables({ kind, rows });
  const page = await browser.newPage({ viewport: VIEWPORT });
  const startMs = performance.now();
  await page.goto(replica.url, { waitUntil: 'commit' });
  await until(page);
  const seconds = (performance.now() - startMs) / 1000;
  await page.close();
  await replica.close();
  return seconds;
}

async function compare(browsers: Browsers, sitting: Sitting): Promise<void> {
  const { kind, rows, runs, verify } = sitting;
  const [page, ours]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    page.push(await timePage(browsers.plain, sitting));
    const asked = { kind, rows, verify, timeoutMs: 120_000 };
    const { ms } = await visitTables(browsers.reading, asked);
    ours.push(ms / 1000);
  }
  const ratio = median(ours) / median(page);
  const budget = verify === 'all' ? 'budget 1.5 ×' : 'budget 2.5 ×';
  row(`board, ${kind}, ${rows} rows, ${verify}`, `${ratio.toFixed(2)} ×`, budget);
  const shown = (values: number[]): string => values.map((it) => it.toFixed(2)).join(' ');
  row('  seconds: page', shown(page));
  row('  seconds: ours', shown(ours));
}
