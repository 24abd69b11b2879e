import type { Frame } from 'playwright';
import { BoardDriftError } from '../../../boards/drift.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import { EtlError } from '../../../errors.ts';
import { foundTables } from '../../pages/choose.ts';
import { moreControl, partialities } from '../../pages/doubts.ts';
import { entriesOf, inlineEntries } from '../../pages/entries.ts';
import * as around from '../../pages/inside/around.ts';
import * as rest from '../../pages/inside/rest.ts';
import * as text from '../../pages/inside/text.ts';
import { findPayload, type TablePayload } from '../../pages/payload.ts';
import { shownRows } from '../../pages/rows.ts';
import { statedSize } from '../../pages/stated.ts';
import { openTab } from '../../pages/tab.ts';
import { refusalOf } from '../../pages/unread.ts';
import { listenTo, type Traffic } from '../../pages/traffic.ts';
import { pageCode } from '../../pages/world.ts';
import { readWalked, walkedCode } from '../../pages/walked-board.ts';
import { TALL_PX } from '../../pages/windows.ts';
import type { Kind, ReadOptions } from '../kind.ts';
import * as roles from '../role-grid/inside.ts';
import * as part from './drawn-in-part.ts';
import * as inside from './inside.ts';
import { oddities, tablesIn, type SeenTable, type Tables } from './tables.ts';

/** A table that the page draws in one go is at rest after this. */
const SHORT_QUIET_MS = 60;
/** Where nothing says how many rows there are, none may have come for so long. */
const LONG_QUIET_MS = 1_000;
/** A page without rows is given so long before it is believed to have none. */
const NO_TABLE_QUIET_MS = 5_000;

const PAGE = pageCode(text, around, rest, inside);
const WALKED = walkedCode({ ...inside, ...roles, ...part });

/** Kinds of page that draw tables of their own, whole or in part. */
const OTHER_KINDS = 'gradio-app, .gradio-container, .ag-root';

/**
 * Any `table` of a page, written by hand, by a server or by a framework. All rows are read from the
 * document; that they are all follows from the data that the page loaded for them, from a document
 * without scripts, or from rest: nothing under way, nothing loading, no change at the end of every
 * scroll.
 */
export const html: Kind = {
  id: 'html',
  listen: async (page) => {
    const traffic = await listenTo(page);
    return { read: (frame, options) => readHtml(frame, traffic, options) };
  },
  recognises: async (frame) => {
    if ((await frame.locator(OTHER_KINDS).count()) > 0) return false;
    const scanned = await PAGE.run(frame, inside.scanAll, undefined);
    const hidden = scanned.hidden.map(({ table }) => table);
    return isFilled(tablesIn([...scanned.tables, ...hidden], null).chosen);
  },
};

/** The tables that a page shows. */
export const tablesOn = async (
  frame: Frame,
  definition: BoardDefinition | null,
): Promise<SeenTable[]> =>
  tablesIn(await PAGE.run(frame, inside.scanTables, undefined), definition).tables;

/** Whether a table that is meant is in the document, but has to be opened first. */
export async function hasHidden(
  frame: Frame,
  definition: BoardDefinition | null,
): Promise<boolean> {
  const hidden = await PAGE.run(frame, inside.scanHidden, undefined);
  return chosenOf(hidden, definition) !== undefined;
}

/** Of the tables that something opens, the one that is meant. */
function chosenOf(hidden: readonly inside.HiddenTable[], definition: BoardDefinition | null) {
  const scanned = hidden.map(({ table }) => table);
  const { chosen } = tablesIn(scanned, definition);
  return hidden.find(({ table, by }) => by !== '' && table === chosen?.scanned);
}

export const readHtml = (
  frame: Frame,
  traffic: Traffic,
  options: ReadOptions,
): Promise<BoardReading> =>
  read({ ...{ traffic, frame, options }, pressed: null, lookMs: 0, opened: [] });

interface Reader {
  frame: Frame;
  traffic: Traffic;
  options: ReadOptions;
  /** The last control worked to see more rows, and how many there were before. */
  pressed: { label: string; rows: number } | null;
  /** How long the last look took: a table that is being drawn is not looked at all the time. */
  lookMs: number;
  /** What was opened to show a table, in words. */
  opened: string[];
}

async function read(reader: Reader): Promise<BoardReading> {
  const { frame, options } = reader;
  const endMs = performance.now() + options.timeoutMs;
  if (options.definition) await openTab(frame, options.definition, options.timeoutMs);
  for (;;) {
    const look = await lookAtRest(reader, endMs);
    const { filled } = look;
    if (filled ? await pressMore(reader, filled) : await openHidden(reader, look)) continue;
    if (isDrawnInPart(look)) return readParts(reader, endMs);
    const isFinal = isProven(look) || (await staysSo(reader, look, endMs));
    if (isFinal && filled) return readingOf(reader, look, filled);
    if (performance.now() >= endMs) throw unfinished(reader, look);
    // What was not all there when it was looked at is looked at again.
    if (isFinal && look.state.ready) throw await failureOf(reader, look);
  }
}

/** Whether there is room for more rows than the document holds: they are drawn as one scrolls. */
const isDrawnInPart = (look: Look): boolean =>
  look.filled !== null && !isProven(look) && around.hasRoom(look.filled);

const readParts = ({ frame, traffic, options }: Reader, endMs: number): Promise<BoardReading> => {
  const timeoutMs = Math.max(1, endMs - performance.now());
  const page = { code: WALKED, frame, traffic, tallPx: TALL_PX };
  return readWalked({ ...page, options: { ...options, timeoutMs } });
};

/** What there is at a moment of rest. */
interface Look extends Tables {
  state: rest.Rest;
  /** The chosen table, when it has rows and no sign of being unfinished. */
  filled: SeenTable | null;
  payload: TablePayload | null;
  /** Requests for data up to then. */
  asked: number;
  /** Tables that the document has and does not show. */
  hidden: inside.HiddenTable[];
}

async function lookAtRest(reader: Reader, endMs: number): Promise<Look> {
  const { frame, traffic, options } = reader;
  const quietMs = Math.max(SHORT_QUIET_MS, Math.min(reader.lookMs, LONG_QUIET_MS));
  const longestMs = Math.max(1, endMs - performance.now());
  const seen = await PAGE.run(frame, inside.lookAtRest, { quietMs, longestMs, since: null });
  reader.lookMs = seen.tookMs;
  traffic.mustBeWhole(frame);
  const asked = traffic.asked();
  const tables = tablesIn(seen.tables, options.definition);
  const filled = seen.rest.ready && isFilled(tables.chosen) ? tables.chosen : null;
  const payload = filled && (await payloadOf(reader, filled));
  return { ...tables, state: seen.rest, filled, payload, asked, hidden: seen.hidden };
}

/** Whether the rows are all that there can be: as many as were loaded, or of a document that stays. */
const isProven = ({ filled, payload, state }: Look): boolean =>
  filled !== null && (payload?.length === filled.rows.length || !state.scripted);

/** Whether nothing comes after what there is, however long one waits and far one scrolls. */
async function staysSo({ frame, traffic }: Reader, look: Look, endMs: number): Promise<boolean> {
  const { state, filled, asked } = look;
  const quietMs = filled ? LONG_QUIET_MS : NO_TABLE_QUIET_MS;
  const longestMs = Math.max(1, endMs - performance.now());
  const later = await PAGE.run(frame, rest.settle, { quietMs, longestMs, since: state.version });
  const isIdle = traffic.asked() === asked && traffic.pending(frame).length === 0;
  return isIdle && later.ready && later.version === state.version;
}

/** A page that is at rest without any table, or with an empty one, is another page. */
const failureOf = async ({ frame, traffic }: Reader, look: Look): Promise<Error> =>
  look.tables.length > 0 && look.failure
    ? look.failure
    : refusalOf(frame, traffic, look.hidden.map(whereHidden));

/** Opens what hides the table that is meant, where none is shown; false when there is none. */
async function openHidden({ frame, options, opened }: Reader, look: Look): Promise<boolean> {
  const hidden = look.chosen ? undefined : chosenOf(look.hidden, options.definition);
  const { by = '' } = hidden ?? {};
  if (!hidden || opened.includes(by)) return false;
  opened.push(by);
  await PAGE.run(frame, inside.openHidden, look.hidden.indexOf(hidden));
  return true;
}

/** A table of a skeleton has rows, but without texts. */
const isFilled = (table: SeenTable | null): table is SeenTable =>
  table !== null && table.rows.length > 0 && table.emptyRows === 0 && !table.scanned.busy;

/** Works the control that shows more rows; false when there is none, or it did nothing. */
async function pressMore(reader: Reader, table: SeenTable): Promise<boolean> {
  const more = moreControl(table);
  const rows = table.rows.length;
  const { pressed } = reader;
  if (!more || more.leaves || (pressed?.label === more.label && pressed.rows >= rows)) return false;
  reader.pressed = { label: more.label, rows };
  await PAGE.run(reader.frame, inside.pressControl, { at: table.at, label: more.label });
  return true;
}

/** What the page loaded for the table, from its own requests or in its document; null for nothing. */
async function payloadOf({ frame, traffic }: Reader, table: SeenTable) {
  const payload = findPayload(table, entriesOf(await traffic.answers()));
  if (payload?.length === table.rows.length) return payload;
  return findPayload(table, await inlineEntries(frame)) ?? payload;
}

function readingOf({ frame, options, opened }: Reader, look: Look, table: SeenTable): BoardReading {
  const { tables, payload } = look;
  const { headers, rows } = table;
  const size = statedSize(table.around.notes, rows.length);
  const loaded = payload ? payload.length : null;
  const diff = oddities(table);
  if (payload) diff.push(...payload.differences);
  if (loaded !== rows.length) diff.push(...partialities(table, size));
  if (diff.length > 0) throw new BoardDriftError(boardOf(frame, options.definition), diff);
  // Of two numbers that of other rows than there are counts: in doubt, the table is not whole.
  const total = loaded === null || loaded === rows.length ? (size.total ?? loaded) : loaded;
  return {
    stated: { shown: null, total },
    loaded: null,
    loadedFrom: payload ? payload.url : null,
    headers,
    shown: shownRows(table),
    complete: true,
    filters: table.around.searches.map((it) => `search=${it}`),
    pageError: null,
    tables: foundTables(tables, table),
    notes: notesOn(look, opened),
  };
}

/** Which state of the page was read, where it has others. */
const notesOn = ({ hidden }: Look, opened: readonly string[]): string[] => [
  ...opened.map((it) => `The table was in a ${it}, which was opened`),
  ...hidden.map((it) => `Not read: ${whereHidden(it)}`),
];

const whereHidden = ({ by, table }: inside.HiddenTable): string => {
  const rows = table.rows.filter(({ section }) => section === 'body').length;
  return `a table of ${rows} rows ${by === '' ? 'that is not displayed' : `in a ${by}`}`;
};

const boardOf = (frame: Frame, definition: BoardDefinition | null): string =>
  definition?.id ?? frame.url();

/** The time is over, and the page is still at work, or never had a table. */
function unfinished({ frame, traffic, options }: Reader, { state, chosen }: Look): EtlError {
  const seconds = Math.round(options.timeoutMs / 1000);
  const [waits] = traffic.pending(frame);
  const busy = state.busy || 'its tables are empty, or still change';
  const doing = waits === undefined ? busy : `it waits for ${waits}`;
  const rows = chosen?.rows.length ?? 0;
  return unreachable(frame, `did not come to rest in ${seconds} s: ${doing}; rows: ${rows}`);
}

const unreachable = (frame: Frame, what: string): EtlError =>
  new EtlError('BOARD_UNREACHABLE', `${frame.url()} ${what}`, {
    context: { url: frame.url(), again: false },
  });
