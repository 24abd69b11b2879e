import type { Frame, Page } from 'playwright';
import { EtlError } from '../../errors.ts';
import { BoardDriftError } from '../../boards/drift.ts';
import { HUB_ORIGIN } from '../../boards/text.ts';
import { everyWindow, randomWindows, seededRandom, spreadWindows } from '../board-windows.ts';
import type { BoardDefinition } from '../../boards/definition.ts';
import { runInPage } from './html-table/in-page.ts';
import { again } from './html-table/table-look.ts';
import {
  listenToPage,
  payloadOf,
  type PageAnswer,
  type PayloadListener,
} from './payload-listener.ts';
import type { BoardReading, ShownRun, UnplacedRow } from '../../boards/reading.ts';
import type { BoardSession, ReadOptions, Renderer } from './renderer.ts';
import {
  leaveOutCells,
  openTable,
  pageState,
  readWhenShown,
  readWindows,
  stretchTable,
  untilShown,
  type BoardLook,
  type PageState,
  type TableWindow,
} from './virtual-table.ts';

/** Height of the window for reading every row: higher draws no faster, and takes more memory. */
const TALL_PX = 16_000;
/** A window of rows that takes longer than this to appear does not appear. */
const WINDOW_MS = 30_000;
/** Windows beyond the planned ones, when those overlapped or were smaller than the first. */
const MORE_WINDOWS = 20;
/** A page that has not answered so long after its time hangs: it could not even say so. */
const HUNG_MS = 8 * WINDOW_MS;

const TOOLS = {
  ...{ leaveOutCells, openTable, pageState },
  ...{ readWindows, spreadWindows, untilShown },
};

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
  listen: async (page: Page): Promise<BoardSession> => {
    const listener = await listenToPage(page);
    return { read: (frame, options) => read(frame, listener, options) };
  },
} satisfies Renderer;

async function read(
  page: Frame,
  listener: PayloadListener,
  options: ReadOptions,
): Promise<BoardReading> {
  const definition = definitionOf(options);
  const findPayload = payloadOf(listener, definition.identity, options.onLoaded);
  const look = await lookWhenShown(page, listener, options);
  const { state } = look;
  const [payload, asked] = await Promise.all([findPayload(), readRows(page, look, options)]);
  if (!payload) throw unreachable(await listener.answers(), page.url(), state);
  // Nobody looked between the windows of a sample: where the table seems to have room for more or
  // fewer rows than are stated, all are read. A page that miscounts its payload is refused anyway.
  const isMiscounted = state.total !== payload.rows.length;
  const isDoubtful = !asked.complete && !isMiscounted && roomOf(asked.windows) !== state.shown;
  const { windows, complete } = isDoubtful ? await readAll(page, options) : asked;
  return {
    stated: { shown: state.shown, total: state.total },
    loaded: payload.rows,
    loadedFrom: payload.url,
    headers: windows[0]?.headers ?? [],
    shown: [],
    runs: windows.map(runOf),
    complete,
    filters: filtersOf(definition, state.hash),
    virtualRows: null,
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

async function lookWhenShown(
  page: Frame,
  listener: PayloadListener,
  options: ReadOptions,
): Promise<BoardLook> {
  const { timeoutMs, sampleRows, seed, verify } = options;
  const endMs = performance.now() + timeoutMs;
  const randoms = Array.from({ length: sampleRows }, seededRandom(seed));
  const sample = verify === 'all' ? null : { rows: sampleRows, randoms };
  const asked = again(page, () => {
    const leftMs = Math.max(1, endMs - performance.now());
    const argument = { timeoutMs: leftMs, waitMs: WINDOW_MS, sample };
    return runInPage(page, readWhenShown, { tools: TOOLS, argument });
  });
  const look = await inTime(asked, timeoutMs + HUNG_MS);
  if (look) return look;
  const got = (await listener.answers()).map(({ url, status }) => `${status} ${url}`).join(', ');
  throw new EtlError(
    'BOARD_UNREACHABLE',
    `${page.url()} showed no rows within ${Math.round(timeoutMs / 1000)} s; its script got ${got || 'no answer'}`,
    { context: { url: page.url(), again: false } },
  );
}

function inTime<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
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

interface ReadRows {
  windows: TableWindow[];
  /** Every row was read. */
  complete: boolean;
}

/** The windows that are asked for, of which some may have been read already. */
async function readRows(
  page: Frame,
  { state, windows: seen }: BoardLook,
  options: ReadOptions,
): Promise<ReadRows> {
  if (state.phase !== 'rows') return { windows: [], complete: state.phase === 'empty' };
  if (options.verify === 'all') return readAll(page, options);
  const windows = [...drawn(seen, options)];
  const [first] = windows;
  // In a short table the windows overlap; a page may also draw fewer rows than its first window did.
  const enough = Math.min(options.sampleRows, state.shown ?? Infinity);
  for (let more = 1; first && rowsIn(windows) < enough && more <= MORE_WINDOWS; more += 1) {
    windows.push(...(await readAt(page, randomWindows(first, 1, options.seed + more), options)));
  }
  return { windows, complete: false };
}

async function readAll(page: Frame, options: ReadOptions): Promise<ReadRows> {
  await page.evaluate(stretchTable, TALL_PX);
  const windows = [...(await readAt(page, [0], options))];
  const [first] = windows;
  // All in one go: in a pause the page would draw each window once more, as one at rest.
  if (first) windows.push(...(await readAt(page, everyWindow(first).slice(1), options)));
  return { windows, complete: true };
}

async function readAt(
  page: Frame,
  tops: number[],
  options: ReadOptions,
): Promise<readonly TableWindow[]> {
  const argument = { tops, waitMs: WINDOW_MS };
  return drawn(await runInPage(page, readWindows, { tools: TOOLS, argument }), options);
}

/** The windows, if the rows of each were drawn in time. */
function drawn(windows: readonly TableWindow[], options: ReadOptions): readonly TableWindow[] {
  if (windows.every(({ rendered }) => rendered)) return windows;
  const found = `none in ${WINDOW_MS} ms`;
  throw new BoardDriftError(definitionOf(options).id, [
    { what: 'rows drawn after scrolling', expected: 'all in view', found },
  ]);
}

/** Different rows in all windows, which may overlap. */
const rowsIn = (windows: readonly TableWindow[]): number =>
  new Set(windows.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row)))).size;

/**
 * How many rows the table seems to have room for: each row that one window draws more than another
 * takes its height from the space for those not drawn. A hint that says where to look closer, no
 * proof: rows may be uneven. Null where all windows draw as many rows.
 */
function roomOf(windows: readonly TableWindow[]): number | null {
  const [first] = windows;
  if (!first) return null;
  const spacePx = ({ beforePx, afterPx }: TableWindow): number => beforePx + afterPx;
  if (spacePx(first) === 0) return first.rows.length;
  const most = windows.reduce((a, b) => (b.rows.length > a.rows.length ? b : a));
  const more = most.rows.length - first.rows.length;
  if (more === 0) return null;
  const rowPx = (spacePx(first) - spacePx(most)) / more;
  return first.rows.length + Math.round(spacePx(first) / rowPx);
}

/** What a window shows. Cells are keyed by header here, never by position. */
function runOf({ headers, rows, beforePx, afterPx }: TableWindow): ShownRun {
  const named = (cells: readonly string[]): UnplacedRow['cells'] => {
    const cellOf = (header: string, at: number): [string, string] => [header, cells[at] ?? ''];
    return Object.fromEntries(cells.length === headers.length ? headers.map(cellOf) : []);
  };
  return {
    rows: rows.map(({ link, cells }) => ({
      identity: link.startsWith(HUB_ORIGIN) ? link.slice(HUB_ORIGIN.length) : link,
      cells: named(cells),
    })),
    isStart: beforePx === 0,
    isEnd: afterPx === 0,
  };
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
