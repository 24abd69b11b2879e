import type { Frame } from 'playwright';
import type { BoardDefinition, BoardRecords } from '../../../boards/definition.ts';
import { BoardDriftError, differs, unreachable, type Difference } from '../../../boards/drift.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import { keptRecords, rowsOfRecords } from '../../../boards/records.ts';
import type { TableRow } from '../../../boards/table.ts';
import { parsed } from '../../../boards/values.ts';
import { EtlError } from '../../../errors.ts';
import * as walk from '../../pages/inside/walk.ts';
import { placeWindows, type Placed } from '../../pages/place.ts';
import { listenTo, type Answer, type Traffic } from '../../pages/traffic.ts';
import { EVERY_PLACE, roomIn, samplePlaces, TALL_PX } from '../../pages/windows.ts';
import { walkedCode } from '../../pages/walked-board.ts';
import * as part from '../html/drawn-in-part.ts';
import type { Kind, ReadOptions } from '../kind.ts';
import * as roles from '../role-grid/inside.ts';
import * as inside from './inside.ts';

/** A window of rows that takes longer than this to appear does not appear. */
const WINDOW_MS = 30_000;

const PAGE = walkedCode({ ...roles, ...part, ...inside });

/**
 * The React page of the Open LLM Leaderboard (MUI, TanStack Table and Virtual): all records come in one
 * answer of its API, a few of their rows are in the document at a time.
 */
export const openLlmPage = {
  id: 'open-llm',
  address: (definition: BoardDefinition, url: string) => {
    const keys = definition.columns.flatMap(({ key }) => key ?? []);
    const address = new URL(url);
    address.hash = `/?columns=${keys.join(',')}`;
    return address.href;
  },
  listen: listenTo,
  read,
} satisfies Kind;

/** A board whose page makes its rows of records; nobody asks for it without saying which. */
type RecordBoard = BoardDefinition & { records: BoardRecords };

function boardOf({ definition }: ReadOptions): RecordBoard {
  const records = definition?.records;
  if (definition && records) return { ...definition, records };
  throw new EtlError('BOARD_UNKNOWN', 'The kind open-llm reads only a board that is known');
}

async function read(frame: Frame, options: ReadOptions): Promise<BoardReading> {
  const traffic = await listenTo(frame.page());
  const board = boardOf(options);
  const state = await stateOf(frame, traffic, options);
  const answers = await traffic.answers();
  const payload = payloadIn(answers, board.records);
  if (!payload) throw nothingLoaded(frame, answers, state);
  const loaded = rowsOfRecords(board.records, payload.records);
  const filters = filtersOf(board, state.hash);
  const kept = keptRecords(board.records, payload.records, filters);
  const base = {
    ...{ stated: { shown: state.shown, total: state.total }, loaded, loadedFrom: payload.url },
    ...{ records: payload.records, filters, pageError: state.error, ...(kept && { kept }) },
  };
  if (state.phase !== 'rows') return { ...base, headers: [], shown: [], complete: false };
  const places = kept ?? [...loaded.keys()];
  const expected = places.map((place) => loaded[place]).filter((row) => row !== undefined);
  const counts = countsDiff(state, { total: loaded.length, shown: expected.length });
  if (counts.length > 0) throw drift(options, counts);
  const { placed, complete } = await readRows(frame, expected, options);
  // Columns that nobody knows are kept as they are shown; reconciling warns of them.
  return { ...base, headers: placed.headers, shown: placed.shown, complete };
}

async function stateOf(
  frame: Frame,
  traffic: Traffic,
  { timeoutMs }: ReadOptions,
): Promise<inside.PageState> {
  const state = await PAGE.run(frame, inside.stateOnceShown, timeoutMs);
  if (state) return state;
  const got = (await traffic.answers()).map(({ url, status }) => `${status} ${url}`).join(', ');
  const seconds = Math.round(timeoutMs / 1000);
  const message = `${frame.url()} showed no rows within ${seconds} s; its script got ${got || 'no answer'}`;
  throw unreachable(message, { url: frame.url() });
}

/** Of several answers that are such records the longest, and of equally long ones the last. */
export function payloadIn(answers: readonly Answer[], { identity }: BoardRecords) {
  let best: { records: unknown[]; url: string } | null = null;
  for (const answer of answers) {
    const records = recordsIn(answer, identity);
    if (records && records.length >= (best?.records.length ?? 0)) {
      best = { records, url: answer.url };
    }
  }
  return best;
}

/** The records in an answer, when it is a JSON array of which at least one item has an identity. */
function recordsIn(
  { status, text: json }: Answer,
  identity: BoardRecords['identity'],
): unknown[] | null {
  if (status !== 200 || json === null || !json.trimStart().startsWith('[')) return null;
  const records = parsed(json);
  if (!Array.isArray(records)) return null;
  return records.length === 0 || records.some((it) => identity(it) !== '') ? records : null;
}

/** The page writes into its address only what is not default, and drops the rest. */
function filtersOf({ records }: RecordBoard, hash: string): string[] {
  const query = new URLSearchParams(hash.split('?')[1] ?? '');
  query.delete('columns');
  const given = [...query].map(([name, value]) => `${name}=${value}`);
  const defaults = records.filters
    .filter(({ name }) => !query.has(name))
    .map(({ name, value }) => `${name}=${value}`);
  return [...defaults, ...given];
}

/** The page says how many rows there are: without that nobody could tell that some are missing. */
const countsDiff = (
  stated: inside.PageState,
  expected: { total: number; shown: number },
): Difference[] =>
  (['total', 'shown'] as const)
    .filter((which) => stated[which] !== expected[which])
    .map((which) => differs(`stated ${which}`, expected[which], stated[which] ?? 'none'));

/**
 * A sample of the rows that the page should show, or all of them; all too where the table seems to have room for other rows than
 * it should, since nobody looked between the windows.
 */
async function readRows(
  frame: Frame,
  expected: readonly TableRow[],
  options: ReadOptions,
): Promise<{ placed: Placed; complete: boolean }> {
  const [look] = await PAGE.run(frame, walk.lookAtTables, undefined);
  const isSample = options.verify === 'sample' && expected.length > options.sampleRows;
  if (isSample) {
    const windows = await windowsOf(frame, samplePlaces(options, look?.rows.length ?? 0), options);
    if (roomIn(windows) === expected.length) {
      return { placed: placedOf(windows, expected, options), complete: false };
    }
  }
  const windows = await windowsOf(frame, EVERY_PLACE, options);
  return { placed: placedOf(windows, expected, options), complete: true };
}

async function windowsOf(
  frame: Frame,
  places: readonly walk.Place[],
  options: ReadOptions,
): Promise<walk.Window[]> {
  const windows = await PAGE.run(frame, walk.walk, {
    ...{ at: 0, places, enough: options.sampleRows, frames: 2, waitMs: WINDOW_MS },
    ...(places === EVERY_PLACE && { tallPx: TALL_PX }),
  });
  if (windows.every(({ settled }) => settled)) return windows;
  const found = `none in ${WINDOW_MS} ms`;
  throw drift(options, [{ what: 'rows drawn after scrolling', expected: 'all in view', found }]);
}

function placedOf(
  windows: readonly walk.Window[],
  rows: readonly TableRow[],
  options: ReadOptions,
): Placed {
  const headers = Object.keys(rows[0] ?? {});
  const agrees: Parameters<typeof placeWindows>[1]['agrees'] = (a, b) => a.text === b.text;
  const placed = placeWindows(windows, { headers, rows, agrees, takesMore: true });
  if (placed.diff.length > 0) throw drift(options, placed.diff);
  return placed;
}

const drift = (options: ReadOptions, diff: readonly Difference[]): BoardDriftError =>
  new BoardDriftError(boardOf(options).id, diff);

/** The page has no rows because its own request failed: what that was. */
function nothingLoaded(
  frame: Frame,
  answers: readonly Answer[],
  { error }: inside.PageState,
): EtlError {
  const url = frame.url();
  const got = answers.map((it) => `${it.status} ${it.contentType} from ${it.url}`).join(', ');
  const shown = error ?? 'no error';
  const message = `${url} loaded no rows: its script got ${got || 'no answer'}; it shows: ${shown}`;
  return new EtlError('BOARD_UNREACHABLE', message, {
    context: { url, ...(answers[0] && { status: answers[0].status }) },
  });
}
