import type { Frame } from 'playwright';
import { BoardDriftError, differs, unreachable, type Difference } from '../../boards/drift.ts';
import { searchesIn } from '../../boards/controls.ts';
import type { BoardReading } from '../../boards/reading.ts';
import type { EtlError } from '../../errors.ts';
import type { Kind, ReadOptions } from '../kinds/kind.ts';
import { chooseTable, foundTables, tableState } from './choose.ts';
import { moreControl, rankDifferences } from './doubts.ts';
import { entriesOf, inlineEntries, type Entries } from './entries.ts';
import * as around from './inside/around.ts';
import * as controls from './inside/controls.ts';
import * as rest from './inside/rest.ts';
import * as text from './inside/text.ts';
import * as walk from './inside/walk.ts';
import { loadedTable, showsLoaded, type LoadedTable } from './loaded-table.ts';
import { readPages, type PagesSay, type TablePage } from './paged.ts';
import { nextTurn } from './pager.ts';
import { findPayload, mayBeBatch, type TablePayload } from './payload.ts';
import { shownRows, tableCell } from './rows.ts';
import { statedSize } from './stated.ts';
import { openTab } from './tab.ts';
import { listenTo, type Traffic } from './traffic.ts';
import { walkedTable, type WalkedTable } from './walked-table.ts';
import { refusalOf, unreadWatch } from './unread.ts';
import { EVERY_PLACE, samplePlaces } from './windows.ts';
import { wholeness } from './whole.ts';
import { pageCode, type PageCode } from './world.ts';

const SHORT_QUIET_MS = 60;
/** What nothing proves must not change for so long. */
const LONG_QUIET_MS = 1_000;
/** Without a change for so long, a window of rows does not come. */
const WINDOW_MS = 10_000;
const MOST_WALKS = 3;
/** A table of no more rows is read whole: that takes little longer than a sample. */
const SMALL_TABLE_ROWS = 1_000;

/** What is read of a page whose tables are drawn in part. */
interface WalkedPage {
  code: PageCode;
  frame: Frame;
  traffic: Traffic;
  options: ReadOptions;
  /** So much of the rows is shown at a time, as a higher screen would. @default what the page shows */
  tallPx?: number;
}

export const walkedCode = (kind: walk.WalkedKind): PageCode =>
  pageCode(text, rest, around, controls, walk, kind);

/** A kind of page whose tables are all read in this way. It is one when each table has the rows in view. */
export function walkedKind(id: string, inside: walk.WalkedKind): Kind {
  const code = walkedCode(inside);
  return {
    id,
    listen: listenTo,
    recognises: async (frame) => isReady(await code.run(frame, walk.lookAtTables, undefined)),
    read: (frame, options) => readWalked({ code, frame, options }),
  };
}

type Looks = ReturnType<typeof walk.lookAtTables>;

const isReady = (looks: Looks): boolean =>
  looks.length > 0 && looks.every(({ busy, covered }) => covered && !busy);

/**
 * Reads a board by walking over all rows and columns of each table, and over all pages. That they are
 * all follows from what the page loaded, or from what the table states and rest.
 *
 * @throws {EtlError} BOARD_UNREACHABLE, BOARD_DRIFT
 */
export async function readWalked(given: Omit<WalkedPage, 'traffic'>): Promise<BoardReading> {
  const { code, frame, options } = given;
  const traffic = await listenTo(frame.page());
  const page = { ...given, traffic };
  const { definition, timeoutMs } = options;
  const startMs = performance.now();
  const endMs = startMs + timeoutMs;
  if (definition) await openTab(frame, definition, timeoutMs);
  const unreadable = unreadWatch(frame, traffic);
  const pressed = new Set<string>();
  for (let [walks, before] = [0, 0]; ;) {
    const quiet = { quietMs: SHORT_QUIET_MS, longestMs: LONG_QUIET_MS, since: null };
    await code.run(frame, rest.settle, quiet);
    traffic.mustBeWhole(frame);
    const looks = await code.run(frame, walk.lookAtTables, undefined);
    const isLoading = pressed.size > 0 && traffic.pending(frame).length > 0;
    if (isReady(looks) && !isLoading) {
      if (await pressMore(page, looks, pressed)) continue;
      const drawn = looks.flatMap(({ rows }) => rows).length;
      walks = drawn > before ? 1 : walks + 1;
      before = drawn;
      // A window may draw as many rows as it was high before.
      const reading = await readAll(walks === 1 ? page : { ...page, tallPx: 0 }, looks);
      if (reading) return reading;
    }
    const isOver = walks >= MOST_WALKS || performance.now() >= endMs;
    const refusal = await refusalAt(page, looks, { unreadable, isOver, startMs });
    if (refusal) throw refusal;
  }
}

/** Why a page is given up; null while it is not. */
async function refusalAt(
  page: WalkedPage,
  looks: Looks,
  by: { unreadable: ReturnType<typeof unreadWatch>; isOver: boolean; startMs: number },
): Promise<EtlError | null> {
  const isEmpty = looks.every(({ rows }) => rows.length === 0);
  const refusal = isEmpty ? await by.unreadable() : null;
  if (refusal || !by.isOver) return refusal;
  if (isEmpty) return refusalOf(page.frame, page.traffic);
  const seconds = Math.round((performance.now() - by.startMs) / 1000);
  const url = page.frame.url();
  return unreachable(`${url} has a table that does not come to rest in ${seconds} s`, { url });
}

/** Works a control that shows more rows, while there are more than before; false when there is none. */
async function pressMore(
  { code, frame }: WalkedPage,
  looks: Looks,
  pressed: Set<string>,
): Promise<boolean> {
  for (const [table, look] of looks.entries()) {
    const more = moreControl(look);
    const sign = `${table} ${look.rows.length} ${look.statedRows} ${more?.control.label}`;
    if (!more || more.control.leaves !== false || pressed.has(sign)) continue;
    pressed.add(sign);
    await code.run(frame, walk.pressControl, { table, at: more.at });
    return true;
  }
  return false;
}

/** The board, or null when it changed while it was read. */
async function readAll(page: WalkedPage, looks: Looks): Promise<BoardReading | null> {
  const { frame, traffic, options } = page;
  let [asked, before] = [traffic.asked(), looks];
  const sampled = await sample(page, looks);
  if (sampled) return sampled;
  const tables = await walkOver(page, looks);
  // Pages may be asked for, one by one, and the last one may state its own rows.
  if (looks.some(isPaged)) [asked, before] = [traffic.asked(), await lookAgain(page)];
  // A machine that is busy, or a page that still draws: it is walked over once more.
  if (tables.some(({ settled }) => !settled)) return again(page, looks);
  // Without a row, none is like a leaderboard: what is wrong is why there is none.
  const lost = tables.filter(({ rows }) => rows.length === 0);
  if (lost.length === tables.length)
    throw refused(
      page,
      lost.flatMap((it) => it.differences),
    );
  const table = chooseTable(tables, options);
  const loaded = findPayload(table, entriesOf(await traffic.answers()));
  const payload = loaded ?? findPayload(table, await inlineEntries(frame, traffic));
  const isWhole = payload?.length === table.rows.length && !mayBeBatch(payload);
  const isProven = isWhole && table.differences.length === 0;
  // Around a table of several pages it says something else once the last one is open.
  const later = isProven ? await lookAgain(page) : await staysSo(page, before, { asked, tables });
  // Once others came, it is not known which were walked over.
  if (later?.length !== looks.length) return again(page, looks);
  return readingOf(page, { tables, table, payload, look: later[tables.indexOf(table)] });
}

/** What changed while it was read is read again; but nothing leads back to the first of its pages. */
function again(page: WalkedPage, looks: Looks): null {
  if (!looks.some(isPaged)) return null;
  throw refused(page, [differs('pages of the table', 'at rest', 'changed while they were read')]);
}

const refused = ({ frame, options }: WalkedPage, diff: readonly Difference[]): BoardDriftError =>
  new BoardDriftError(options.definition?.id ?? frame.url(), diff);

const isPaged = ({ around: { controls } }: Looks[number]): boolean =>
  nextTurn(controls, 1) !== null;

/** The one table of a page, where a sample of it tells enough if its rows were loaded; else null. */
function tableToSample([look, ...others]: Looks, { verify, sampleRows }: ReadOptions) {
  if (!look || others.length > 0 || isPaged(look) || verify === 'all') return null;
  return (look.statedRows ?? 0) > Math.max(SMALL_TABLE_ROWS, sampleRows) ? look : null;
}

/**
 * The board by what the page loaded for its one table, some windows of which are compared with that;
 * null where it is not known from these what all rows show.
 */
async function sample(page: WalkedPage, looks: Looks): Promise<BoardReading | null> {
  const { code, frame, traffic, options } = page;
  const look = tableToSample(looks, options);
  const rows = look?.statedRows ?? 0;
  const entries = look ? await entriesFor(page, rows) : [];
  if (!look || entries.length === 0) return null;
  const windows = await code.run(frame, walk.walk, {
    ...{ at: 0, places: samplePlaces(options, look.rows.length), enough: options.sampleRows },
    ...{ frames: 3, waitMs: WINDOW_MS, tallPx: 0 },
  });
  const table = loadedTable(windows, entries, options.definition);
  const [later] = await lookAgain(page);
  const isRest = later?.statedRows === rows && traffic.pending(frame).length === 0;
  if (!table || !isRest || rankDifferences(table).length > 0) return null;
  return sampledReading(options, table, later);
}

/** What the page loaded of so many objects, by its requests, else in its document. */
async function entriesFor({ frame, traffic }: WalkedPage, rows: number): Promise<Entries[]> {
  const isMeant = ({ items }: Entries): boolean => items.length === rows;
  const fetched = entriesOf(await traffic.answers()).filter(isMeant);
  return fetched.length > 0 ? fetched : (await inlineEntries(frame, traffic)).filter(isMeant);
}

function sampledReading(
  { definition }: ReadOptions,
  table: LoadedTable,
  { around: beside }: Looks[number],
): BoardReading {
  const { url, headers, loaded, shown } = table;
  const chosen = chooseTable([table], { definition });
  const { total } = statedSize(beside.notes, loaded.length);
  return {
    stated: { shown: loaded.length, total: total ?? loaded.length },
    ...{ headers, loaded, loadedFrom: url, shown, complete: false, pageError: null },
    ...{ filters: searchesIn(beside.states), controls: beside.states },
    agrees: ({ value }, cell) => showsLoaded(cell.text, value),
    tables: foundTables([chosen], chosen),
  };
}

const walkIn = (
  { code, frame, tallPx = 0 }: WalkedPage,
  at: number,
  places: readonly walk.Place[],
): Promise<walk.Window[]> =>
  code.run(frame, walk.walk, {
    ...{ at, places, enough: 0, frames: 3, waitMs: WINDOW_MS },
    ...(places === EVERY_PLACE && { tallPx }),
  });

const lookAgain = ({ code, frame }: WalkedPage): Promise<Looks> =>
  code.run(frame, walk.lookAtTables, undefined);

/** The tables once nothing came after what was read; null when something did. */
async function staysSo(
  page: WalkedPage,
  looks: Looks,
  { asked, tables }: { asked: number; tables: readonly WalkedTable[] },
): Promise<Looks | null> {
  const { code, frame, traffic } = page;
  // More rows would come at the end, of the page too.
  for (const at of looks.keys()) await walkIn(page, at, ['last']);
  await code.run(frame, rest.scrollAround, 'bottom');
  const long = { quietMs: LONG_QUIET_MS, longestMs: 5 * LONG_QUIET_MS, since: null };
  const rested = await code.run(frame, rest.settle, long);
  traffic.mustBeWhole(frame);
  const isIdle = traffic.asked() === asked && traffic.pending(frame).length === 0;
  if (!isIdle || !rested.ready) return null;
  for (const [at, look] of looks.entries()) {
    // The pager of the last page may have led to the first.
    if (!isPaged(look) && !(await endsAsRead(page, at, tables[at]))) return null;
  }
  const counts = (it: Looks): string => it.map(({ statedRows }) => statedRows).join();
  const later = await lookAgain(page);
  return counts(later) === counts(looks) && later.every(({ atEnd }) => atEnd) ? later : null;
}

/** Whether a table ends with the row that was read as its last. */
async function endsAsRead(page: WalkedPage, at: number, table?: WalkedTable): Promise<boolean> {
  const last = (await walkIn(page, at, ['last'])).at(-1)?.rows.at(-1);
  const known = new Set(table?.rows.at(-1)?.map((cell) => cell.text));
  return Object.values(last?.cells ?? {}).every((it) => known.has(tableCell(it).text));
}

interface Found {
  tables: readonly ReadTable[];
  table: ReadTable;
  payload: TablePayload | null;
  look: Looks[number] | undefined;
}

const NOTHING_AROUND: around.Surroundings = { notes: [], controls: [], larger: [], states: [] };

function readingOf(page: WalkedPage, { tables, table, payload, look }: Found): BoardReading {
  const { headers } = table;
  const beside = look?.around ?? NOTHING_AROUND;
  const statedRows = table.statedRows ?? look?.statedRows ?? null;
  const whole = { ...table, statedRows: null, drawnRows: 0, spacePx: 0, rowPx: 0, around: beside };
  const { total, hidden, differences } = wholeness(whole, payload);
  const diff = [...table.differences, ...rankDifferences(table, hidden), ...differences];
  if (diff.length > 0) throw refused(page, diff);
  // What states the rows of a page alone says nothing of all.
  const isOfPage = table.pages !== undefined && statedRows !== table.rows.length;
  return {
    stated: { shown: isOfPage ? null : statedRows, total },
    ...{ loaded: null, loadedFrom: payload ? payload.url : null },
    ...{ headers, shown: shownRows(table), complete: true, pageError: null, hidden },
    ...{
      filters: [...table.filters, ...searchesIn(beside.states)],
      controls: [...beside.states, ...tableState(tables, table)],
    },
    tables: foundTables(tables, table),
  };
}

/** A table that was walked over, by pages where it has some, with what these say of all. */
interface ReadTable extends WalkedTable {
  pages?: PagesSay;
}

async function walkOver(page: WalkedPage, looks: Looks): Promise<ReadTable[]> {
  const tables: ReadTable[] = [];
  for (const [at, look] of looks.entries()) {
    tables.push(isPaged(look) ? await pagesOver(page, at) : await tableAt(page, at));
  }
  return tables;
}

async function tableAt(page: WalkedPage, at: number): Promise<WalkedTable> {
  const windows = await walkIn(page, at, EVERY_PLACE);
  return walkedTable(windows, page.options.definition, `table ${at + 1}`);
}

/** A table over all of its pages, whose rows are numbered through, or on each page anew. */
async function pagesOver(page: WalkedPage, at: number): Promise<ReadTable> {
  const { code, frame, traffic, options } = page;
  const read = await readPages<TablePage & { table: WalkedTable; statedRows: number | null }>({
    press: (turn) => code.run(frame, walk.pressControl, { table: at, at: turn.at }),
    sign: async () => {
      const windows = await walkIn(page, at, ['first']);
      traffic.mustBeWhole(frame);
      const isIdle = traffic.pending(frame).length === 0;
      const isRest = isIdle && windows.length > 0 && windows.every(({ settled }) => settled);
      return isRest ? JSON.stringify(windows.map(({ rows }) => rows)) : null;
    },
    page: async (before) => {
      const windows = await walkIn(page, at, EVERY_PLACE);
      const look = (await lookAgain(page))[at];
      if (!look) return null;
      const own = windows.map((it) => onItsPage(it, before));
      const table = walkedTable(own, options.definition, `table ${at + 1}`);
      return { table, rows: table.rows, statedRows: look.statedRows, ...look.around };
    },
    ...{ longestMs: options.timeoutMs, loaded: null },
  });
  const last = read?.pages.at(-1);
  if (!read || !last) return tableAt(page, at);
  const tables = read.pages.map(({ table }) => table);
  const rows = tables.flatMap((it) => it.rows);
  const differences = tables.flatMap((it) => it.differences);
  const { statedRows } = last;
  if (statedRows !== null && ![last.rows.length, rows.length].includes(statedRows)) {
    differences.push(differs('rows that the table states', statedRows, rows.length));
  }
  const settled = tables.every((it) => it.settled);
  return { ...last.table, rows, differences, settled, pages: read };
}

/** A window of a page after so many rows, with places from the page's first row on. */
function onItsPage(window: walk.Window, before: number): walk.Window {
  const isThrough = window.rows.some(({ place }) => place !== null && place >= before);
  const rows = window.rows.map((row) => ({
    ...row,
    place: row.place === null || !isThrough ? row.place : row.place - before,
  }));
  return { ...window, rows, statedRows: null };
}
