import type { BoardMemory } from '../../../src/boards/last-good.ts';
import {
  newRun,
  saveRun,
  type BoardFacts,
  type CrawlParams,
  type RunState,
} from '../../../src/pipeline/state.ts';

/** What a crawl of boards is asked for. */
export const PARAMS: CrawlParams = {
  ...{ command: 'crawl', endpoint: '', sources: ['boards'], board: null, boardUrl: [] },
  ...{ limit: null, filter: null, author: null, url: null, id: null, renderer: null },
  ...{ table: null, ignoreRobots: false, overviews: 0, details: null },
};

/** A board that was read, and is as it should be. */
export const READ: BoardFacts = {
  ...{ status: 'verified', proof: 'counted', variant: '', hidden: 0, shownChecked: 2, rows: 2 },
  ...{ stated: { shown: null, total: null }, loaded: null, seconds: 1, warnings: [] },
};

/** Its last good capture, less what it looked like. */
export const MEMORY: BoardMemory = {
  ...{ format: 1, board: 'x', url: 'http://127.0.0.1/', run: '1', dataset: 'boards-1', n: 0 },
  ...{ capturedAt: '', renderer: 'html', variant: '', headers: [], rows: 2, identity: [] },
  ...{ columns: [], identitiesSha256: '', before: null, isAccepted: false },
};

/** A run after those that there are, which read these boards. */
export function saveBoards(
  storage: string,
  boards: Record<string, BoardFacts>,
  facts: Partial<RunState> = {},
): void {
  const run = newRun(storage, { params: PARAMS, version: '', now: new Date(0) });
  saveRun(storage, { ...run, ...facts, sources: { boards } });
}
