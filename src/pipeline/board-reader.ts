import type { Configuration } from '@crawlee/http';
import { boardUrls, isDescribed, type WantedBoard } from '../boards/choice.ts';
import { FILE } from '../boards/file-source.ts';
import type { Failure } from '../api/retry.ts';
import type { Capture } from '../storage/capture.ts';
import type { Config } from '../config.ts';
import type {
  BoardCrawlOptions,
  BoardDependencies,
  BoardOutcome,
} from '../crawlers/board-crawl.ts';
import { readMemory } from './board-memory.ts';
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
  const userAgent = `huggingface-etl/${dependencies.version}`;
  const files = new Set<WantedBoard>();
  for (const board of boards) if (await isFileBoard(board, userAgent)) files.add(board);
  const readFiles = async (): Promise<void> => {
    if (files.size === 0) return;
    const { crawlFileBoard } = await import('../crawlers/file-board.ts');
    const http = {
      ...{
        userAgent,
        timeoutMs: config.timeout * 1000,
        retry: { baseMs: config.retryBase * 1000 },
      },
      onRetry: ({ error }: Failure, waitMs: number) =>
        dependencies.log.warn({ why: error.message, waitMs: Math.round(waitMs) }, 'asking again'),
    };
    const { configuration, write, onOutcome } = output;
    for (const board of files) {
      if (dependencies.kill.aborted) return;
      const task = { board, url: urls[board.id] ?? board.url, last: memories.get(board.id) };
      const reader = { config: configuration, http, write };
      await onOutcome(await crawlFileBoard(reader, task, dependencies.kill));
    }
  };
  const pages = boards.filter((board) => !files.has(board));
  const readPages = async (): Promise<void> => {
    if (pages.length === 0) return;
    const { log, kill, env } = dependencies;
    const options = crawlOptions(config);
    const browser = await browserFor(dependencies, options.headed);
    const { crawlBoards } = await import('../crawlers/boards.ts');
    const { configuration, write, evidenceFolder, onOutcome } = output;
    const debug = (message: string, facts: object): void => log.debug(facts, message);
    const onWaiting = (message: string, facts: object): void => log.warn(facts, message);
    await crawlBoards(
      { config: configuration, browser, env, userAgent, write, log: debug, onWaiting },
      { boards: pages, urls, evidenceFolder, last: (id) => memories.get(id), onOutcome },
      { ...options, signal: kill },
    );
  };
  const both = await Promise.allSettled([readFiles(), readPages()]);
  for (const { reason } of both.filter((it) => it.status === 'rejected')) {
    throw reason;
  }
}

/** Whether no browser is needed for a board; one that nobody described is asked what it is. */
async function isFileBoard(board: WantedBoard, userAgent: string): Promise<boolean> {
  if (isDescribed(board) || board.renderer !== undefined) return board.renderer === FILE;
  return (await import('../crawlers/file-board.ts')).isFile(board.url, userAgent);
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
