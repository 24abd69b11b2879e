import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStorage } from '@crawlee/memory-storage';
import { Configuration } from 'crawlee';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import type { BoardOutcome } from '../../src/crawlers/board-crawl.ts';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import { tableBoard } from '../../src/boards/table-board.ts';
import type { UndescribedBoard } from '../../src/boards/infer.ts';

interface ReadingBrowser {
  executablePath: string;
  sandbox: boolean;
}

interface WantedReading {
  definition: BoardDefinition | UndescribedBoard;
  url: string;
  verify: 'sample' | 'all';
}

/** Reads a board once, as a crawl does, and gives the seconds from navigation to the decision. */
export const readBoard = async (browser: ReadingBrowser, board: WantedReading): Promise<number> =>
  (await visitOnce(browser, board)).seconds;

/** Finds out what a page is, as `boards new` does. */
export async function describePage(browser: ReadingBrowser, url: string) {
  const board = { definition: { id: 'bench', url }, url, verify: 'sample' as const };
  const { inferred } = await visitOnce(browser, board);
  if (inferred === undefined) throw new Error(`${url} was read without being found out`);
  return tableBoard(inferred);
}

async function visitOnce(browser: ReadingBrowser, board: WantedReading): Promise<BoardOutcome> {
  const { definition, url, verify } = board;
  const evidenceFolder = await mkdtemp(join(tmpdir(), 'bench-board-'));
  const storageClient = new MemoryStorage({ persistStorage: false });
  const [outcome] = await crawlBoards(
    {
      config: new Configuration({ persistStorage: false, purgeOnStart: false, storageClient }),
      browser,
      userAgent: 'huggingface-etl/bench',
      write: () => Promise.resolve(),
    },
    { boards: [definition], urls: { [definition.id]: url }, evidenceFolder },
    { verify },
  );
  await rm(evidenceFolder, { recursive: true });
  if (outcome?.status === 'verified') return outcome;
  throw new Error(`The page is ${outcome?.status ?? 'not read'}: ${outcome?.error?.message ?? ''}`);
}
