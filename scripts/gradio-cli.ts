/**
 * Lets the command line read running Gradio pages as pages that nobody described, and compares every
 * row and cell of the captures with the tables that the pages were made from:
 *
 *     node scripts/gradio-cli.ts FOLDER [--sample] NAME=URL…
 *
 * FOLDER holds `NAME-table.json` files as `scripts/gradio-check.ts` reads them; of those of a page, the
 * one with the headers and the number of rows that the capture has is meant. With `--each`, every table
 * of NAME is looked for by its headers too. Prints lines of a Markdown table; exit code 1 when anything
 * differs or was refused.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { placeInRun, snapshotAt } from '../src/pipeline/board-captures.ts';
import type { BoardSnapshot } from '../src/boards/snapshot.ts';
import {
  checkTable,
  compareLoaded,
  compareShown,
  openBrowser,
  readExpected,
  type ExpectedTable,
} from './gradio-check.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
const ID = 'checked-page';

type Verify = 'sample' | 'all';
interface PageOf {
  name: string;
  url: string;
}

/** What the program prints to stdout, as JSON. */
async function program(args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text) as unknown;
}

/** The capture that `crawl boards --url` makes of a page, or the reason why there is none. */
async function crawled({ url }: PageOf, verify: Verify): Promise<BoardSnapshot | string> {
  const storage = await mkdtemp(path.join(tmpdir(), 'gradio-cli-'));
  try {
    const options = ['--id', ID, '--verify', verify, '--storage', storage, '--log-level', 'silent'];
    const report = await program(['crawl', 'boards', '--url', url, '--json', ...options]);
    const { run = '' } = report as { run?: string }; // as `crawl --json` prints it
    const found = run === '' ? null : await placeInRun(storage, ID, run);
    return (await snapshotAt(storage, ID, found)) ?? `refused: ${JSON.stringify(report)}`;
  } finally {
    await rm(storage, { recursive: true });
  }
}

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

interface NamedTable extends ExpectedTable {
  name: string;
}

function tableOf(snapshot: BoardSnapshot, tables: readonly NamedTable[]): NamedTable | undefined {
  const headers = JSON.stringify(Object.keys((snapshot.loaded?.[0] as object | undefined) ?? {})); // TableRow
  return tables.find(
    (it) => JSON.stringify(it.headers) === headers && it.rows.length === snapshot.loaded?.length,
  );
}

const line = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |\n`;

async function checkByProgram(page: PageOf, tables: NamedTable[], verify: Verify) {
  const snapshot = await crawled(page, verify);
  if (typeof snapshot === 'string') return { text: line(page.name, snapshot), isGood: false };
  const { loaded, shown, filters, hidden, seconds } = snapshot;
  const table = tableOf(snapshot, tables);
  if (!table)
    return { text: line(page.name, 'a table that the page was not made from'), isGood: false };
  const differences = [
    ...compareLoaded(table, loaded ?? []),
    ...compareShown(table, { shown, kept: keptBy(filters, table) }),
  ];
  const size = `${table.rows.length} × ${table.headers.length}`;
  const of = `${shown.length} of ${table.rows.length - hidden}`;
  const how = 'generic';
  const text = line(page.name, table.name, how, size, of, differences.length, seconds);
  const details = differences.slice(0, 5).map((it) => `    ${it}\n`);
  return { text: text + details.join(''), isGood: differences.length === 0 };
}

async function tablesOf(folder: string, name: string): Promise<NamedTable[]> {
  const files = (await readdir(folder)).filter((it) => it.startsWith(`${name}-`));
  return Promise.all(
    files.map(async (file) => ({
      ...(await readExpected(path.join(folder, file))),
      name: path.basename(file, '.json').slice(name.length + 1),
    })),
  );
}

async function checkByHeaders({ name, url }: PageOf, table: NamedTable, verify: Verify) {
  const browser = await openBrowser();
  try {
    const result = await checkTable(browser, { url, expected: table }, { verify });
    const { rows, mismatches, doneMs, reading } = result;
    const of = `${reading.shown.length} of ${reading.kept?.length ?? rows}`;
    const size = `${rows} × ${table.headers.length}`;
    const seconds = Math.round(doneMs) / 1000;
    const text = line(name, table.name, 'by headers', size, of, mismatches.length, seconds);
    const details = mismatches.slice(0, 5).map((it) => `    ${it}\n`);
    return { text: text + details.join(''), isGood: mismatches.length === 0 };
  } catch (error) {
    const diff = error instanceof Error && 'diff' in error ? JSON.stringify(error.diff) : '';
    return { text: line(name, table.name, `${String(error)} ${diff}`), isGood: false };
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sample: { type: 'boolean' }, each: { type: 'boolean' } },
  });
  const verify = values.sample === true ? 'sample' : 'all';
  const [folder, ...pages] = positionals;
  if (folder === undefined || pages.length === 0) throw new TypeError('Give a folder and pages');
  for (const pair of pages) {
    const cut = pair.indexOf('=');
    const page = { name: pair.slice(0, cut), url: pair.slice(cut + 1) };
    const tables = await tablesOf(folder, page.name);
    const checks = [() => checkByProgram(page, tables, verify)];
    if (values.each === true)
      checks.push(...tables.map((it) => () => checkByHeaders(page, it, verify)));
    for (const check of checks) {
      const { text, isGood } = await check();
      process.stdout.write(text);
      if (!isGood) process.exitCode = 1;
    }
  }
}

await main();
