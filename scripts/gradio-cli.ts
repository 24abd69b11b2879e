/**
 * Lets the command line read running Gradio pages as pages that nobody described, and compares every
 * row and cell of the captures with the tables that the pages were made from:
 *
 *     node scripts/gradio-cli.ts FOLDER [--sample] NAME=URL…
 *
 * FOLDER holds `NAME-table.json` files: `{ "headers": [...], "rows": [[...], ...] }`, and `display` where
 * the page draws other texts. Of those of a page, the one with the headers and the number of rows that
 * the capture has is meant. Prints lines of a Markdown table; exit code 1 when anything differs or was
 * refused. `docs/boards.md` says how the servers are started.
 */
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cellOf } from '../src/boards/table.ts';
import type { BoardSnapshot } from '../src/boards/snapshot.ts';
import { placeInRun, snapshotAt } from '../src/pipeline/board-memory.ts';
import { temporaryFolder } from '../tests/helpers/fixtures.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
const ID = 'checked-page';

interface ExpectedTable {
  name: string;
  headers: string[];
  rows: unknown[][];
  /** Texts of the cells, where the page was told to draw other ones than the values. */
  display?: unknown[][];
}

async function tablesOf(folder: string, name: string): Promise<ExpectedTable[]> {
  const files = (await readdir(folder)).filter((it) => it.startsWith(`${name}-`));
  return Promise.all(
    files.map(async (file) => ({
      // The caller's file; a wrong one fails below.
      ...(JSON.parse(await readFile(path.join(folder, file), 'utf8')) as ExpectedTable),
      name: path.basename(file, '.json').slice(name.length + 1),
    })),
  );
}

/** The capture that `crawl boards --url` makes of a page, or the reason why there is none. */
async function crawled(url: string, verify: string): Promise<BoardSnapshot | string> {
  const { folder: storage, remove } = await temporaryFolder();
  try {
    const where = ['--url', url, '--id', ID, '--storage', storage, '--verify', verify];
    const args = [MAIN, 'crawl', 'boards', '--json', '--log-level', 'silent', ...where];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    for await (const piece of child.stdout) text += String(piece);
    const { run = '' } = JSON.parse(text) as { run?: string }; // as `crawl --json` prints it
    const found = run === '' ? null : await placeInRun(storage, ID, run);
    return (await snapshotAt(storage, ID, found)) ?? `refused: ${text}`;
  } finally {
    await remove();
  }
}

/** Every cell of the loaded rows that is not what it was made from. */
const loadedFaults = ({ headers, rows }: ExpectedTable, loaded: readonly unknown[]): string[] =>
  rows.flatMap((row, place) =>
    headers.flatMap((header, at) => {
      const value = cellOf(loaded[place], { header })?.value ?? null;
      return value === (row[at] ?? null)
        ? []
        : [`row ${place}, ${header}: ${String(row[at])}, loaded ${JSON.stringify(value)}`];
    }),
  );

/** Places of the rows that the filters of a capture (`header=value`) keep. */
function keptBy(filters: readonly string[], { headers, rows }: ExpectedTable): number[] {
  const wanted = filters.map((filter) => {
    const cut = filter.lastIndexOf('=');
    return { column: headers.indexOf(filter.slice(0, cut)), value: filter.slice(cut + 1) };
  });
  const keeps = (row: readonly unknown[]): boolean =>
    wanted.every(({ column, value }) => String(row[column]) === value);
  return [...rows.entries()].filter(([, row]) => keeps(row)).map(([place]) => place);
}

const CUT = /(\.\.\.|…)$/;

/** Whether a cell is drawn as its value; where drawing changes a text, nothing is asked of it. */
function isShownAs(value: unknown, shown: string | undefined): boolean {
  if (value === null || value === undefined || shown === undefined) return true;
  if (typeof value === 'string' && /[<>[\]*_`\\&#]/.test(value)) return true;
  const text =
    typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : JSON.stringify(value);
  return shown === text || (CUT.test(shown) && text.startsWith(shown.replace(CUT, '')));
}

/** Every cell of the rows on the page that is not what it was made from. */
function shownFaults(table: ExpectedTable, { shown, filters }: BoardSnapshot): string[] {
  const { headers, rows, display } = table;
  const kept = keptBy(filters, table);
  return shown.flatMap(({ index, cells }) => {
    const row = (display ?? rows)[kept[index] ?? -1];
    return headers
      .filter((header, at) => !isShownAs(row?.[at], cells[header]))
      .map((header) => `row ${index}, ${header}: shown ${cells[header]}`);
  });
}

/** What came of a page: its line, and whether all of it is as it was made. */
async function check(page: { name: string; url: string }, folder: string, verify: string) {
  const line = (...cells: (string | number)[]): string =>
    `| ${[page.name, ...cells].join(' | ')} |\n`;
  const tables = await tablesOf(folder, page.name);
  const snapshot = await crawled(page.url, verify);
  if (typeof snapshot === 'string') return { text: line(snapshot), isGood: false };
  const { loaded, shown, hidden, seconds } = snapshot;
  const headers = JSON.stringify(Object.keys((loaded?.[0] as object | undefined) ?? {})); // TableRow
  const table = tables.find(
    (it) => JSON.stringify(it.headers) === headers && it.rows.length === loaded?.length,
  );
  if (!table) return { text: line('a table that the page was not made from'), isGood: false };
  const faults = [...loadedFaults(table, loaded ?? []), ...shownFaults(table, snapshot)];
  const size = `${table.rows.length} × ${table.headers.length}`;
  const of = `${shown.length} of ${table.rows.length - hidden}`;
  const details = faults.slice(0, 5).map((it) => `    ${it}\n`);
  const text = line(table.name, size, of, faults.length, seconds) + details.join('');
  return { text, isGood: faults.length === 0 };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'boolean' } },
});
const [folder, ...pages] = positionals;
if (folder === undefined || pages.length === 0) throw new TypeError('Give a folder and pages');
for (const pair of pages) {
  const cut = pair.indexOf('=');
  const page = { name: pair.slice(0, cut), url: pair.slice(cut + 1) };
  const { text, isGood } = await check(page, folder, values.sample ? 'sample' : 'all');
  process.stdout.write(text);
  if (!isGood) process.exitCode = 1;
}
