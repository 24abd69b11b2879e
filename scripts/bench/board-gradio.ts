import { chromium } from 'playwright';
import type { BoardDefinition } from '../../src/crawlers/boards/definition.ts';
import { column, tableBoard } from '../../src/crawlers/boards/table-board.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { numberedTable, readTable } from '../../tests/replica/gradio/real-tables.ts';
import { startGradio, type GradioGeneration } from '../../tests/replica/gradio/server.ts';
import type { GradioTable } from '../../tests/replica/gradio/tables.ts';
import { readBoard } from './read-board.ts';
import { median, row } from './report.ts';

const VIEWPORT = { width: 1600, height: 1100 };
/** Cells of real rows: the tables that only measure, and rows without cells, are none. */
const FIRST_ROW = 'svelte-virtual-table-viewport tbody td, .virtual-body [data-row]';
const LATE_MS = 1000;

interface Browser {
  executablePath: string;
  chromiumSandbox: boolean;
}

/**
 * The budget of Gradio pages: how much longer our reading (all loaded rows, 200 shown ones compared)
 * takes than the page itself needs to show its first row, both from navigation, in turn.
 */
export async function benchGradio(runs = 5): Promise<void> {
  const { executablePath } = await findBrowser({ env: process.env });
  const browser = { executablePath, chromiumSandbox: chromiumSandbox({ env: process.env }).on };
  const wide = repeated(await readTable('open-llm-v2-gradio'), 1445);
  const long = numberedTable('long', 10_000);
  for (const generation of ['5.49', '6.31'] as const) {
    await compare(browser, { generation, table: wide, runs });
    await compare(browser, { generation, table: long, runs });
    const load = { afterMs: LATE_MS, before: [] };
    await compare(browser, { generation, table: { ...wide, load }, runs });
  }
}

/** The real table had so many rows; those that come again get another model's name. */
function repeated(table: GradioTable, count: number): GradioTable {
  const { rows } = table;
  const model = table.headers.indexOf('fullname');
  const numbered = (row: readonly unknown[], place: number): unknown[] =>
    row.map((cell, at) => (at === model ? `${String(cell)}-${place}` : cell));
  const all = Array.from({ length: count }, (_, place) =>
    numbered(rows[place % rows.length] ?? [], place),
  );
  return { ...table, rows: all };
}

interface Sitting {
  generation: GradioGeneration;
  table: GradioTable;
  runs: number;
}

async function compare(browser: Browser, { generation, table, runs }: Sitting): Promise<void> {
  const replica = await startGradio({ generation, tables: [table] });
  const definition = definitionOf(table, replica.url);
  const { executablePath, chromiumSandbox: sandbox } = browser;
  const ourBrowser = { executablePath, sandbox };
  const [page, ours]: [number[], number[]] = [[], []];
  try {
    for (let run = 0; run < runs; run += 1) {
      page.push(await timePage(browser, replica.url));
      ours.push(await readBoard(ourBrowser, { definition, url: replica.url, verify: 'sample' }));
    }
  } finally {
    await replica.close();
  }
  const size = `${table.rows.length} × ${table.headers.length}`;
  const late = table.load ? `, loaded after ${LATE_MS} ms` : '';
  const ratio = median(ours) / median(page);
  row(`Gradio ${generation}, ${size}${late}`, `${ratio.toFixed(2)} ×`, 'budget 2 ×');
  row('  seconds: page', shown(page));
  row('  seconds: ours', shown(ours));
}

const shown = (values: number[]): string => values.map((it) => it.toFixed(2)).join(' ');

const definitionOf = ({ headers }: GradioTable, url: string): BoardDefinition =>
  tableBoard({
    id: 'bench',
    title: 'bench',
    url,
    renderer: 'gradio',
    licence: 'none',
    identity: headers.map((_header, place) => `column-${place}`),
    repeats: true,
    columns: headers.map((header, place) => column(header, `column-${place}`)),
    minimumRows: 1,
  });

/** Seconds until the page, opened in a new browser as ours is, has its first row. */
async function timePage(browser: Browser, url: string): Promise<number> {
  const launched = await chromium.launch(browser);
  const page = await launched.newPage({ viewport: VIEWPORT });
  const startMs = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector(FIRST_ROW, { state: 'attached' });
  const seconds = (performance.now() - startMs) / 1000;
  await launched.close();
  return seconds;
}
