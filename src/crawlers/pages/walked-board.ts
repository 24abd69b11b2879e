import type { Frame } from 'playwright';
import { BoardDriftError } from '../../boards/drift.ts';
import type { BoardReading } from '../../boards/reading.ts';
import { EtlError } from '../../errors.ts';
import type { ReadOptions } from '../kinds/kind.ts';
import { foundTables, likeliestTable, tableOf } from './choose.ts';
import { partialities, rankDifferences } from './doubts.ts';
import { entriesOf, inlineEntries } from './entries.ts';
import * as around from './inside/around.ts';
import * as rest from './inside/rest.ts';
import * as text from './inside/text.ts';
import * as walk from './inside/walk.ts';
import { findPayload, type TablePayload } from './payload.ts';
import { shownRows } from './rows.ts';
import { statedSize } from './stated.ts';
import { openTab } from './tab.ts';
import type { Traffic } from './traffic.ts';
import { walkedTable, type WalkedTable } from './walked-table.ts';
import { EVERY_PLACE } from './windows.ts';
import { pageCode, type PageCode } from './world.ts';

const SHORT_QUIET_MS = 60;
/** What nothing proves must not change for so long. */
const LONG_QUIET_MS = 1_000;
/** Without a change for so long, a window of rows does not come. */
const WINDOW_MS = 10_000;
const MOST_WALKS = 3;

/** What is read of a page whose tables are drawn in part. */
export interface WalkedPage {
  code: PageCode;
  frame: Frame;
  traffic: Traffic;
  options: ReadOptions;
}

export const walkedCode = (kind: walk.WalkedKind): PageCode =>
  pageCode(text, rest, around, walk, kind);

/** Whether the page has tables, each with the rows in view. */
export const hasTables = async (code: PageCode, frame: Frame): Promise<boolean> =>
  isReady(await code.run(frame, walk.lookAtTables, undefined));

type Looks = ReturnType<typeof walk.lookAtTables>;

const isReady = (looks: Looks): boolean =>
  looks.length > 0 && looks.every(({ busy, covered }) => covered && !busy);

/**
 * Reads a board by walking over all rows and columns of each table, and over all pages. That they are
 * all follows from what the page loaded, or from what the table states and rest.
 *
 * @throws {EtlError} BOARD_UNREACHABLE, BOARD_DRIFT
 */
export async function readWalked(page: WalkedPage): Promise<BoardReading> {
  const { code, frame, traffic, options } = page;
  const { definition, timeoutMs } = options;
  const endMs = performance.now() + timeoutMs;
  if (definition) await openTab(frame, definition, timeoutMs);
  for (let walks = 0; ;) {
    const quiet = { quietMs: SHORT_QUIET_MS, longestMs: LONG_QUIET_MS, since: null };
    await code.run(frame, rest.settle, quiet);
    traffic.mustBeWhole(frame);
    const looks = await code.run(frame, walk.lookAtTables, undefined);
    if (isReady(looks)) {
      walks += 1;
      const reading = await readAll(page, looks);
      if (reading) return reading;
    }
    if (walks >= MOST_WALKS || performance.now() >= endMs) throw unfinished(page, looks);
  }
}

/** The board, or null when it changed while it was read. */
async function readAll(page: WalkedPage, looks: Looks): Promise<BoardReading | null> {
  const { frame, traffic, options } = page;
  const { definition } = options;
  const asked = traffic.asked();
  const tables = await walkOver(page, looks.length);
  const table = definition ? tableOf(tables, definition) : likeliestTable(tables);
  const loaded = findPayload(table, entriesOf(await traffic.answers()));
  const payload = loaded ?? findPayload(table, await inlineEntries(frame));
  const isProven = payload?.length === table.rows.length && table.differences.length === 0;
  if (!isProven && !(await staysSo(page, looks, asked))) return null;
  return readingOf(page, { tables, table, payload, look: looks[tables.indexOf(table)] });
}

/** Whether nothing comes after what was read. */
async function staysSo(
  { code, frame, traffic }: WalkedPage,
  looks: Looks,
  asked: number,
): Promise<boolean> {
  const long = { quietMs: LONG_QUIET_MS, longestMs: 5 * LONG_QUIET_MS, since: null };
  const later = await code.run(frame, rest.settle, long);
  const counts = (it: Looks): string => it.map(({ statedRows }) => statedRows).join();
  const isSame = counts(await code.run(frame, walk.lookAtTables, undefined)) === counts(looks);
  const isIdle = traffic.asked() === asked && traffic.pending(frame).length === 0;
  return isSame && isIdle && later.ready;
}

interface Found {
  tables: readonly WalkedTable[];
  table: WalkedTable;
  payload: TablePayload | null;
  look: Looks[number] | undefined;
}

const NOTHING_AROUND: around.Surroundings = { notes: [], controls: [], searches: [] };

function readingOf(
  { frame, options }: WalkedPage,
  { tables, table, payload, look }: Found,
): BoardReading {
  const { headers, rows } = table;
  const beside = look?.around ?? NOTHING_AROUND;
  const size = statedSize(beside.notes, rows.length);
  const isProven = payload?.length === rows.length;
  const whole = { ...table, around: beside, statedRows: null, drawnRows: 0, spacePx: 0, rowPx: 0 };
  const diff = [...table.differences, ...rankDifferences(table)];
  if (payload) diff.push(...payload.differences);
  if (!isProven) diff.push(...partialities(whole, size));
  if (diff.length > 0) throw new BoardDriftError(options.definition?.id ?? frame.url(), diff);
  return {
    stated: { shown: rows.length, total: isProven || !payload ? size.total : payload.length },
    ...{ loaded: null, loadedFrom: payload ? payload.url : null },
    ...{ headers, shown: shownRows(table), complete: true, pageError: null },
    filters: [...table.filters, ...beside.searches.map((it) => `search=${it}`)],
    tables: foundTables(tables, table),
  };
}

async function walkOver({ code, frame, options }: WalkedPage, count: number) {
  const tables: WalkedTable[] = [];
  for (let at = 0; at < count; at += 1) {
    const windows = await code.run(frame, walk.walk, {
      ...{ at, places: EVERY_PLACE, enough: 0, frames: 3, waitMs: WINDOW_MS },
    });
    tables.push(walkedTable(windows, options.definition, `table ${at + 1}`));
  }
  return tables;
}

function unfinished({ frame, options }: WalkedPage, looks: Looks): EtlError {
  const seconds = Math.round(options.timeoutMs / 1000);
  const what =
    looks.length === 0 ? 'has no such table' : 'has a table without rows, or one that still loads';
  const message = `${frame.url()} ${what} after ${seconds} s`;
  return new EtlError('BOARD_UNREACHABLE', message, {
    context: { url: frame.url(), again: false },
  });
}
