import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import { crawlBoards } from '../../../src/crawlers/boards.ts';
import { dependenciesOf } from '../../browser/board-harness.ts';
import { temporaryFolder } from '../../helpers/fixtures.ts';
import { judge, type Judgement } from './judge.ts';
import { drawPage, type DrawnPage } from './page.ts';
import { startPages } from './server.ts';

export interface ReadPage extends Judgement {
  page: DrawnPage;
  seconds: number;
}

const AT_ONCE = 12;

/** Reads pages that nobody described, in one browser, and judges each. */
export async function readPages(seeds: readonly number[]): Promise<ReadPage[]> {
  const pages = await startPages();
  const { folder, remove } = await temporaryFolder();
  const snapshots = new Map<string, BoardSnapshot>();
  try {
    const dependencies = await dependenciesOf((capture) => {
      // The crawler wrote it from this type.
      const snapshot = JSON.parse(capture.body.toString()) as BoardSnapshot;
      snapshots.set(snapshot.board, snapshot);
      return Promise.resolve();
    });
    const boards = seeds.map((seed) => ({ id: `page-${seed}`, url: pages.urlOf(seed) }));
    const options = { atOnce: AT_ONCE, timeoutMs: 60_000, deadlineMs: 180_000, seed: 1 };
    const outcomes = await crawlBoards(dependencies, { boards, evidenceFolder: folder }, options);
    return seeds.flatMap((seed, at) => {
      const page = drawPage(seed);
      const outcome = outcomes[at];
      if (!outcome) return [];
      const { seconds } = outcome;
      return [{ page, seconds, ...judge(page, outcome, snapshots.get(`page-${seed}`)) }];
    });
  } finally {
    await pages.close();
    await remove();
  }
}
