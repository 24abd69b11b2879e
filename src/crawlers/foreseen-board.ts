import type { TableRow } from '../boards/table.ts';
import { shapeOf, type BoardShape } from '../boards/shape.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import { judgeLoaded, reconcile, type JudgedRows } from './reconcile.ts';
import {
  judgeTable,
  reconcileTable,
  type JudgedTable,
  type Reconciliation,
} from './reconcile-table.ts';
import { tableHeaders } from '../boards/headers.ts';
import type { BoardReading } from '../boards/reading.ts';

/** What is known of a board from its loaded rows, before it is known what the page shows of them. */
export interface ForeseenBoard {
  rows: unknown[];
  /** One of the two: a table's rows are judged with its headers. */
  judged: JudgedRows | null;
  table: JudgedTable | null;
  shape: BoardShape;
}

/** Judges rows while their page still draws them; null where that takes what the page shows. */
export function foresee(
  definition: BoardDefinition,
  rows: unknown[],
  renderer: string,
): ForeseenBoard | null {
  try {
    const loaded = { loaded: rows, shown: [], headers: [] };
    if (!definition.table) {
      const shape = shapeOf(definition, loaded, renderer);
      return { rows, judged: judgeLoaded(definition, rows), table: null, shape };
    }
    const table = judgeTable(definition, rows as TableRow[], tableHeaders([], rows));
    const { identities, match } = table;
    if (match.diff.length > 0) return null;
    const shape = shapeOf(definition, { ...loaded, identities }, renderer);
    return { rows, judged: null, table, shape };
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
  const known = foreseen?.rows === reading.loaded ? foreseen : null;
  const shape = known && { ...known.shape, headers: reading.headers };
  if (shape && known.judged) {
    return { agreed: reconcile(definition, reading, known.judged), shape };
  }
  // A page that has its columns in another order, or more of them, is another one than was foreseen.
  const headers = tableHeaders(reading.headers, reading.loaded);
  if (shape && known.table && isEqual(known.table.headers, headers)) {
    return { agreed: reconcileTable(definition, reading, known.table), shape };
  }
  const agreed = reconcile(definition, reading);
  return { agreed, shape: shapeOf(definition, reading, renderer) };
}

const isEqual = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((it, place) => it === others[place]);
