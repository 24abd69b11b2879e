import type { Frame } from 'playwright';
import { BoardDriftError, unreachable } from '../../../boards/drift.ts';
import { searchesIn } from '../../../boards/controls.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import type { EtlError } from '../../../errors.ts';
import { foundTables, tableState } from '../../pages/choose.ts';
import { moreControl, none } from '../../pages/doubts.ts';
import { entriesOf, inlineEntries } from '../../pages/entries.ts';
import * as around from '../../pages/inside/around.ts';
import * as controls from '../../pages/inside/controls.ts';
import * as rest from '../../pages/inside/rest.ts';
import * as text from '../../pages/inside/text.ts';
import { nextTurn } from '../../pages/pager.ts';
import { readPages } from '../../pages/paged.ts';
import { findPayload, mayBeBatch, type TablePayload } from '../../pages/payload.ts';
import { shownRows } from '../../pages/rows.ts';
import { openTab } from '../../pages/tab.ts';
import { refusalOf } from '../../pages/unread.ts';
import { listenTo, type Traffic } from '../../pages/traffic.ts';
import { wholeness } from '../../pages/whole.ts';
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
/** Rows that come as one scrolls come in batches, each within so long. */
const BATCH_QUIET_MS = 2_500;
/** A page without rows is given so long before it is believed to have none. */
const NO_TABLE_QUIET_MS = 5_000;

const PAGE = pageCode(text, around, controls, rest, inside);
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
  listen: listenTo,
  read,
  recognises: async (frame) => {
    if ((await frame.locator(OTHER_KINDS).count()) > 0) return false;
    const scanned = await PAGE.run(frame, inside.scanAll, undefined);
    const hidden = scanned.hidden.map(({ table }) => table);
    const { chosen } = tablesIn([...scanned.tables, ...hidden], { definition: null });
    return isFilled(chosen) && chosen.rows.length >= scanned.inRoles - 1;
  },
};

type Meant = Pick<ReadOptions, 'definition' | 'table'>;

/** The tables that a page shows. */
export const tablesOn = async (frame: Frame, meant: Meant): Promise<SeenTable[]> =>
  tablesIn(await PAGE.run(frame, inside.scanTables, undefined), meant).tables;

/** Whether a table that is meant is in the document, but has to be opened first. */
export async function hasHidden(frame: Frame, meant: Meant): Promise<boolean> {
  const hidden = await PAGE.run(frame, inside.scanHidden, undefined);
  return chosenOf(hidden, meant) !== undefined;
}

/** Of the tables that something opens, the one that is meant. */
function chosenOf(hidden: readonly inside.HiddenTable[], meant: Meant) {
  const scanned = hidden.map(({ table }) => table);
  const { chosen } = tablesIn(scanned, meant);
  return hidden.find(({ table, by }) => by !== '' && table === chosen?.scanned);
}

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

async function read(frame: Frame, options: ReadOptions): Promise<BoardReading> {
  const traffic = await listenTo(frame.page());
  const reader: Reader = { frame, traffic, options, pressed: null, lookMs: 0, opened: [] };
  const endMs = performance.now() + options.timeoutMs;
  if (options.definition) await openTab(frame, options.definition, options.timeoutMs);
  for (;;) {
    const look = await lookAtRest(reader, endMs);
    const { filled } = look;
    if ((await pressMore(reader, filled)) || (await openHidden(reader, look))) continue;
    const inTurn = readInTurn(reader, look, endMs);
    if (inTurn) return inTurn;
    const isFinal = isProven(look) || (await staysSo(reader, look, endMs));
    if (isFinal && filled) return readingOf(reader, look, filled);
    if (performance.now() >= endMs) throw unfinished(reader, look);
    // What was not all there when it was looked at is looked at again.
    if (isFinal && look.state.ready) throw await failureOf(reader, look);
  }
}

/** A table of which the document holds what is in view, or one of its pages; null for others. */
function readInTurn(reader: Reader, look: Look, endMs: number): Promise<BoardReading> | null {
  if (isDrawnInPart(look)) return readParts(reader, endMs);
  return isPaged(look.filled) ? readPaged(reader, look, look.filled) : null;
}

/** Whether there is room for more rows than the document holds: they are drawn as one scrolls. */
const isDrawnInPart = (look: Look): boolean =>
  look.filled !== null && !isProven(look) && around.hasRoom(look.filled);

const isPaged = (table: SeenTable | null): table is SeenTable =>
  table !== null && nextTurn(table.around.controls, 1) !== null;

const readParts = ({ frame, options }: Reader, endMs: number): Promise<BoardReading> => {
  const timeoutMs = Math.max(1, endMs - performance.now());
  const page = { code: WALKED, frame, tallPx: TALL_PX };
  return readWalked({ ...page, options: { ...options, timeoutMs } });
};

/** What there is at a moment of rest. */
interface Look extends Tables, Omit<inside.Scanned, 'tables'> {
  state: rest.Rest;
  /** The chosen table, when it has rows and no sign of being unfinished. */
  filled: SeenTable | null;
  payload: TablePayload | null;
  /** Requests for data up to then. */
  asked: number;
}

async function lookAtRest(reader: Reader, endMs: number): Promise<Look> {
  const look = await glanceAtRest(reader, endMs);
  return { ...look, payload: look.filled && (await payloadOf(reader, look.filled)) };
}

async function glanceAtRest(reader: Reader, endMs: number): Promise<Omit<Look, 'payload'>> {
  const { frame, traffic, options } = reader;
  const quietMs = Math.max(SHORT_QUIET_MS, Math.min(reader.lookMs, LONG_QUIET_MS));
  const longestMs = Math.max(1, endMs - performance.now());
  const seen = await PAGE.run(frame, inside.lookAtRest, { quietMs, longestMs, since: null });
  reader.lookMs = seen.tookMs;
  traffic.mustBeWhole(frame);
  const asked = traffic.asked();
  const tables = tablesIn(seen.tables, options);
  const filled = seen.rest.ready && isFilled(tables.chosen) ? tables.chosen : null;
  const { hidden, inRoles, onCanvas } = seen;
  return { ...tables, state: seen.rest, filled, asked, hidden, inRoles, onCanvas };
}

/** Whether the rows are all that there can be: as many as were loaded, or of a document that stays. */
const isProven = ({ filled, payload, state }: Look): boolean =>
  filled !== null &&
  (!state.scripted || (payload?.length === filled.rows.length && !mayBeBatch(payload)));

/** Whether nothing comes after what there is, however long one waits and far one scrolls. */
async function staysSo({ frame, traffic }: Reader, look: Look, endMs: number): Promise<boolean> {
  const { state, filled, asked, payload } = look;
  const waitMs = payload && mayBeBatch(payload) ? BATCH_QUIET_MS : LONG_QUIET_MS;
  const quietMs = filled ? waitMs : NO_TABLE_QUIET_MS;
  const longestMs = Math.max(1, endMs - performance.now());
  const { version: since } = state;
  const scrolledMs = Math.max(quietMs, BATCH_QUIET_MS);
  const later = await PAGE.run(frame, rest.settle, { quietMs, longestMs, since, scrolledMs });
  // What was asked for before may have failed since.
  traffic.mustBeWhole(frame);
  const isIdle = traffic.asked() === asked && traffic.pending(frame).length === 0;
  return isIdle && later.ready && later.version === state.version;
}

/** A page that is at rest without any table, or with an empty one, is another page. */
const failureOf = async ({ frame, traffic }: Reader, look: Look): Promise<Error> =>
  look.tables.length > 0 && look.failure
    ? look.failure
    : refusalOf(frame, traffic, look.hidden.map(whereHidden));

/** Opens what hides the table that is meant, where none is shown or a lesser one; false when there is none. */
async function openHidden({ frame, options, opened }: Reader, look: Look): Promise<boolean> {
  const larger = look.hidden.filter((it) => !isNamed(options) && isLarger(it, look.chosen));
  const hidden = chosenOf(look.chosen ? larger : look.hidden, options);
  const { by = '' } = hidden ?? {};
  if (!hidden || opened.includes(by)) return false;
  opened.push(by);
  await PAGE.run(frame, inside.openHidden, look.hidden.indexOf(hidden));
  return true;
}

/** Whether somebody said which table is meant. */
const isNamed = ({ definition, table }: Meant): boolean =>
  definition !== null || table !== undefined;

/** Whether a hidden table has more than the one that is shown; of two alike in tabs the open one is meant. */
const isLarger = (hidden: inside.HiddenTable, shown: SeenTable | null): boolean =>
  shown !== null &&
  bodyRows(hidden) > shown.rows.length &&
  (/^closed section/.test(hidden.by) ||
    (hidden.table.rows.at(-1)?.cells.length ?? 0) > shown.headers.length);

/** A table of a skeleton has rows, but without texts. */
const isFilled = (table: SeenTable | null): table is SeenTable =>
  table !== null && table.rows.length > 0 && table.emptyRows === 0 && !table.scanned.busy;

/** Works the control that shows more rows; false when there is none, or it did nothing. */
async function pressMore(reader: Reader, table: SeenTable | null): Promise<boolean> {
  const more = table && moreControl(table);
  const { pressed } = reader;
  if (!more || more.control.leaves !== false) return false;
  const { label } = more.control;
  const rows = table.rows.length;
  if (pressed?.label === label && pressed.rows >= rows) return false;
  reader.pressed = { label, rows };
  await PAGE.run(reader.frame, inside.pressControl, { table: table.at, at: more.at });
  return true;
}

/** Reads a table over all of its pages. */
async function readPaged(reader: Reader, look: Look, first: SeenTable): Promise<BoardReading> {
  const { frame, traffic, options } = reader;
  let table: SeenTable | null = first;
  const read = await readPages({
    press: ({ at }) => PAGE.run(frame, inside.pressControl, { table: first.at, at }),
    sign: async () => {
      const { tables, state } = await glanceAtRest(reader, performance.now() + options.timeoutMs);
      const found = tables.find(({ at }) => at === first.at) ?? null;
      const isThere = found?.headers.join('\n') === first.headers.join('\n') && isFilled(found);
      table = isThere && state.ready && traffic.pending(frame).length === 0 ? found : null;
      return table && JSON.stringify(table.rows);
    },
    page: () => Promise.resolve(table && { ...table, ...table.around }),
    ...{ longestMs: options.timeoutMs, loaded: look.payload?.length ?? null },
  });
  const last = read?.pages.at(-1);
  if (!read || !last) throw unfinished(reader, look);
  const whole: SeenTable = {
    ...last,
    rows: read.pages.flatMap(({ rows }) => rows),
    oddRows: read.pages.flatMap(({ oddRows }) => oddRows),
    scanned: {
      ...last.scanned,
      hiddenRows: Math.max(...read.pages.map((it) => it.scanned.hiddenRows)),
    },
    pages: read,
  };
  const tables = look.tables.map((it) => (it.at === first.at ? whole : it));
  const payload = await payloadOf(reader, whole);
  return readingOf(reader, { ...look, tables, payload }, whole);
}

/** What the page loaded for the table, from its own requests or in its document; null for nothing. */
async function payloadOf({ frame, traffic }: Reader, table: SeenTable) {
  const payload = findPayload(table, entriesOf(await traffic.answers()));
  if (payload?.length === table.rows.length) return payload;
  return findPayload(table, await inlineEntries(frame, traffic)) ?? payload;
}

function readingOf({ frame, options, opened }: Reader, look: Look, table: SeenTable): BoardReading {
  const { tables, payload } = look;
  const { headers } = table;
  const { total, hidden, differences } = wholeness(table, payload);
  const diff = [...oddities(table, hidden), ...differences];
  // It came after the page was taken for one of plain tables.
  if (!options.definition && look.inRoles > table.rows.length + 1) {
    diff.push(none('larger table made of roles', `${look.inRoles} rows`));
  }
  if (!isNamed(options) && look.onCanvas !== '') {
    diff.push(none('table that is drawn as a picture', look.onCanvas));
  }
  if (diff.length > 0) throw new BoardDriftError(boardOf(frame, options.definition), diff);
  return {
    stated: { shown: null, total },
    loaded: null,
    loadedFrom: payload ? payload.url : null,
    headers,
    shown: shownRows(table),
    ...{ complete: true, hidden },
    filters: searchesIn(table.around.states),
    controls: [...table.around.states, ...tableState(tables, table)],
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

const bodyRows = ({ table }: inside.HiddenTable): number =>
  table.rows.filter(({ section }) => section === 'body').length;

const whereHidden = (hidden: inside.HiddenTable): string => {
  const { by } = hidden;
  return `a table of ${bodyRows(hidden)} rows ${by === '' ? 'that is not displayed' : `in a ${by}`}`;
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
  const url = frame.url();
  const why = `did not come to rest in ${seconds} s: ${doing}; rows: ${rows}`;
  return unreachable(`${url} ${why}`, { url });
}
