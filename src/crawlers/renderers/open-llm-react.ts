import type { Frame, Page } from 'playwright';
import type { ShownRow } from '../../boards/snapshot.ts';
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
import type { BoardSession, ReadOptions, Kind } from '../kinds/kind.ts';
import type { BoardReading } from '../../boards/reading.ts';
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
} satisfies Kind;

async function read(
  page: Frame,
  listener: PayloadListener,
  options: ReadOptions,
): Promise<BoardReading> {
  const definition = definitionOf(options);
  const findPayload = payloadOf(listener, definition.identity, options.onLoaded);
  const { state, windows: seen } = await lookWhenShown(page, listener, options);
  const [payload, windows] = await Promise.all([
    findPayload(),
    state.phase === 'rows' ? readRows(page, seen, options) : [],
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

/** The windows that are asked for, of which some may have been read already. */
async function readRows(
  page: Frame,
  seen: readonly TableWindow[],
  options: ReadOptions,
): Promise<TableWindow[]> {
  const judged = (windows: readonly TableWindow[]): readonly TableWindow[] => {
    if (windows.every(({ rendered }) => rendered)) return windows;
    const found = `none in ${WINDOW_MS} ms`;
    throw new BoardDriftError(definitionOf(options).id, [
      { what: 'rows drawn after scrolling', expected: 'all in view', found },
    ]);
  };
  const look = async (tops: number[]): Promise<readonly TableWindow[]> => {
    const argument = { tops, waitMs: WINDOW_MS };
    return judged(await runInPage(page, readWindows, { tools: TOOLS, argument }));
  };
  if (options.verify === 'all') {
    await page.evaluate(stretchTable, TALL_PX);
    const [first] = await look([0]);
    if (!first) return [];
    // All in one go: in a pause the page would draw each window once more, as one at rest.
    return [first, ...(await look(everyWindow(first).slice(1)))];
  }
  const windows = [...judged(seen)];
  const [first] = windows;
  if (!first) return [];
  // In a short table the windows overlap; a page may also draw fewer rows than its first window did.
  const enough = Math.min(options.sampleRows, first.virtualRows);
  for (let more = 1; shownRows(windows).length < enough && more <= MORE_WINDOWS; more += 1) {
    windows.push(...(await look(randomWindows(first, 1, options.seed + more))));
  }
  return windows;
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
