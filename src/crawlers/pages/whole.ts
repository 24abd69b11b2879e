import { differs, type Difference } from '../../boards/drift.ts';
import { hiddenRows, partialities, veils, type TableSize } from './doubts.ts';
import { statedByPages, type PagesSay } from './paged.ts';
import { mayBeBatch, type TablePayload } from './payload.ts';
import { statedSize, totalOf } from './stated.ts';

/** A table and, where it has pages and all of them were read, what these say of it. */
export interface WholeTable extends TableSize {
  pages?: PagesSay;
}

/**
 * How many rows a table has in all, by what the page loaded or states; null where neither is known: then
 * its rows are those that it showed at rest, at the end of every scroll and page. `hidden` are loaded
 * rows that the page does not show; `differences` speak against the table being whole. Pure.
 */
export function wholeness(
  table: WholeTable,
  payload: TablePayload | null,
): { total: number | null; hidden: number; differences: Difference[] } {
  const { rows, around, pages } = table;
  const loaded = payload?.length ?? null;
  const hidden = hiddenRows(table, payload);
  const isLoaded = payload?.length === rows.length;
  const { total, differences } = pages ?? statedByPages([{ rows, ...around }]);
  const doubts = isLoaded && pages ? [] : differences;
  const size = { ...statedSize(around.notes, rows.length), total };
  return {
    total: totalOf(size, { rows: rows.length, loaded, hidden }),
    hidden,
    differences: [
      ...(payload?.differences ?? []),
      ...doubts,
      ...(isLoaded ? batchDifferences(payload) : []),
      ...veils(table),
      ...(isLoaded ? [] : partialities(table, size)),
    ],
  };
}

/** Loaded data that state more rows than they hold are a batch of them. */
const batchDifferences = (payload: TablePayload): Difference[] =>
  payload.stated > payload.length && mayBeBatch(payload)
    ? [differs('rows that the loaded data state', payload.stated, payload.length)]
    : [];
