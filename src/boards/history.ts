import { z } from 'zod';
import type { BoardColumn } from './definition.ts';
import type { BoardSnapshot } from './snapshot.ts';
import { cellOf, shownNumber } from './table.ts';
import { attempt, numberOf } from './values.ts';
import { inferredFacts, itemsOf, type BoardFacts, type Item } from './rows/facts.ts';

/** A score that a board gave anew. */
const Revision = z.object({
  /** The board's own identity of the row. */
  identity: z.string(),
  /** Our name of the score. */
  column: z.string(),
  before: z.number().nullable(),
  after: z.number().nullable(),
});
type Revision = z.infer<typeof Revision>;

const texts = z.array(z.string());

/** What became of a board between two captures; a run keeps it. */
export const BoardChanges = z.object({
  added: z.number(),
  removed: z.number(),
  /** Scores, not rows. */
  revised: z.number(),
  /** Headers that only one of the two has. */
  headers: z.object({ added: texts, removed: texts }),
  /** The first of each. */
  examples: z.object({ added: texts, removed: texts, revised: z.array(Revision) }),
});
export type BoardChanges = z.infer<typeof BoardChanges>;

/** More examples than this nobody reads; the tables have them all. */
const EXAMPLES = 20;

/**
 * What was added, removed and revised: rows by the board's own identity, scores by their column. Pure
 * and total. Of rows that one identity names several times the first counts.
 *
 * @param facts the board's definition; without one, what the crawl found out of the later page
 */
export function compareSnapshots(
  before: BoardSnapshot,
  after: BoardSnapshot,
  facts: BoardFacts = inferredFacts(after),
): BoardChanges {
  const [old, now] = [rowsOf(facts, before), rowsOf(facts, after)];
  const added = [...now.keys()].filter((identity) => !old.has(identity));
  const removed = [...old.keys()].filter((identity) => !now.has(identity));
  // Texts are rounded: a loaded number and a shown one are not compared.
  const asShown = (before.loaded === null) !== (after.loaded === null);
  const revised = revisions(facts, { old, now, asShown });
  const first = <Value>(values: readonly Value[]): Value[] => values.slice(0, EXAMPLES);
  return {
    added: added.length,
    removed: removed.length,
    revised: revised.length,
    headers: {
      added: after.headers.filter((header) => !before.headers.includes(header)),
      removed: before.headers.filter((header) => !after.headers.includes(header)),
    },
    examples: { added: first(added), removed: first(removed), revised: first(revised) },
  };
}

type Rows = ReadonlyMap<string, Item>;

function rowsOf(facts: BoardFacts, snapshot: BoardSnapshot): Rows {
  const rows = new Map<string, Item>();
  for (const item of itemsOf(facts, snapshot)) {
    if (item.entryId !== '' && !rows.has(item.entryId)) rows.set(item.entryId, item);
  }
  return rows;
}

function revisions(
  { columns }: BoardFacts,
  { old, now, asShown }: { old: Rows; now: Rows; asShown: boolean },
): Revision[] {
  return columns
    .filter(({ score }) => score === true)
    .flatMap((column) => {
      const scores = [...old].map(
        ([identity, it]) => [identity, scoreOf(it, column, asShown)] as const,
      );
      // A score that no row had is a new column, not a revision of each row.
      if (scores.every(([, before]) => before === null)) return [];
      return scores.flatMap(([identity, before]): Revision[] => {
        const item = now.get(identity);
        const after = item === undefined ? before : scoreOf(item, column, asShown);
        return before === after ? [] : [{ identity, column: column.name, before, after }];
      });
    });
}

/** Null where there is no number. */
function scoreOf({ record }: Item, column: BoardColumn, asShown: boolean): number | null {
  const text = cellOf(record, column)?.text;
  if (asShown && text !== undefined) return shownNumber(text, column);
  return numberOf(attempt(() => column.value(record)));
}
