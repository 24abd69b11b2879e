import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStorage } from '@crawlee/memory-storage';
import { Configuration } from 'crawlee';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import type { BoardDefinition } from '../../src/crawlers/boards/definition.ts';

/** Reads a board once, as a crawl does, and gives the seconds from navigation to the decision. */
export async function readBoard(
  browser: { executablePath: string; sandbox: boolean },
  board: { definition: BoardDefinition; url: string; verify: 'sample' | 'all' },
): Promise<number> {
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
  if (outcome?.status === 'verified') return outcome.seconds;
  throw new Error(`The page is ${outcome?.status ?? 'not read'}: ${outcome?.error?.message ?? ''}`);
}
