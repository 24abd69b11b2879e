import type { BoardSnapshot } from '../snapshot.ts';
import type { BoardContext, BoardRows } from './rows.ts';
import { inferredFacts, type BoardFacts } from './facts.ts';
import { cleanAnyBoard } from './generic.ts';
import { cleanOpenLlm } from './open-llm.ts';

/**
 * Turns one snapshot of a board into rows. Pure and total. Boards whose columns need more than their
 * definition says have a file of their own here.
 *
 * @param facts the board's definition; without one, what the crawl found out
 * of the page; without that only shown rows are taken, with no scores.
 */
export function cleanBoard(
  snapshot: BoardSnapshot,
  context: BoardContext,
  facts: BoardFacts = inferredFacts(snapshot),
): BoardRows {
  return snapshot.renderer === 'open-llm' && snapshot.loaded !== null
    ? cleanOpenLlm(snapshot, context)
    : cleanAnyBoard(facts, snapshot, context);
}
