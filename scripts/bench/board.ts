import { chromium, type Page } from 'playwright';
import { startOpenLlm } from '../../demo/open-llm/server.ts';
import { openLlm } from '../../src/boards/definitions/open-llm.ts';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import type { UndescribedBoard } from '../../src/boards/infer.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import { createConfiguration } from '../../src/storage/storage-client.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { numberedTable } from '../../tests/replica/gradio/real-tables.ts';
import { startGradio } from '../../tests/replica/gradio/server.ts';
import { startTables } from '../../tests/replica/tables/server.ts';
import { median, row } from './report.ts';

const VIEWPORT = { width: 1600, height: 1100 };
const LATE_MS = 3000;
/** With it a replica of Gradio has its first row after 1.0 s; the quickest real server, after 1.1 s. */
const DRAW_MS = 700;

interface Sitting {
  name: string;
  start: () => Promise<{ url: string; close: () => Promise<void> }>;
  /** The page's own rows, and how many of them must be there. */
  selector: string;
  rows?: number;
  /** Every shown row, not a sample. */
  isAll?: boolean;
  /** What is known of the board. @default nothing, as with `--url` */
  definition?: BoardDefinition;
}

const gradio = (generation: '5.49' | '6.31'): Sitting => ({
  name: `Gradio ${generation}, 10,000 rows`,
  start: () => {
    const tables = [numberedTable('long', 10_000)];
    return startGradio({ generation, tables, faults: { drawAfterMs: DRAW_MS } });
  },
  selector: 'svelte-virtual-table-viewport tbody td, .virtual-body [data-row]',
});

/** With a payload the page's first row is the measure, without one its last. */
const SITTINGS: Sitting[] = [
  {
    name: 'Open LLM, API after 0.5 s',
    start: () => startOpenLlm({ delayMs: 500 }),
    selector: 'tbody a[href^="https://huggingface.co/"]',
    definition: openLlm,
  },
  gradio('5.49'),
  gradio('6.31'),
  {
    name: 'AG Grid, 10,000 rows',
    start: () => startTables({ kind: 'ag-grid', rows: 10_000 }),
    selector: '.ag-center-cols-container .ag-cell',
  },
  ...(['static', 'mteb'] as const).map((kind) => ({
    name: `${kind}, 3,000 rows`,
    start: () => startTables({ kind, rows: 3000 }),
    ...{ selector: '#board > table tr', rows: 3000, isAll: true },
  })),
];

/** What our reading takes, against what the page itself needs, both from navigation, in turn. */
export async function benchBoards(runs = 5): Promise<void> {
  for (const sitting of SITTINGS) {
    const replica = await sitting.start();
    await compare(sitting, replica.url, runs);
    await replica.close();
  }
  await sideBySide(12);
}

/** Of a page that somebody serves, alone: when a page has its rows only its kind would know. */
export async function benchUrl(url: string, runs = 5): Promise<void> {
  const seconds: number[] = [];
  for (let run = 0; run < runs; run += 1) seconds.push(await read([undescribed(url)], 'sample'));
  row(url, `${median(seconds).toFixed(2)} s`);
}

async function compare(
  { name, selector, rows = 1, isAll = false, definition }: Sitting,
  url: string,
  runs: number,
) {
  const [page, ours]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    page.push(await timePage(url, (it) => it.waitForFunction(hasRows, [selector, rows] as const)));
    const board = definition ? { ...definition, url } : undescribed(url);
    ours.push(await read([board], isAll ? 'all' : 'sample'));
  }
  const times = `${median(ours).toFixed(2)} s against ${median(page).toFixed(2)} s`;
  const ratio = `${(median(ours) / median(page)).toFixed(2)} ×`;
  row(`board: ${name}`, `${times}: ${ratio}`, `budget ${isAll ? 1.5 : 2.5} ×`);
}

/** Boards whose data comes late, all in one crawl, against one of them. */
async function sideBySide(count: number): Promise<void> {
  const late = () => startTables({ kind: 'mteb', delayMs: LATE_MS });
  const replicas = await Promise.all(Array.from({ length: count }, late));
  const boards = replicas.map(({ url }, at) => undescribed(url, at));
  const alone = await read(boards.slice(0, 1), 'sample');
  const all = await read(boards, 'sample');
  await Promise.all(replicas.map((it) => it.close()));
  const times = `${all.toFixed(2)} s against ${alone.toFixed(2)} s`;
  row(
    `${count} boards, data after ${LATE_MS} ms`,
    `${times}: ${(all / alone).toFixed(2)} ×`,
    'budget 2 ×',
  );
}

const browserOf = async () => ({
  executablePath: (await findBrowser({ env: process.env })).executablePath,
  sandbox: chromiumSandbox({ env: process.env }).on,
});

/** Seconds until the page, opened in a new browser as ours is, has its rows. */
async function timePage(url: string, until: (page: Page) => Promise<unknown>): Promise<number> {
  const { executablePath, sandbox } = await browserOf();
  const browser = await chromium.launch({ executablePath, chromiumSandbox: sandbox });
  const page = await browser.newPage({ viewport: VIEWPORT });
  const startMs = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await until(page);
  const seconds = (performance.now() - startMs) / 1000;
  await browser.close();
  return seconds;
}

const hasRows = ([selector, rows]: readonly [string, number]): boolean =>
  document.querySelectorAll(selector).length >= rows;

/** A page that nobody described. */
const undescribed = (url: string, at = 0): UndescribedBoard => ({ id: `bench-${at}`, url });

/** Seconds of reading: of one board from navigation, of several of the crawl. */
async function read(
  boards: readonly (BoardDefinition | UndescribedBoard)[],
  verify: 'sample' | 'all',
): Promise<number> {
  const { folder, remove } = await temporaryFolder();
  const startMs = performance.now();
  const outcomes = await crawlBoards(
    {
      config: createConfiguration(folder),
      browser: await browserOf(),
      userAgent: 'huggingface-etl/bench',
      write: () => Promise.resolve(),
    },
    { boards, evidenceFolder: folder },
    { verify },
  );
  const seconds = (performance.now() - startMs) / 1000;
  await remove();
  for (const { status, error } of outcomes) {
    if (error) throw new Error(`A page is ${status}: ${error.message}`);
  }
  return boards.length === 1 ? (outcomes[0]?.seconds ?? seconds) : seconds;
}
