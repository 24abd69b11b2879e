import { chromium } from 'playwright';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import { column, tableBoard } from '../../src/boards/table-board.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { numberedTable, readTable } from '../../tests/replica/gradio/real-tables.ts';
import { startGradio } from '../../tests/replica/gradio/server.ts';
import {
  GENERATION_FACTS,
  GENERATIONS,
  type GradioGeneration,
} from '../../tests/replica/gradio/settings.ts';
import type { GradioTable } from '../../tests/replica/gradio/tables.ts';
import { describePage, readBoard } from './read-board.ts';
import { median, row } from './report.ts';

const VIEWPORT = { width: 1600, height: 1100 };
/** Cells of real rows: the tables that only measure, and rows without cells, are none. */
const FIRST_ROW = 'svelte-virtual-table-viewport tbody td, .virtual-body [data-row]';
/** The same of generations that draw every row. */
const FIRST_OF_ALL = '.table-wrap tbody td';
const LATE_MS = 1000;
/** With it a replica has its first row after 1.0 s; the quickest real server that was timed, after 1.1 s. */
const PAGE_MS = 700;

interface Browser {
  executablePath: string;
  chromiumSandbox: boolean;
}

/**
 * The budget of Gradio pages: how much longer our reading (all loaded rows, 200 shown ones compared)
 * takes than the page itself needs to show its first row, both from navigation, in turn. A
 * replica that draws at once is the harder case: real servers that were timed took 1.1 to 1.8 s.
 */
export async function benchGradio(runs = 3, runsAtOnce = 9): Promise<void> {
  const { executablePath } = await findBrowser({ env: process.env });
  const browser = { executablePath, chromiumSandbox: chromiumSandbox({ env: process.env }).on };
  const wide = repeated(await readTable('open-llm-v2-gradio'), 1445);
  const long = numberedTable('long', 10_000);
  const late = { ...wide, load: { afterMs: LATE_MS, before: [] } };
  for (const generation of GENERATIONS) {
    await compare(browser, { generation, table: wide, runs: runsAtOnce });
    await compare(browser, { generation, table: wide, runs, drawAfterMs: PAGE_MS });
  }
  for (const generation of ['5.49', '6.31'] as const) {
    await compare(browser, { generation, table: long, runs, drawAfterMs: PAGE_MS });
    await compare(browser, { generation, table: late, runs });
    await compare(browser, { generation, table: long, runs: runsAtOnce });
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

/**
 * The same of a Gradio page that somebody serves, described first by what is found on it: a real server
 * takes longer to its first row than a replica does, and longer to draw each window.
 */
export async function benchGradioAt(url: string, runs = 5): Promise<void> {
  const { executablePath } = await findBrowser({ env: process.env });
  const browser = { executablePath, chromiumSandbox: chromiumSandbox({ env: process.env }).on };
  const ourBrowser = { executablePath, sandbox: browser.chromiumSandbox };
  const definition = await describePage(ourBrowser, url);
  const times = await inTurn(runs, {
    page: () => timePage(browser, url),
    ours: () => readBoard(ourBrowser, { definition, url, verify: 'sample' }),
  });
  report(`${url}, ${definition.columns.length} columns`, times);
}

interface Times {
  page: number[];
  ours: number[];
}

async function inTurn(
  runs: number,
  how: { page: () => Promise<number>; ours: () => Promise<number> },
): Promise<Times> {
  const times: Times = { page: [], ours: [] };
  for (let run = 0; run < runs; run += 1) {
    times.page.push(await how.page());
    times.ours.push(await how.ours());
  }
  return times;
}

function report(name: string, { page, ours }: Times): void {
  row(name, `${(median(ours) / median(page)).toFixed(2)} ×`, 'budget 2 ×');
  row('  seconds: page', shown(page));
  row('  seconds: ours', shown(ours));
}

interface Sitting {
  generation: GradioGeneration;
  table: GradioTable;
  runs: number;
  /** What the page takes before it draws anything. @default nothing: its rows are there at once */
  drawAfterMs?: number;
}

async function compare(browser: Browser, sitting: Sitting): Promise<void> {
  const { generation, table, runs, drawAfterMs } = sitting;
  const faults = drawAfterMs === undefined ? {} : { drawAfterMs };
  const replica = await startGradio({ generation, tables: [table], faults });
  const definition = definitionOf(table, replica.url);
  const { executablePath, chromiumSandbox: sandbox } = browser;
  const ourBrowser = { executablePath, sandbox };
  const size = `${table.rows.length} × ${table.headers.length}`;
  const isWhole = GENERATION_FACTS[generation].drawing === 'whole';
  const late = table.load ? `, loaded after ${LATE_MS} ms` : '';
  const how = drawAfterMs === undefined ? late : `, drawn after ${drawAfterMs} ms`;
  try {
    const times = await inTurn(runs, {
      page: () => timePage(browser, replica.url, isWhole ? FIRST_OF_ALL : FIRST_ROW),
      ours: () => readBoard(ourBrowser, { definition, url: replica.url, verify: 'sample' }),
    });
    report(`Gradio ${generation}, ${size}${how}`, times);
  } finally {
    await replica.close();
  }
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
async function timePage(browser: Browser, url: string, first = FIRST_ROW): Promise<number> {
  const launched = await chromium.launch(browser);
  const page = await launched.newPage({ viewport: VIEWPORT });
  const startMs = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector(first, { state: 'attached' });
  const seconds = (performance.now() - startMs) / 1000;
  await launched.close();
  return seconds;
}
