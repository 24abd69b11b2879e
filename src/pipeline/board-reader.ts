import path from 'node:path';
import type { Configuration } from '@crawlee/http';
import { boardUrls, isDescribed, type WantedBoard } from '../boards/choice.ts';
import { FILE } from '../boards/file-source.ts';
import { userAgentOf } from '../api/client.ts';
import type { Failure } from '../api/retry.ts';
import { EtlError } from '../errors.ts';
import type { Capture } from '../storage/capture.ts';
import type { Config } from '../config.ts';
import {
  refusedOutcome,
  type BoardCrawlOptions,
  type BoardDependencies,
  type BoardOutcome,
} from '../crawlers/board-crawl.ts';
import type { MayVisit } from '../crawlers/robots.ts';
import { readMemory } from './board-memory.ts';
import type { CrawlDependencies } from './crawl-stage.ts';
import { BoardFacts } from './state.ts';

const HUB = 'https://huggingface.co';

type BoardReaderDependencies = Pick<CrawlDependencies, 'log' | 'version' | 'env' | 'kill'>;

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
  const { configuration, write, evidenceFolder, onOutcome } = output;
  const urls = boardUrls(config.boardUrl);
  const all = boards.map((board) => ({ board, url: urls[board.id] ?? board.url }));
  // Before any page is looked at: what cannot be compared is not asked for.
  const memories = new Map(boards.map(({ id }) => [id, readMemory(config.storage, id)]));
  const userAgent = userAgentOf(dependencies.version, config.contact);
  const manners = await mannersOf(dependencies, config, userAgent);
  const { refused, files, pages } = await sortOut(all, userAgent, manners.mayVisit);
  for (const outcome of refused) await onOutcome(outcome);
  const readFiles = async (): Promise<void> => {
    if (files.length === 0) return;
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
    for (const it of files) {
      if (dependencies.kill.aborted) return;
      const task = { ...it, last: memories.get(it.board.id) };
      const reader = { config: configuration, http, write, ...manners };
      await onOutcome(await crawlFileBoard(reader, task, dependencies.kill));
    }
  };
  const readPages = async (): Promise<void> => {
    if (pages.length === 0) return;
    const { log, kill, env } = dependencies;
    const options = crawlOptions(config);
    const browser = await browserFor(dependencies, options.headed);
    const { crawlBoards } = await import('../crawlers/boards.ts');
    const debug = (message: string, facts: object): void => log.debug(facts, message);
    const onWaiting = (message: string, facts: object): void => log.warn(facts, message);
    const told = { log: debug, onWaiting };
    // Sites that serve by the browser's name show what they show people; who asks stands beside it.
    const named = `${browser.userAgent} ${userAgent}`;
    await crawlBoards(
      { config: configuration, browser, env, userAgent: named, write, ...told, ...manners },
      {
        boards: pages.map(({ board }) => board),
        ...{ urls, evidenceFolder, last: (id) => memories.get(id), onOutcome },
      },
      { ...options, signal: kill },
    );
  };
  const both = await Promise.allSettled([readFiles(), readPages()]);
  for (const { reason } of both.filter((it) => it.status === 'rejected')) {
    throw reason;
  }
}

interface Manners {
  /** Undefined with `--ignore-robots`. */
  mayVisit?: MayVisit;
  /** Is kept with what was read. */
  robots?: 'ignored';
}

async function mannersOf(
  { log, kill }: BoardReaderDependencies,
  config: Config,
  userAgent: string,
): Promise<Manners> {
  if (config.ignoreRobots) {
    log.warn('robots.txt of boards is not asked: --ignore-robots');
    return { robots: 'ignored' };
  }
  const { openRobots } = await import('../crawlers/robots.ts');
  const pauseMs = config.retryBase * 1000;
  const mayVisit = openRobots({ userAgent, pauseMs, signal: kill });
  return {
    mayVisit: async (url) => (isHubApi(url, config.endpoint) ? undefined : mayVisit(url)),
  };
}

/** Whether an address is a call of the Hub's API, which is there for programs: robots.txt is about pages. */
function isHubApi(url: string, endpoint: string): boolean {
  const { origin, pathname } = new URL(url);
  const isHub = [HUB, new URL(endpoint).origin].includes(origin);
  return isHub && (pathname.startsWith('/api/') || pathname.includes('/resolve/'));
}

interface BoardAt {
  board: WantedBoard;
  url: string;
}

/** Boards that may not be visited, boards that need no browser, and the others. */
async function sortOut(
  all: readonly BoardAt[],
  userAgent: string,
  mayVisit: MayVisit = () => Promise.resolve(),
): Promise<{ refused: BoardOutcome[]; files: BoardAt[]; pages: BoardAt[] }> {
  const found = { refused: [] as BoardOutcome[], files: [] as BoardAt[], pages: [] as BoardAt[] };
  const asked = await Promise.allSettled(all.map(({ url }) => mayVisit(url)));
  for (const [at, answer] of asked.entries()) {
    const it = all[at];
    if (!it) continue;
    if (answer.status === 'fulfilled') {
      found[(await isFileBoard(it, userAgent)) ? 'files' : 'pages'].push(it);
    } else if (answer.reason instanceof EtlError) {
      const of = { board: it.board.id, url: it.url, renderer: null, seconds: 0 };
      found.refused.push(refusedOutcome(of, answer.reason));
    } else throw answer.reason;
  }
  return found;
}

/** Whether no browser is needed for a board; one that nobody described is asked what it is. */
async function isFileBoard({ board, url }: BoardAt, userAgent: string): Promise<boolean> {
  if (isDescribed(board) || board.renderer !== undefined) return board.renderer === FILE;
  return (await import('../crawlers/file-board.ts')).isFile(url, userAgent);
}

async function browserFor(
  { env, log }: BoardReaderDependencies,
  headed = false,
): Promise<BoardDependencies['browser'] & { userAgent: string }> {
  const { ensureBrowser } = await import('../crawlers/browser.ts');
  const { tryBrowser } = await import('../crawlers/browser-start.ts');
  const { executablePath } = await ensureBrowser({ env, headed, log: (it) => log.info(it) });
  const sandbox = await tryBrowser(executablePath, { env });
  log.info({ browser: sandbox.version }, sandbox.reason);
  return { executablePath, sandbox: sandbox.on, userAgent: sandbox.userAgent };
}

const crawlOptions = (config: Config): BoardCrawlOptions => ({
  verify: config.verify,
  headed: config.headed || config.pause || config.keepOpen,
  slowMoMs: config.slowMo,
  pause: config.pause,
  keepOpen: config.keepOpen,
  timeoutMs: config.boardTimeout * 1000,
});

/** What a run keeps of a board's reading. */
export function factsOfOutcome(outcome: BoardOutcome, storageDir: string): BoardFacts {
  const { evidence, error } = outcome;
  return BoardFacts.parse({
    ...outcome,
    found: foundIn(outcome),
    evidence: evidence === undefined ? undefined : path.relative(storageDir, evidence),
    error: error && {
      ...{ code: error.code, message: error.message },
      since: error.context['since'] ?? undefined,
    },
  });
}

/** Undefined for a board that is described, or a page that could not be read. */
function foundIn({ inferred, tables = [] }: BoardOutcome) {
  if (inferred === undefined) return undefined;
  const { columns, identity, repeats = false } = inferred;
  return {
    model: columns.find(({ kind }) => kind === 'model')?.header ?? '',
    identity: columns.filter(({ name }) => identity.includes(name)).map(({ header }) => header),
    ...{ repeats, columns, tables },
  };
}
