import type { BoardSnapshot } from '../../capture.ts';
import type { BoardContext, BoardRows } from './board-rows.ts';
import { cleanAnyBoard, type BoardFacts } from './generic.ts';
import { cleanOpenLlm } from './open-llm.ts';

/** What a board without a definition gives: no scores, each row as it was shown. */
const UNKNOWN: BoardFacts = { identity: () => '', columns: [] };

/**
 * Turns one snapshot of a board into rows. Pure and total. Boards whose columns need more than their
 * definition says have a file of their own here.
 *
 * @param facts the board's definition; without one only shown rows are taken, with no scores.
 */
export function cleanBoard(
  snapshot: BoardSnapshot,
  context: BoardContext,
  facts: BoardFacts = UNKNOWN,
): BoardRows {
  return snapshot.renderer === 'open-llm-react' && snapshot.loaded !== null
    ? cleanOpenLlm(snapshot, context)
    : cleanAnyBoard(facts, snapshot, context);
}
