import { differs, type Difference } from '../../boards/drift.ts';
import { partialities, type TableSize } from './doubts.ts';
import { statedByPages, type PagesSay } from './paged.ts';
import { mayBeBatch, type TablePayload } from './payload.ts';
import { statedSize } from './stated.ts';

/** A table and, where it has pages and all of them were read, what these say of it. */
export interface WholeTable extends TableSize {
  pages?: PagesSay;
}

/**
 * How it is known that a table is whole, and what speaks against it: `isLoaded` where the page loaded
 * as many rows, else `total` where that is stated; with neither, its rows are those that it showed at
 * rest, at the end of every scroll and page. Pure.
 */
export function wholeness(
  table: WholeTable,
  payload: TablePayload | null,
): { isLoaded: boolean; total: number | null; differences: Difference[] } {
  const { rows, around, pages } = table;
  const isLoaded = payload?.length === rows.length;
  const { total, differences } = pages ?? statedByPages([{ rows, ...around }]);
  const doubts = isLoaded && pages ? [] : differences;
  const isBatch = isLoaded && payload.stated > rows.length && mayBeBatch(payload);
  const size = { ...statedSize(around.notes, rows.length), total };
  return {
    isLoaded,
    total,
    differences: [
      ...(payload?.differences ?? []),
      ...doubts,
      ...(isBatch ? [differs('rows that the loaded data state', payload.stated, rows.length)] : []),
      ...(isLoaded ? [] : partialities(table, size)),
    ],
  };
}
