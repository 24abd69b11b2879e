import type { Frame } from 'playwright';
import { runInPage } from './in-page.ts';
import { makePageReader } from './page-reader.ts';
import { earlySlot, makeEarlyLooker, tableSizes } from './table-early.ts';
import { makeCellReader, scanTables, type ScanTools } from './table-scan.ts';
import {
  busyText,
  changeCounter,
  isLoaded,
  restNow,
  runsScripts,
  settle,
  type Rest,
} from './table-settle.ts';
import { makeScopes, readSurroundings } from './table-surroundings.ts';

/** A table of at most so many rows may be there only to lay out what is in it. */
const SMALL_LAYOUT = 10;
const TOOLS = { makePageReader, makeCellReader };
const EARLY = { earlySlot, tableSizes, makeEarlyLooker, scanTables, readSurroundings, makeScopes };
const SETTLE = {
  ...{ ...TOOLS, ...EARLY, restNow },
  ...{ changeCounter, busyText, runsScripts, isLoaded },
};

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
