import type { Configuration } from 'crawlee';
import { openHubClient } from '../api/client.ts';
import { boardUrls, isDescribed, type WantedBoard } from '../boards/choice.ts';
import type { Capture } from '../storage/capture.ts';
import type { Config } from '../config.ts';
import type {
  BoardCrawlOptions,
  BoardDependencies,
  BoardOutcome,
} from '../crawlers/board-crawl.ts';
import { readMemory } from '../boards/last-good-file.ts';
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
}

/** Reads one board: looks at its page, decides, and writes a capture of what may be used. */
export type ReadBoard = (board: WantedBoard) => Promise<BoardOutcome>;

/**
 * A reader of boards. The browser is found and tried once, when the first page wants it.
 *
 * @throws {EtlError} CONFIG_INVALID; the reader itself throws BROWSER_MISSING, BROWSER_FAILED,
 * BOARD_UNKNOWN, STORAGE_CORRUPT and what `write` throws, and tells everything else as an outcome
 */
export function openBoardReader(
  dependencies: BoardReaderDependencies,
  config: Config,
  output: BoardReaderOutput,
): ReadBoard {
  const { log, version, kill } = dependencies;
  const urls = boardUrls(config.boardUrl);
  let trying: ReturnType<typeof browserFor> | undefined;
  return async (board) => {
    // Before the page is looked at: what cannot be compared is not asked for.
    const memory = readMemory(config.storage, board.id);
    if (isDescribed(board) && board.renderer === DATASET) {
      const url = urls[board.id] ?? board.url;
      return readDatasetBoard(dependencies, config, {
        definition: board,
        url,
        last: memory,
        write: output.write,
      });
    }
    const browser = await (trying ??= browserFor(dependencies));
    const { crawlBoards } = await import('../crawlers/boards.ts');
    const [outcome] = await crawlBoards(
      {
        config: output.configuration,
        browser,
        userAgent: `huggingface-etl/${version}`,
        write: output.write,
        log: (message, facts) => log.debug(facts, message),
      },
      { boards: [board], urls, evidenceFolder: output.evidenceFolder, last: () => memory },
      { ...crawlOptions(config), signal: kill },
    );
    if (outcome === undefined) throw new Error(`The crawl of ${board.id} had no outcome`);
    return outcome;
  };
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

async function browserFor({
  env,
  log,
}: BoardReaderDependencies): Promise<BoardDependencies['browser']> {
  const { ensureBrowser } = await import('../crawlers/browser.ts');
  const { tryBrowser } = await import('../crawlers/browser-start.ts');
  const { executablePath } = await ensureBrowser({ env, log: (message) => log.info(message) });
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
