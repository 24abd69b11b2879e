import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Capture } from '../../src/storage/capture.ts';
import type { BoardSnapshot } from '../../src/boards/snapshot.ts';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import type {
  BoardCrawlOptions,
  BoardDependencies,
  BoardOutcome,
} from '../../src/crawlers/board-crawl.ts';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import type { BoardReading } from '../../src/boards/reading.ts';
import type { UndescribedBoard } from '../../src/boards/infer.ts';
import { html } from '../../src/crawlers/kinds/html/html.ts';
import { openLlm } from '../../src/boards/definitions/open-llm.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { createConfiguration } from '../../src/storage/storage-client.ts';
import { openLlmPage } from '../../src/crawlers/kinds/open-llm/open-llm.ts';
import { test as base, type PageRead } from './read-page.ts';
import {
  startOpenLlm,
  type OpenLlmOptions,
  type OpenLlmRequest,
} from '../../demo/open-llm/server.ts';

export interface BoardCrawl {
  outcome: BoardOutcome;
  captures: Capture[];
  /** What the page asked the replica for. */
  requests: OpenLlmRequest[];
  /** Files of the evidence, in order of name. */
  evidence: string[];
  folder: string;
}

interface BoardCrawlSetup extends OpenLlmOptions {
  /** @default the board's own */
  definition?: BoardDefinition | UndescribedBoard;
  crawl?: BoardCrawlOptions;
  write?: (capture: Capture) => Promise<void>;
}

export const USER_AGENT = 'huggingface-etl/test (+https://example.org/huggingface-etl)';

interface Crawls {
  crawl: (setup?: BoardCrawlSetup) => Promise<BoardCrawl>;
  readSmall: (served: OpenLlmOptions, given?: PageRead) => Promise<BoardReading>;
}

export const test = base.extend<Crawls>({
  /** One crawl of one replica. */
  crawl: async ({ folder: parent, keep }, use) => {
    await use(async ({ definition = openLlm, crawl = {}, write, ...served } = {}) => {
      const replica = await keep(startOpenLlm(served));
      const folder = await mkdtemp(join(parent, 'board-'));
      const captures: Capture[] = [];
      const store = (it: Capture): Promise<void> => Promise.resolve(void captures.push(it));
      const [outcome] = await crawlBoards(
        await dependenciesOf(write ?? store),
        { boards: [definition], urls: { [definition.id]: replica.url }, evidenceFolder: folder },
        { seed: 7, timeoutMs: 300_000, ...crawl },
      );
      if (!outcome) throw new Error('no outcome');
      const evidence = (await readdir(join(folder, definition.id))).sort();
      return { outcome, captures, requests: replica.requests, evidence, folder };
    });
  },
  /** What a crawl of a replica with few rows reads, without one: the worker has a browser already. */
  readSmall: async ({ read, keep }, use) => {
    await use(async (served, given) => {
      const { url } = await keep(startOpenLlm({ rows: SMALL_ROWS, ...served }));
      const viewport = { width: 1600, height: 1100 };
      const options = { definition: smallBoard, ...SAMPLED, viewport, ...given };
      return options.definition
        ? read(openLlmPage, openLlmPage.address(options.definition, url), options)
        : read(html, url, options);
    });
  },
});

/** What a crawl needs, with the browser of this machine; nothing of it is kept on disk. */
export async function dependenciesOf(
  write: (capture: Capture) => Promise<void>,
): Promise<BoardDependencies> {
  const { executablePath } = await findBrowser({ env: process.env });
  return {
    config: createConfiguration(tmpdir()),
    browser: { executablePath, sandbox: chromiumSandbox({ env: process.env }).on },
    userAgent: USER_AGENT,
    write,
  };
}

/** What was read of a board that was not refused. */
export function snapshotOf({ captures: [capture] }: BoardCrawl): BoardSnapshot {
  if (capture === undefined) throw new Error('no capture');
  return JSON.parse(capture.body.toString()) as BoardSnapshot; // the crawler wrote it from this type
}

/** The board with few rows and its first columns, so that each cell is drawn and compared in a short time. */
export const smallBoard: BoardDefinition = (() => {
  const { frozen, columns, ...rest } = openLlm;
  const minimumRows = Math.min(rest.minimumRows, frozen?.rows ?? 100, 100);
  return { ...rest, columns: [...columns.slice(0, 8), ...columns.slice(-1)], minimumRows };
})();
export const SMALL_ROWS = 130;
const SAMPLED = { verify: 'sample', sampleRows: 60, timeoutMs: 300_000 } as const;
