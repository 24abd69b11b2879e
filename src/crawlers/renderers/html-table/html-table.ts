import type { Frame } from 'playwright';
import { EtlError } from '../../../errors.ts';
import { BoardDriftError } from '../../../boards/drift.ts';
import type { ReadOptions, Renderer } from '../renderer.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import { prepare } from './answer-entries.ts';
import { openTab } from './open-tab.ts';
import { failOnTraffic, followTraffic, type JsonAnswer, type PageTraffic } from './page-traffic.ts';
import { findTablePayload, type TablePayload } from './payload-proof.ts';
import { statedSize } from './stated-counts.ts';
import { foundTables } from './table-choice.ts';
import { moreControl, oddities, partialities } from './table-doubts.ts';
import {
  inlineData,
  lookAtScanned,
  lookAtTables,
  pressControl,
  readEarly,
  rest,
  tellAround,
  type Look,
  type SeenTable,
} from './table-look.ts';
import { shownRows } from './table-reading.ts';
import type { Rest } from './table-settle.ts';

/** A table that the page draws in one go is at rest after this. */
const SHORT_QUIET_MS = 60;
/** Where nothing says how many rows there are, none may have come for so long. */
const LONG_QUIET_MS = 1_000;
/** A page without a table is given so long before it is believed to have none. */
const NO_TABLE_QUIET_MS = 5_000;

/** Kinds of page that draw tables of their own, whole or in part. */
const OTHER_KINDS = 'gradio-app, .gradio-container, .ag-root';

/**
 * Any `table` of a page, written by hand, by a server or by a framework. All rows are read from the
 * document; that they are all follows from the data that the page loaded for them, from a document
 * without scripts, or from rest: nothing under way, nothing loading, no change at the end of every
 * scroll.
 */
export const htmlTable: Renderer = {
  id: 'html-table',
  listen: async (page) => {
    const traffic = await followTraffic(page);
    const fresh = { traffic, pressed: null, lookMs: 0 };
    return { read: (frame, options) => read({ ...fresh, frame, options }) };
  },
  recognises: async (frame) => {
    if ((await frame.locator(OTHER_KINDS).count()) > 0) return false;
    const { chosen } = await lookAtTables(frame, null);
    return chosen !== null && chosen.grid.emptyRows === 0 && !chosen.scanned.busy;
  },
};

interface Reader {
  frame: Frame;
  traffic: PageTraffic;
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
    const stock = await takeStock(reader, endMs);
    const { look, filled } = stock;
    if (filled && (await pressMore(reader, filled))) continue;
    const isFinal = isProven(stock) || (await staysSo(reader, stock, endMs));
    if (isFinal && filled) return readingOf(reader, stock, filled);
    if (performance.now() >= endMs) throw unfinished(reader, stock);
    if (isFinal && look.failure) throw withoutTable(frame, look) ?? look.failure;
  }
}

/** What there is at a moment of rest. */
interface Stock {
  state: Rest;
  look: Look;
  /** The chosen table, when it has rows and no sign of being unfinished. */
  filled: SeenTable | null;
  payload: TablePayload | null;
  /** Requests for data up to then. */
  asked: number;
}

async function takeStock(reader: Reader, endMs: number): Promise<Stock> {
  const { frame, traffic, options } = reader;
  const quietMs = Math.max(SHORT_QUIET_MS, Math.min(reader.lookMs, LONG_QUIET_MS));
  const [state, soon] = await Promise.all([
    rest(frame, { quietMs, endMs, early: true }),
    takeStockSoon(reader),
  ]);
  const startedMs = performance.now();
  const early = state.around === null ? null : soon.look;
  if (early && state.around) tellAround(early, state.around);
  const look = early ?? (await lookAtTables(frame, options.definition));
  reader.lookMs = performance.now() - startedMs + soon.tookMs;
  failOnTraffic(traffic, frame);
  const asked = traffic.asked();
  const filled = state.ready && isFilled(look.chosen) ? look.chosen : null;
  const isProof = early !== null && soon.payload?.length === filled?.rows.length;
  const payload = isProof ? soon.payload : filled && (await payloadOf(reader, filled, soon.inline));
  return { state, look, filled, payload, asked };
}

/** What can be made ready while a page is waited for: what it has so far mostly stays. */
interface StockSoon {
  look: Look | null;
  inline: JsonAnswer[] | null;
  payload: TablePayload | null;
  tookMs: number;
}

async function takeStockSoon(reader: Reader): Promise<StockSoon> {
  const { frame, options } = reader;
  const [early, inline] = await Promise.all([readEarly(frame), dataInPage(reader)]);
  if (!early) return { look: null, inline, payload: null, tookMs: 0 };
  const look = lookAtScanned(early.tables, options.definition);
  const { chosen } = look;
  const payload = isFilled(chosen) ? await payloadSoFar(reader, chosen, inline) : null;
  return { look, inline, payload, tookMs: early.tookMs };
}

/** Whether the rows are all that there can be: as many as were loaded, or of a document that stays. */
const isProven = ({ filled, payload, state }: Stock): boolean =>
  filled !== null && (payload?.length === filled.rows.length || !state.scripted);

/** Whether nothing comes after what there is, however long one waits and far one scrolls. */
async function staysSo({ frame, traffic }: Reader, stock: Stock, endMs: number): Promise<boolean> {
  const { state, look, asked } = stock;
  const quietMs = look.tables.length === 0 ? NO_TABLE_QUIET_MS : LONG_QUIET_MS;
  const long = await rest(frame, { quietMs, endMs, since: state.version });
  const isIdle = traffic.asked() === asked && traffic.pending(frame).length === 0;
  return isIdle && long.ready && long.version === state.version;
}

/** A page that is at rest without any table is another page. */
function withoutTable(frame: Frame, { tables }: Look): EtlError | null {
  if (tables.length > 0) return null;
  const message = `${frame.url()} has no table, and nothing on its way`;
  return new EtlError('BOARD_UNREACHABLE', message, {
    context: { url: frame.url(), again: false },
  });
}

/** A table of a skeleton has rows, but without texts. */
const isFilled = (table: SeenTable | null): table is SeenTable =>
  table !== null && table.rows.length > 0 && table.grid.emptyRows === 0 && !table.scanned.busy;

/** Works the control that shows more rows; false when there is none, or it did nothing. */
async function pressMore(reader: Reader, table: SeenTable): Promise<boolean> {
  const more = moreControl(table);
  const rows = table.rows.length;
  const { pressed } = reader;
  if (!more || more.leaves || (pressed?.label === more.label && pressed.rows >= rows)) return false;
  reader.pressed = { label: more.label, rows };
  await pressControl(reader.frame, { table: table.at, label: more.label });
  return true;
}

/** Data in the document, taken apart; null where the page asked for data, and it is not needed so far. */
async function dataInPage({ frame, traffic }: Reader): Promise<JsonAnswer[] | null> {
  if (traffic.hasArrived()) return null;
  const inline = await inlineData(frame);
  prepare(inline);
  return inline;
}

/** What the page loaded for the table, from its own requests or in its document; null for nothing. */
async function payloadOf(
  reader: Reader,
  table: SeenTable,
  inline: JsonAnswer[] | null,
): Promise<TablePayload | null> {
  const payload = await payloadSoFar(reader, table, inline);
  if (payload?.length === table.rows.length) return payload;
  // Since the document was there, its scripts may have put more of them into it.
  return findTablePayload(table, await inlineData(reader.frame)) ?? payload;
}

/** The same without what is in the document but not in `inline`. */
async function payloadSoFar(
  { traffic }: Reader,
  table: SeenTable,
  inline: JsonAnswer[] | null,
): Promise<TablePayload | null> {
  const payload = findTablePayload(table, await traffic.answers());
  if (payload?.length === table.rows.length) return payload;
  return findTablePayload(table, inline ?? []) ?? payload;
}

function readingOf(
  { frame, options }: Reader,
  { look, payload }: Stock,
  table: SeenTable,
): BoardReading {
  const { headers, rows, around } = table;
  const size = statedSize(around.notes, rows.length);
  const loaded = payload ? payload.length : null;
  const diff = oddities(table);
  if (payload) diff.push(...payload.differences);
  if (loaded !== rows.length) diff.push(...partialities(table, size));
  const board = options.definition?.id ?? frame.url();
  if (diff.length > 0) throw new BoardDriftError(board, diff);
  // Of two numbers that of other rows than there are counts: in doubt, the table is not whole.
  const total = loaded === null || loaded === rows.length ? (size.total ?? loaded) : loaded;
  return {
    stated: { shown: null, total },
    loaded: null,
    loadedFrom: payload ? payload.url : null,
    headers,
    shown: shownRows(table),
    complete: true,
    filters: around.searches.map((text) => `search=${text}`),
    virtualRows: null,
    pageError: null,
    tables: foundTables(look.tables, table),
  };
}

/** The time is over, and the page is still at work, or never had a table. */
function unfinished({ frame, traffic, options }: Reader, { state, look }: Stock): EtlError {
  const seconds = Math.round(options.timeoutMs / 1000);
  const [waits] = traffic.pending(frame);
  const busy = state.busy || 'its tables are empty, or still change';
  const doing = waits === undefined ? busy : `it waits for ${waits}`;
  const rows = look.chosen?.rows.length ?? 0;
  const message = `${frame.url()} did not come to rest in ${seconds} s: ${doing}; rows: ${rows}`;
  return new EtlError('BOARD_UNREACHABLE', message, {
    context: { url: frame.url(), again: false },
  });
}
