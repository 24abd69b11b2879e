import type { Frame, Page } from 'playwright';
import type { ShownRow } from '../../capture.ts';
import { EtlError } from '../../errors.ts';
import { BoardDriftError } from '../board-drift.ts';
import { HUB_ORIGIN } from '../board-text.ts';
import { everyWindow, randomWindows } from '../board-windows.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import {
  findPayload,
  listenToPage,
  type PageAnswer,
  type PayloadListener,
} from './payload-listener.ts';
import type { BoardReading, BoardSession, ReadOptions, Renderer } from './renderer.ts';
import {
  pageState,
  readTable,
  stretchTable,
  type PageState,
  type TableWindow,
} from './virtual-table.ts';

/** Height of the window for reading every row: higher draws no faster, and takes more memory. */
const TALL_PX = 16_000;
/** A window of rows that takes longer than this to appear does not appear. */
const WINDOW_MS = 30_000;
/** Windows beyond the planned ones, when those overlapped or were smaller than the first. */
const MORE_WINDOWS = 20;

/**
 * The React page of the Open LLM Leaderboard (MUI, TanStack Table and Virtual): all rows come in one
 * answer of its API, a few of them are in the document at a time.
 *
 * @see docs/decisions for why its rows are taken from the answer and its table only compared
 */
export const openLlmReact = {
  id: 'open-llm-react',
  address: (definition: BoardDefinition, url: string) => {
    const keys = definition.columns.flatMap(({ key }) => key ?? []);
    const address = new URL(url);
    address.hash = `/?columns=${keys.join(',')}`;
    return address.href;
  },
  listen: (page: Page): BoardSession => {
    const listener = listenToPage(page);
    return { read: (frame, options) => read(frame, listener, options) };
  },
} satisfies Renderer;

async function read(
  page: Frame,
  listener: PayloadListener,
  options: ReadOptions,
): Promise<BoardReading> {
  const definition = definitionOf(options);
  const state = await waitForState(page, listener, options);
  const payloadOf = async () => findPayload(await listener.answers(), definition.identity);
  // The answer is on its way to us while the page draws its rows.
  const [payload, windows] = await Promise.all([
    payloadOf(),
    state.phase === 'rows' ? readWindows(page, options) : [],
  ]);
  if (!payload) throw unreachable(await listener.answers(), page.url(), state);
  const shown = shownRows(windows);
  return {
    stated: { shown: state.shown, total: state.total },
    loaded: payload.rows,
    loadedFrom: payload.url,
    headers: windows[0]?.headers ?? [],
    shown,
    complete: options.verify === 'all' && state.phase !== 'error',
    filters: filtersOf(definition, state.hash),
    virtualRows: windows.at(-1)?.virtualRows ?? (state.phase === 'empty' ? 0 : null),
    pageError: state.error,
  };
}

/** The page is one board: nobody asks for it without saying which. */
function definitionOf({ definition }: ReadOptions): BoardDefinition {
  if (definition) return definition;
  throw new EtlError(
    'BOARD_UNKNOWN',
    'The renderer open-llm-react reads only a board that is known',
  );
}

async function waitForState(
  page: Frame,
  listener: PayloadListener,
  options: ReadOptions,
): Promise<PageState> {
  try {
    const handle = await page.waitForFunction(pageState, undefined, { timeout: options.timeoutMs });
    const state = await handle.jsonValue();
    if (state) return state;
    throw new TypeError('waitForFunction gave nothing');
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    const seconds = Math.round(options.timeoutMs / 1000);
    const asked = (await listener.answers())
      .map(({ url, status }) => `${status} ${url}`)
      .join(', ');
    throw new EtlError(
      'BOARD_UNREACHABLE',
      `${page.url()} showed no rows within ${seconds} s; its script got ${asked || 'no answer'}`,
      { cause: error, context: { url: page.url(), again: false } },
    );
  }
}

/** The page has no rows because its own request failed: what that was. */
function unreachable(answers: readonly PageAnswer[], url: string, { error }: PageState): EtlError {
  const got = answers.map((it) => `${it.status} ${it.contentType} from ${it.url}`).join(', ');
  return new EtlError(
    'BOARD_UNREACHABLE',
    `${url} loaded no rows: its script got ${got || 'no answer'}; it shows: ${error ?? 'no error'}`,
    { context: { url, ...(answers[0] && { status: answers[0].status }) } },
  );
}

async function readWindows(page: Frame, options: ReadOptions): Promise<TableWindow[]> {
  const look = async (tops: (number | null)[]): Promise<TableWindow[]> => {
    const text = await page.evaluate(readTable, { tops, waitMs: WINDOW_MS });
    const windows = JSON.parse(text) as TableWindow[]; // written by readTable
    const late = windows.find(({ rendered }) => !rendered);
    if (!late) return windows;
    throw new BoardDriftError(definitionOf(options).id, [
      {
        what: 'rows drawn after scrolling',
        expected: 'all in view',
        found: `none in ${WINDOW_MS} ms`,
      },
    ]);
  };
  if (options.verify === 'all') {
    await page.evaluate(stretchTable, TALL_PX);
    const [first] = await look([0]);
    if (!first) return [];
    // All in one go: in a pause the page would draw each window once more, as one at rest.
    return [first, ...(await look(everyWindow(first).slice(1)))];
  }
  const [first] = await look([null]);
  if (!first) return [];
  const windows = [first, ...(await look(sampleTops(first, options)))];
  // In a short table the windows overlap; a page may also draw fewer rows than its first window did.
  const enough = Math.min(options.sampleRows, first.virtualRows);
  for (let more = 1; shownRows(windows).length < enough && more <= MORE_WINDOWS; more += 1) {
    windows.push(...(await look(randomWindows(first, 1, options.seed + more))));
  }
  return windows;
}

/** Places that, with the window at the top already read, give at least the rows asked for. */
function sampleTops(first: TableWindow, { sampleRows, seed }: ReadOptions): number[] {
  const { rows, contentPx } = first;
  // The first and the last window have spare rows on one side, those between on both.
  const between = 2 * rows.length - Math.ceil(first.viewPx / first.rowPx);
  const windows = Math.max(1, Math.ceil((sampleRows - 2 * rows.length) / between));
  return [...randomWindows(first, windows, seed), contentPx];
}

/** Rows of all windows, each once. Cells are keyed by header here, never by position. */
function shownRows(windows: readonly TableWindow[]): ShownRow[] {
  const rows = new Map<number, ShownRow>();
  for (const { headers, rows: seen } of windows) {
    for (const { index, link, cells } of seen) {
      const cellOf = (header: string, at: number): [string, string] => [header, cells[at] ?? ''];
      const named = cells.length === headers.length ? headers.map(cellOf) : [];
      rows.set(index, {
        identity: link.startsWith(HUB_ORIGIN) ? link.slice(HUB_ORIGIN.length) : link,
        index,
        cells: Object.fromEntries(named),
      });
    }
  }
  return [...rows.values()].sort((a, b) => a.index - b.index);
}

/** The page writes into its address only what is not default, and drops the rest. */
function filtersOf(definition: BoardDefinition, hash: string): string[] {
  const query = new URLSearchParams(hash.split('?')[1] ?? '');
  query.delete('columns');
  const given = [...query].map(([name, value]) => `${name}=${value}`);
  const defaults = (definition.filters ?? [])
    .filter(({ name }) => !query.has(name))
    .map(({ name, value }) => `${name}=${value}`);
  return [...defaults, ...given];
}
