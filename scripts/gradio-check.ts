/**
 * Reads a table of a running Gradio page with our renderer and compares every row and cell with the
 * file that the page was made from:
 *
 *     node scripts/gradio-check.ts URL TABLE [--tab TEXT] [--sample] [--times N]
 *
 * TABLE is JSON, `{ "headers": [...], "rows": [[...], ...] }`, or JSON lines with an object a row.
 * Exit code 1 when anything differs. `docs/boards.md` says how the servers are started.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright';
import { cellOf } from '../src/boards/table.ts';
import { column, tableBoard } from '../src/boards/table-board.ts';
import { chromiumSandbox, findBrowser } from '../src/crawlers/browser.ts';
import { gradio } from '../src/crawlers/kinds/gradio/gradio.ts';
import type { BoardReading } from '../src/boards/reading.ts';

export interface ExpectedTable {
  headers: string[];
  rows: unknown[][];
  /** Texts of the cells, where the page was told to draw other ones than the values. */
  display?: unknown[][];
}

export interface CheckOptions {
  tab?: string;
  verify: 'sample' | 'all';
}

export interface CheckResult {
  rows: number;
  /** Cells of loaded rows, and of rows on the page, that were compared. */
  loadedCells: number;
  shownCells: number;
  mismatches: string[];
  /** From navigation until the first row is in the document, and until all was read. */
  firstRowMs: number;
  doneMs: number;
  reading: BoardReading;
}

export async function readExpected(file: string): Promise<ExpectedTable> {
  const text = await readFile(file, 'utf8');
  if (file.endsWith('.jsonl')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>); // one a line
    const headers = Object.keys(rows[0] ?? {});
    return { headers, rows: rows.map((row) => headers.map((header) => row[header])) };
  }
  return JSON.parse(text) as ExpectedTable; // the caller's file; a wrong one fails below
}

/** The value as the page's text has it, or undefined where drawing changes it. */
function plainText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string') return JSON.stringify(value);
  return /[<>[\]*_`\\&#]/.test(value) ? undefined : value.replaceAll(/\s+/g, ' ').trim();
}

/** Every cell of the loaded rows that is not what it was made from. */
export function compareLoaded(
  { headers, rows }: ExpectedTable,
  loaded: readonly unknown[],
): string[] {
  const found: string[] = [];
  if (loaded.length !== rows.length) found.push(`rows: ${rows.length}, loaded ${loaded.length}`);
  for (const [place, row] of rows.entries()) {
    for (const [at, header] of headers.entries()) {
      const value = cellOf(loaded[place], { header })?.value ?? null;
      if (value === (row[at] ?? null)) continue;
      found.push(`row ${place}, ${header}: ${String(row[at])}, loaded ${JSON.stringify(value)}`);
    }
  }
  return found;
}

const CUT = /(\.\.\.|…)$/;

function isShownAs(value: unknown, shown: string | undefined): boolean {
  const text = plainText(value);
  if (text === undefined || shown === undefined || shown === text) return true;
  return CUT.test(shown) && text.startsWith(shown.replace(CUT, ''));
}

/** Every cell of the rows on the page that is not what it was made from, where drawing is plain. */
export function compareShown(
  { headers, rows, display }: ExpectedTable,
  { kept, shown }: Pick<BoardReading, 'kept' | 'shown'>,
): string[] {
  return shown.flatMap(({ index, cells }) => {
    const row = (display ?? rows)[kept ? (kept[index] ?? -1) : index];
    return headers
      .filter((header, at) => !isShownAs(row?.[at], cells[header]))
      .map((header) => `row ${index}, ${header}: shown ${cells[header]}`);
  });
}

/** Opens the page and checks one table. */
export async function checkTable(
  browser: Browser,
  { url, expected }: { url: string; expected: ExpectedTable },
  { tab, verify }: CheckOptions,
): Promise<CheckResult> {
  const definition = tableBoard({
    id: 'check',
    title: url,
    url,
    renderer: 'gradio',
    licence: 'none',
    identity: ['column-0'],
    columns: expected.headers.map((header, place) => column(header, `column-${place}`)),
    minimumRows: 0,
    ...(tab !== undefined && { tab }),
  });
  const page = await browser.newPage({ viewport: { width: 1600, height: 1100 } });
  try {
    const session = await gradio.listen(page);
    const startMs = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    let firstRowMs = Number.NaN;
    const rowSelector =
      'svelte-virtual-table-viewport tbody tr, .virtual-row, .table-wrap tbody tr';
    page
      .waitForFunction((it) => document.querySelectorAll(it).length > 1, rowSelector)
      .then(() => (firstRowMs = performance.now() - startMs))
      .catch(() => undefined);
    const options = { definition, verify, sampleRows: 200, seed: 7, timeoutMs: 60_000 };
    const reading = await session.read(page.mainFrame(), options);
    const doneMs = performance.now() - startMs;
    const shownCells = reading.shown.reduce((sum, { cells }) => sum + Object.keys(cells).length, 0);
    return {
      rows: reading.loaded?.length ?? 0,
      loadedCells: (reading.loaded?.length ?? 0) * expected.headers.length,
      shownCells,
      mismatches: [
        ...compareLoaded(expected, reading.loaded ?? []),
        ...compareShown(expected, reading),
      ],
      firstRowMs,
      doneMs,
      reading,
    };
  } finally {
    await page.close();
  }
}

export async function openBrowser(): Promise<Browser> {
  const { executablePath } = await findBrowser({ env: process.env });
  return chromium.launch({
    executablePath,
    chromiumSandbox: chromiumSandbox({ env: process.env }).on,
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { tab: { type: 'string' }, sample: { type: 'boolean' }, times: { type: 'string' } },
  });
  const [url, file] = positionals;
  if (url === undefined || file === undefined) throw new TypeError('Give a URL and a table file');
  const expected = await readExpected(file);
  const browser = await openBrowser();
  try {
    for (let time = 0; time < Number(values.times ?? 1); time += 1) {
      const result = await checkTable(
        browser,
        { url, expected },
        {
          verify: values.sample === true ? 'sample' : 'all',
          ...(values.tab !== undefined && { tab: values.tab }),
        },
      );
      const { rows, loadedCells, shownCells, mismatches, firstRowMs, doneMs, reading } = result;
      const times = `first row ${Math.round(firstRowMs)} ms, done ${Math.round(doneMs)} ms`;
      const seen = `${rows} rows, ${loadedCells} cells loaded, ${reading.shown.length} rows and ${shownCells} cells seen`;
      process.stdout.write(`${mismatches.length} mismatches; ${seen}; ${times}\n`);
      for (const line of mismatches.slice(0, 20)) process.stdout.write(`  ${line}\n`);
      if (mismatches.length > 0) process.exitCode = 1;
    }
  } finally {
    await browser.close();
  }
}

if (process.argv[1]?.endsWith('gradio-check.ts') === true) await main();
