import { z } from 'zod';
import { TableBoard, TableColumn, type BoardDefinition } from '../definition.ts';
import { rowsOfRecords } from '../records.ts';
import type { BoardSnapshot, ShownRow } from '../snapshot.ts';
import { typed } from '../table-board.ts';
import { identityOf, numbered, tableRow } from '../table.ts';
import { attempt } from '../values.ts';

/** What rows of any board need of its definition. */
export type BoardFacts = Pick<BoardDefinition, 'identity' | 'repeats' | 'records' | 'columns'>;

/** What a board without a definition gives: no scores, each row as it was shown. */
const UNKNOWN: BoardFacts = { identity: () => '', columns: [] };

/** A row of a snapshot, loaded or shown or both. */
export interface Item {
  position: number;
  entryId: string;
  record: unknown;
  /** What the page loaded: the same, or where its rows are made of records, that record. */
  source: unknown;
  shown: ShownRow | undefined;
}

/** What a crawl found out of a page, as its snapshot carries it. */
const Inferred = z.object({
  ...TableBoard.pick({ identity: true, repeats: true }).shape,
  columns: z.array(z.unknown()),
});
const Column = z.object(TableColumn.shape);

/**
 * The facts that the crawl found out of a page that nobody described. Total: what is no such data gives
 * a board without scores, and what is no column is left out.
 */
export function inferredFacts({ inferred }: BoardSnapshot): BoardFacts {
  const { data } = Inferred.safeParse(inferred);
  if (data === undefined) return UNKNOWN;
  const columns = data.columns.flatMap((it) => Column.safeParse(it).data ?? []).map(typed);
  const identity = columns.filter(({ name }) => data.identity.includes(name));
  return { ...data, columns, identity: (row) => identityOf(row, identity) };
}

/** The rows of a snapshot with their identities, in the board's order of loading. */
export function itemsOf(facts: BoardFacts, { loaded, shown }: BoardSnapshot): Item[] {
  const { records } = facts;
  const given: unknown[] = loaded ?? shown.map(tableRow);
  const rows = records && loaded ? rowsOfRecords(records, loaded) : given;
  // A row that its definition cannot read is a reject, told by the caller.
  const plain = rows.map((row) => attempt(() => facts.identity(row)) ?? '');
  const identities = facts.repeats === true ? numbered(plain) : plain;
  const shownById = new Map(shown.map((row) => [row.identity, row]));
  return rows.map((record, position) => {
    const identity = identities[position] ?? '';
    const seen = loaded === null ? shown[position] : shownById.get(identity);
    // A row that was only shown, of a board that nobody knows any more, has the crawl's identity.
    const entryId = (identity === '' && loaded === null ? seen?.identity : identity) ?? '';
    const source = given[position];
    return { position, entryId: entryId.toWellFormed(), record, source, shown: seen };
  });
}
