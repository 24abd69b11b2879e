import { CONFIG_TOOLS, markInPage } from './inline-config.ts';
import { surveyPage } from './page-dom.ts';
import type { PageLook } from './page-tables.ts';
import { readTap } from './wire-tap.ts';

/*
 * What is looked at before a table can be read, all of it at one moment. As in page-dom.ts, only the
 * texts of the functions go into the page.
 */

/** What was known at the last look. */
export interface LookRequest {
  /** See `PageLook`; 0 before the first look. */
  document: number;
  /** Events of that document that are known. */
  events: number;
  /** Whether its config is not known yet. */
  asksConfig: boolean;
  /** Elements that the document had. */
  elements: number;
  /** Wait until the document changes, but no longer; 0 looks at once. */
  waitMs: number;
}

/** Looks often enough for pages that change all the time. */
const LEAST_MS = 10;

/** Waits for a change of the document. Told before the page's next frame, and so before it paints. */
function untilChanged(waitMs: number, leastMs: number): Promise<void> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const end = (): void => {
      observer.disconnect();
      clearTimeout(timer);
      resolve();
    };
    let isLate = false;
    const observer = new MutationObserver(() => {
      const leftMs = startMs + leastMs - performance.now();
      if (leftMs <= 0) end();
      else if (!isLate) setTimeout(end, leftMs);
      isLate = true;
    });
    const everything = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document, everything);
    const timer = setTimeout(end, waitMs);
  });
}

async function lookAtPage(request: LookRequest, leastMs: number): Promise<PageLook> {
  const elements = document.getElementsByTagName('*');
  // Asked while the page was at work, it is heard when that is done: then there is nothing to wait for.
  const isSame = elements.length === request.elements;
  if (isSame && request.waitMs > 0) await untilChanged(request.waitMs, leastMs);
  const { timeOrigin } = performance;
  const events = readTap(timeOrigin === request.document ? request.events : 0);
  return {
    document: timeOrigin,
    elements: elements.length,
    events,
    // Its text is megabytes long: asked for by itself, where it is needed.
    config: request.asksConfig || timeOrigin !== request.document ? markInPage() : null,
    survey: surveyPage(),
  };
}

/** The call that gives a `PageLook`. */
export const lookCall = (request: LookRequest): string =>
  `lookAtPage(${JSON.stringify(request)}, ${LEAST_MS})`;

/** The functions of this file and those that it needs beside page-dom.ts, to be joined. */
export const LOOK_TOOLS = [...CONFIG_TOOLS, readTap, untilChanged, lookAtPage];
