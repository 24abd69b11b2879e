import { mkdtemp, readdir, rm } from 'node:fs/promises';
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
import type { UndescribedBoard } from '../../src/boards/infer.ts';
import { openLlm } from '../../src/boards/definitions/open-llm.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { createConfiguration } from '../../src/storage/storage-client.ts';
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

export interface BoardCrawlSetup extends OpenLlmOptions {
  /** @default the board's own */
  definition?: BoardDefinition | UndescribedBoard;
  crawl?: BoardCrawlOptions;
  write?: (capture: Capture) => Promise<void>;
}

export const USER_AGENT = 'huggingface-etl/test (+https://example.org/huggingface-etl)';

/** One crawl of one replica, in a folder of its own. `remove` its folder afterwards. */
export async function crawlReplica(setup: BoardCrawlSetup = {}): Promise<BoardCrawl> {
  const { definition = openLlm, crawl = {}, write, ...served } = setup;
  const replica = await startOpenLlm(served);
  const folder = await mkdtemp(join(tmpdir(), 'board-'));
  const captures: Capture[] = [];
  const keep = (capture: Capture): Promise<void> => Promise.resolve(void captures.push(capture));
  try {
    const [outcome] = await crawlBoards(
      await dependenciesOf(write ?? keep),
      { boards: [definition], urls: { [definition.id]: replica.url }, evidenceFolder: folder },
      { seed: 7, timeoutMs: 300_000, ...crawl },
    );
    if (!outcome) throw new Error('no outcome');
    const evidence = (await readdir(join(folder, definition.id))).sort();
    return { outcome, captures, requests: replica.requests, evidence, folder };
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  } finally {
    await replica.close();
  }
}

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

export const remove = ({ folder }: BoardCrawl): Promise<void> => rm(folder, { recursive: true });

// The crawler wrote it from this type.
export const snapshotOf = (capture: Capture): BoardSnapshot =>
  JSON.parse(capture.body.toString()) as BoardSnapshot;

/** The board with few rows and its first columns, so that each cell is drawn and compared in a short time. */
export const smallBoard: BoardDefinition = (() => {
  const { frozen, columns, ...rest } = openLlm;
  const minimumRows = Math.min(rest.minimumRows, frozen?.rows ?? 100, 100);
  return { ...rest, columns: [...columns.slice(0, 11), ...columns.slice(-1)], minimumRows };
})();
export const SMALL_ROWS = 180;
