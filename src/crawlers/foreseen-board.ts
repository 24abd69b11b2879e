import { shapeOf, type BoardShape } from './board-shape.ts';
import type { BoardDefinition } from './boards/definition.ts';
import { judgeLoaded, reconcile, type JudgedRows } from './reconcile.ts';
import type { Reconciliation } from './reconcile-table.ts';
import type { BoardReading } from './renderers/renderer.ts';

/** What is known of a board from its loaded rows, before it is known what the page shows of them. */
export interface ForeseenBoard {
  rows: unknown[];
  judged: JudgedRows;
  shape: BoardShape;
}

/** Judges rows while their page still draws them; null where that takes what the page shows. */
export function foresee(
  definition: BoardDefinition,
  rows: unknown[],
  renderer: string,
): ForeseenBoard | null {
  if (definition.table) return null;
  try {
    const shape = shapeOf(definition, { loaded: rows, shown: [], headers: [] }, renderer);
    return { rows, judged: judgeLoaded(definition, rows), shape };
  } catch {
    return null; // rows that cannot be judged are refused once they are read, with the reason
  }
}

/**
 * Compares a reading with itself, and says what the board looks like; of rows that were foreseen only
 * what is left to say.
 *
 * @throws {BoardDriftError} BOARD_DRIFT with the differences
 */
export function judge(
  definition: BoardDefinition,
  reading: BoardReading,
  given: { renderer: string; foreseen: ForeseenBoard | null },
): { agreed: Reconciliation; shape: BoardShape } {
  const { renderer, foreseen } = given;
  if (foreseen === null || foreseen.rows !== reading.loaded) {
    const agreed = reconcile(definition, reading);
    return { agreed, shape: shapeOf(definition, reading, renderer) };
  }
  const agreed = reconcile(definition, reading, foreseen.judged);
  return { agreed, shape: { ...foreseen.shape, headers: reading.headers } };
}
