import type { Browser } from '@playwright/test';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import type { Kind } from '../../src/crawlers/kinds/kind.ts';
import { reconcile } from '../../src/crawlers/reconcile.ts';
import { test as base } from '../helpers/fixtures.ts';

export { expect } from '../helpers/fixtures.ts';

export interface PageRead {
  /** @default null: nobody described it */
  definition?: BoardDefinition | null;
  /** @default all */
  verify?: 'sample' | 'all';
  /** @default 200 */
  sampleRows?: number;
  /** @default 60,000 */
  timeoutMs?: number;
  /** A script that the page runs before its own. */
  script?: string;
  /** @default 1280 by 720 pixels */
  viewport?: { width: number; height: number };
}

export type ReadPage = (kind: Kind, url: string, given?: PageRead) => Promise<BoardReading>;

/** Reads a page as the crawl does, and reconciles what is described. */
async function readPage(
  browser: Browser,
  { kind, url, ...given }: PageRead & { kind: Kind; url: string },
): Promise<BoardReading> {
  const { definition = null, verify = 'all', sampleRows = 200, timeoutMs = 60_000 } = given;
  const { script, viewport } = given;
  const page = await browser.newPage(viewport && { viewport });
  try {
    if (script !== undefined) await page.addInitScript({ content: script });
    await kind.listen(page);
    await page.goto(url, { waitUntil: 'commit' });
    const asked = { definition, verify, sampleRows, seed: 1, timeoutMs };
    const reading = await kind.read(page.mainFrame(), asked);
    if (definition) reconcile(definition, reading);
    return reading;
  } finally {
    await page.close();
  }
}

export const test = base.extend<{ read: ReadPage }>({
  read: async ({ browser }, use) => {
    await use((kind, url, given) => readPage(browser, { ...given, kind, url }));
  },
});
