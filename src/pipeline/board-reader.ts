import type { Configuration } from '@crawlee/http';
import { openHubClient } from '../api/client.ts';
import { boardUrls, isDescribed, type WantedBoard } from '../boards/choice.ts';
import type { Capture } from '../storage/capture.ts';
import type { Config } from '../config.ts';
import type {
  BoardCrawlOptions,
  BoardDependencies,
  BoardOutcome,
} from '../crawlers/board-crawl.ts';
import { readMemory } from './board-memory.ts';
import type { BoardMemory } from '../boards/last-good.ts';
import { DATASET, type BoardDefinition } from '../boards/definition.ts';
import type { Logger } from '../log.ts';

/** What reading boards needs of the world. */
export interface BoardReaderDependencies {
  log: Logger;
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted: drop what is in flight. */
  kill: AbortSignal;
}

/** Where a reader puts what it read. */
export interface BoardReaderOutput {
  configuration: Configuration;
  write: (capture: Capture) => Promise<void>;
  /** Each board has a folder of its id in it. */
  evidenceFolder: string;
  /** Told of each board as soon as it is decided. */
  onOutcome: (outcome: BoardOutcome) => void | Promise<void>;
}

/**
 * Reads boards, a few side by side: looks at each one's page, decides, and writes a capture of what may
 * be used. The browser is found and tried once, when there is a page for it.
 *
 * @throws {EtlError} CONFIG_INVALID, BROWSER_MISSING, BROWSER_FAILED, BOARD_UNKNOWN, STORAGE_CORRUPT and
 * what `write` or `onOutcome` throws; everything else is told as an outcome
 */
export async function readBoards(
  dependencies: BoardReaderDependencies,
  config: Config,
  { boards, ...output }: BoardReaderOutput & { boards: readonly WantedBoard[] },
): Promise<void> {
  const urls = boardUrls(config.boardUrl);
  // Before any page is looked at: what cannot be compared is not asked for.
  const memories = new Map(boards.map(({ id }) => [id, readMemory(config.storage, id)]));
  const isDataset = (board: WantedBoard): board is BoardDefinition =>
    isDescribed(board) && board.renderer === DATASET;
  const readDatasets = async (): Promise<void> => {
    for (const definition of boards.filter(isDataset)) {
      if (dependencies.kill.aborted) return;
      const { id, url } = definition;
      const board = { definition, url: urls[id] ?? url, last: memories.get(id) };
      const { write } = output;
      await output.onOutcome(await readDatasetBoard(dependencies, config, { ...board, write }));
    }
  };
  const pages = boards.filter((board) => !isDataset(board));
  const readPages = async (): Promise<void> => {
    if (pages.length === 0) return;
    const { log, version, kill, env } = dependencies;
    const options = crawlOptions(config);
    const browser = await browserFor(dependencies, options.headed);
    const { crawlBoards } = await import('../crawlers/boards.ts');
    const { configuration, write, evidenceFolder, onOutcome } = output;
    const userAgent = `huggingface-etl/${version}`;
    const debug = (message: string, facts: object): void => log.debug(facts, message);
    await crawlBoards(
      { config: configuration, browser, env, userAgent, write, log: debug },
      { boards: pages, urls, evidenceFolder, last: (id) => memories.get(id), onOutcome },
      { ...options, signal: kill },
    );
  };
  const [datasets, browser] = await Promise.allSettled([readDatasets(), readPages()]);
  for (const { reason } of [datasets, browser].filter((it) => it.status === 'rejected')) {
    throw reason;
  }
}

/** Of a board that is a data set: over HTTP, from the viewer's own host, without the Hub's token. */
async function readDatasetBoard(
  { log, version, kill }: BoardReaderDependencies,
  config: Config,
  {
    write,
    ...board
  }: {
    definition: BoardDefinition;
    url: string;
    last: BoardMemory | undefined;
    write: BoardReaderOutput['write'];
  },
): Promise<BoardOutcome> {
  const { crawlDatasetBoard } = await import('../crawlers/dataset-board.ts');
  const client = openHubClient({
    endpoint: new URL(board.url).origin,
    userAgent: `huggingface-etl/${version}`,
    timeoutMs: config.timeout * 1000,
    retry: { baseMs: config.retryBase * 1000 },
    onRetry: ({ error }, waitMs) =>
      log.warn({ why: error.message, waitMs: Math.round(waitMs) }, 'asking again'),
  });
  try {
    return await crawlDatasetBoard({ client, write, now: () => new Date() }, board, kill);
  } finally {
    await client.close();
  }
}

async function browserFor(
  { env, log }: BoardReaderDependencies,
  headed = false,
): Promise<BoardDependencies['browser']> {
  const { ensureBrowser } = await import('../crawlers/browser.ts');
  const { tryBrowser } = await import('../crawlers/browser-start.ts');
  const { executablePath } = await ensureBrowser({ env, headed, log: (it) => log.info(it) });
  const sandbox = await tryBrowser(executablePath, { env });
  log.info({ browser: sandbox.version }, sandbox.reason);
  return { executablePath, sandbox: sandbox.on };
}

const crawlOptions = (config: Config): BoardCrawlOptions => ({
  verify: config.verify,
  headed: config.headed || config.pause || config.keepOpen,
  slowMoMs: config.slowMo,
  pause: config.pause,
  keepOpen: config.keepOpen,
  timeoutMs: config.boardTimeout * 1000,
});
