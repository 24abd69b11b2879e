import type { Frame } from 'playwright';
import { BoardDriftError } from '../../../boards/drift.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import { EtlError } from '../../../errors.ts';
import { foundTables, tableState } from '../../pages/choose.ts';
import { hiddenRows, moreControl, partialities } from '../../pages/doubts.ts';
import { entriesOf, inlineEntries } from '../../pages/entries.ts';
import * as around from '../../pages/inside/around.ts';
import * as controls from '../../pages/inside/controls.ts';
import * as rest from '../../pages/inside/rest.ts';
import * as text from '../../pages/inside/text.ts';
import { findPayload, type TablePayload } from '../../pages/payload.ts';
import { shownRows } from '../../pages/rows.ts';
import { statedSize, totalOf } from '../../pages/stated.ts';
import { openTab } from '../../pages/tab.ts';
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
/** A page without a table is given so long before it is believed to have none. */
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
  listen: async (page) => {
    const traffic = await listenTo(page);
    return {
      read: (frame, options) => read({ traffic, pressed: null, lookMs: 0, frame, options }),
    };
  },
  recognises: async (frame) => {
    if ((await frame.locator(OTHER_KINDS).count()) > 0) return false;
    const { chosen } = tablesIn(await PAGE.run(frame, inside.scanTables, undefined), {
      definition: null,
    });
    return isFilled(chosen);
  },
};

interface Reader {
  frame: Frame;
  traffic: Traffic;
  options: ReadOptions;
  /** The last control worked to see more rows, and how many there were before. */
  pressed: { label: string; rows: number } | null;
  /** How long the last look took: a table that is being drawn is not looked at all the time. */
  lookMs: number;
}

async function read(reader: Reader): Promise<BoardReading> {
  const { frame, options } = reader;
  const endMs = performance.now() + options.timeoutMs;
  if (options.definition) await openTab(frame, options.definition, options.timeoutMs);
  for (;;) {
    const look = await lookAtRest(reader, endMs);
    const { filled } = look;
    if (filled && (await pressMore(reader, filled))) continue;
    if (isDrawnInPart(look)) return readParts(reader, endMs);
    const isFinal = isProven(look) || (await staysSo(reader, look, endMs));
    if (isFinal && filled) return readingOf(reader, look, filled);
    if (performance.now() >= endMs) throw unfinished(reader, look);
    if (isFinal && look.failure) throw failureOf(frame, look, look.failure);
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
}

async function lookAtRest(reader: Reader, endMs: number): Promise<Look> {
  const { frame, traffic, options } = reader;
  const quietMs = Math.max(SHORT_QUIET_MS, Math.min(reader.lookMs, LONG_QUIET_MS));
  const longestMs = Math.max(1, endMs - performance.now());
  const seen = await PAGE.run(frame, inside.lookAtRest, { quietMs, longestMs, since: null });
  reader.lookMs = seen.tookMs;
  traffic.mustBeWhole(frame);
  const asked = traffic.asked();
  const tables = tablesIn(seen.tables, options);
  const filled = seen.rest.ready && isFilled(tables.chosen) ? tables.chosen : null;
  const payload = filled && (await payloadOf(reader, filled));
  return { ...tables, state: seen.rest, filled, payload, asked };
}

/** Whether the rows are all that there can be: as many as were loaded, or of a document that stays. */
const isProven = ({ filled, payload, state }: Look): boolean =>
  filled !== null && (payload?.length === filled.rows.length || !state.scripted);

/** Whether nothing comes after what there is, however long one waits and far one scrolls. */
async function staysSo({ frame, traffic }: Reader, look: Look, endMs: number): Promise<boolean> {
  const { state, tables, asked } = look;
  const quietMs = tables.length === 0 ? NO_TABLE_QUIET_MS : LONG_QUIET_MS;
  const longestMs = Math.max(1, endMs - performance.now());
  const later = await PAGE.run(frame, rest.settle, { quietMs, longestMs, since: state.version });
  const isIdle = traffic.asked() === asked && traffic.pending(frame).length === 0;
  return isIdle && later.ready && later.version === state.version;
}

/** A page that is at rest without any table is another page. */
const failureOf = (frame: Frame, { tables }: Look, failure: Error): Error =>
  tables.length > 0 ? failure : unreachable(frame, 'has no table, and nothing on its way');

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
  return findPayload(table, await inlineEntries(frame, traffic)) ?? payload;
}

function readingOf(
  { frame, options }: Reader,
  { tables, payload }: Look,
  table: SeenTable,
): BoardReading {
  const { headers, rows } = table;
  const size = statedSize(table.around.notes, rows.length);
  const loaded = payload ? payload.length : null;
  const hidden = hiddenRows(table, payload);
  const diff = oddities(table, hidden);
  if (payload) diff.push(...payload.differences);
  if (loaded !== rows.length) diff.push(...partialities(table, size));
  if (diff.length > 0) throw new BoardDriftError(boardOf(frame, options.definition), diff);
  return {
    stated: { shown: null, total: totalOf(size, { rows: rows.length, loaded, hidden }) },
    loaded: null,
    loadedFrom: payload ? payload.url : null,
    headers,
    shown: shownRows(table),
    ...{ complete: true, hidden },
    filters: [],
    controls: [...table.around.states, ...tableState(tables, table)],
    pageError: null,
    tables: foundTables(tables, table),
  };
}

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
