import type { Frame } from 'playwright';
import { EtlError } from '../../../errors.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import { runInPage } from './in-page.ts';
import { makePageReader } from './page-reader.ts';
import type { JsonAnswer } from './page-traffic.ts';
import { likeliestTable, tableOf, type NamedTable } from './table-choice.ts';
import {
  earlySlot,
  makeEarlyLooker,
  tableSizes,
  takenEarly,
  type EarlyLook,
  type EarlyTools,
} from './table-early.ts';
import { gridsOf, type Grid } from './table-grid.ts';
import { nameColumns } from './table-names.ts';
import {
  makeCellReader,
  scanTables,
  unpack,
  type PackedTable,
  type ScannedTable,
  type ScanTools,
} from './table-scan.ts';
import {
  busyText,
  changeCounter,
  isLoaded,
  restNow,
  runsScripts,
  settle,
  type Rest,
} from './table-settle.ts';
import {
  makeScopes,
  readSurroundings,
  type Press,
  type Surroundings,
} from './table-surroundings.ts';

/** A table of a page with all that was seen of it and around it. */
export interface SeenTable extends NamedTable {
  grid: Grid;
  scanned: ScannedTable;
  around: Surroundings;
  /** Its place among the displayed tables. */
  at: number;
}

/** One look at a page. */
export interface Look {
  tables: SeenTable[];
  chosen: SeenTable | null;
  /** Why no table could be chosen. */
  failure: Error | null;
}

/** A table of at most so many rows may be there only to lay out what is in it. */
const SMALL_LAYOUT = 10;
const TOOLS = { makePageReader, makeCellReader };
const EARLY = { earlySlot, tableSizes, makeEarlyLooker, scanTables, readSurroundings, makeScopes };
const SETTLE = {
  ...{ ...TOOLS, ...EARLY, restNow },
  ...{ changeCounter, busyText, runsScripts, isLoaded },
};

/** Reads all tables that a document displays, and chooses one. */
export async function lookAtTables(
  frame: Frame,
  definition: BoardDefinition | null,
): Promise<Look> {
  // Asked for together, so that the page reads the one while the other crosses over.
  const [scanned, around] = await Promise.all([
    again(frame, () => runInPage(frame, scanTables, { tools: TOOLS, argument: SMALL_LAYOUT })),
    surroundings(frame, null),
  ]);
  const look = lookAtScanned(scanned, definition);
  tellAround(look, around);
  return look;
}

/** The same of what was read of the tables, without what is around them. Pure. */
export function lookAtScanned(
  scanned: readonly PackedTable[],
  definition: BoardDefinition | null,
): Look {
  const tables = gridsOf(scanned.map(unpack)).map(({ grid, table, at }) => ({
    place: grid.place,
    headers: nameColumns(grid.columns, definition),
    rows: grid.rows,
    grid,
    scanned: table,
    around: { notes: [], controls: [], searches: [] },
    at,
  }));
  try {
    const chosen = definition ? tableOf(tables, definition) : likeliestTable(tables);
    return { tables, chosen, failure: null };
  } catch (error) {
    if (error instanceof EtlError) return { tables, chosen: null, failure: error };
    throw error;
  }
}

/** Gives the tables of a look what is around them. */
export function tellAround({ tables }: Look, around: readonly Surroundings[]): void {
  for (const table of tables) table.around = around[table.at] ?? table.around;
}

/** The tables that `rest` reads as soon as nothing seems to be on its way; null when it does not. */
export const readEarly = (frame: Frame): Promise<EarlyLook | null> =>
  // Without it, or in another document, all are read at rest.
  runInPage(frame, takenEarly, { tools: { earlySlot }, argument: null }).catch(() => null);

/** Works a control of a table. */
export async function pressControl(frame: Frame, press: Press): Promise<void> {
  await surroundings(frame, press);
}

const surroundings = (frame: Frame, press: Press | null): Promise<Surroundings[]> =>
  again(frame, () =>
    runInPage(frame, readSurroundings, {
      tools: { ...TOOLS, makeScopes },
      argument: { smallLayout: SMALL_LAYOUT, press },
    }),
  );

/**
 * Waits for the tables of a document to come to rest; at the end of the time it is as it is. With
 * `since`, a version that was looked at, waits at the end of every scroll for anything after it; with
 * `early`, looks at them on the way (`readEarly`).
 */
export function rest(
  frame: Frame,
  given: { quietMs: number; endMs: number; since?: number; early?: boolean },
): Promise<Rest> {
  const longestMs = Math.max(1, given.endMs - performance.now());
  const { quietMs, since = null } = given;
  const toEnd = since !== null;
  const smallLayout = given.early === true ? SMALL_LAYOUT : null;
  const argument = { quietMs, longestMs, toEnd, since, smallLayout };
  return again(frame, () => runInPage(frame, settle, { tools: SETTLE, argument }));
}

/** Data that the document carries in its scripts, and pieces of it that a framework streams. */
export async function inlineData(frame: Frame): Promise<JsonAnswer[]> {
  const texts = await again(frame, () =>
    runInPage(frame, scriptTexts, { tools: { earlySlot }, argument: null }),
  );
  return texts.flatMap((text) => jsonParts(text)).map((text) => ({ url: frame.url(), text }));
}

/**
 * Texts of the document's scripts that hold data, once it has all of them, or when it is not waited for
 * any longer; strings in arrays of pieces are joined.
 */
async function scriptTexts(tools: Pick<EarlyTools, 'earlySlot'>): Promise<string[]> {
  const loaded = new Promise((resolve) => {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', resolve);
    else resolve(null);
  });
  await Promise.race([loaded, tools.earlySlot(false)?.look]);
  const texts = [...document.scripts].map((it) => it.text).filter((it) => it.includes('{'));
  const pieces: string[] = [];
  // A piece as it is written has its quotes escaped: no data can be found in that.
  const others = texts.filter((text) => {
    const pushed = /^self\.__next_f\.push\((.*)\)$/s.exec(text.trim())?.[1];
    try {
      const value: unknown = JSON.parse(pushed ?? '');
      if (!Array.isArray(value) || typeof value[1] !== 'string') return true;
      pieces.push(value[1]);
      return false;
    } catch {
      return true;
    }
  });
  return [...others, pieces.join('')];
}

/** Arrays of objects in a text that is not all JSON. */
export function jsonParts(text: string): string[] {
  const parts: string[] = [];
  for (let from = text.search(/\[\s*\{/); from >= 0;) {
    const end = endOfArray(text, from);
    if (end > 0) parts.push(text.slice(from, end));
    const rest = end > 0 ? end : from + 1;
    const next = text.slice(rest).search(/\[\s*\{/);
    from = next < 0 ? -1 : rest + next;
    if (parts.length > 100) break;
  }
  return parts;
}

/** Where the array that begins at `from` ends; 0 when it does not. */
function endOfArray(text: string, from: number): number {
  let [depth, isText] = [0, false];
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (isText) {
      if (letter === '\\') at += 1;
      else if (letter === '"') isText = false;
    } else if (letter === '"') isText = true;
    else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return 0;
}

/** A document that goes to another one while it is read is read there. */
export async function again<Result>(frame: Frame, ask: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const isGone = error instanceof Error && /context was destroyed|navigat/i.test(error.message);
      if (!isGone || frame.isDetached() || tries > 20) throw error;
      await frame.waitForLoadState('domcontentloaded');
    }
  }
}

/** Short texts with a number that stand outside of tables and grids. */
export const noteTexts = (frame: Frame): Promise<string[]> =>
  again(frame, () => runInPage(frame, textsAround, { tools: TOOLS, argument: null }));

/** Runs in the page. */
export function textsAround(tools: Pick<ScanTools, 'makePageReader'>): string[] {
  const { fold, isShown } = tools.makePageReader();
  const outside = [...document.querySelectorAll('p, span, div, b, li, label')].filter(
    (it) => it.childElementCount < 8 && !it.closest('table, .ag-root, nav') && isShown(it),
  );
  return outside.map((it) => fold(it.textContent)).filter((it) => it.length <= 80 && /\d/.test(it));
}
