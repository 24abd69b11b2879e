import { comparePositions, encodeCursor, positionOf } from './cursor.ts';
import type { ListQuery } from './query.ts';
import { readTags, renderEntry } from './store.ts';
import type { Entry, Store } from './store.ts';

/** One page of a list before it is written. */
export interface Page {
  /** JSON text of each record. */
  records: string[];
  entries: readonly Entry[];
  /** Cursor of the page after this one; null on the last. */
  next: string | null;
}

/** Answers pages of a store by keyset, without any state between two requests. */
export interface Pager {
  read(query: ListQuery): Page;
  /** How many entries the query lists in all its pages. */
  count(query: ListQuery): number;
}

/** How many ordered and filtered lists are kept; each costs eight bytes an entry. */
const KEPT_ORDERS = 32;

export function createPager(store: Store): Pager {
  const orders = new Map<string, readonly Entry[]>();

  const orderOf = (query: ListQuery): readonly Entry[] => {
    const { sort, direction, filters, author, search, pipelineTag } = query;
    const key = JSON.stringify([sort, direction, filters, author, search, pipelineTag]);
    const known = orders.get(key);
    if (known !== undefined) return known;
    const compare = comparePositions(query);
    const ordered = selectEntries(store, query).sort((a, b) =>
      compare(positionOf(a, query), positionOf(b, query)),
    );
    const [oldest] = orders.keys();
    if (orders.size >= KEPT_ORDERS && oldest !== undefined) orders.delete(oldest);
    orders.set(key, ordered);
    return ordered;
  };

  return {
    count: (query) => orderOf(query).length,
    read(query) {
      const ordered = orderOf(query);
      const start = findStart(ordered, query);
      const entries = ordered.slice(start, start + query.limit);
      const last = entries.at(-1);
      const isLast = last === undefined || start + entries.length >= ordered.length;
      return {
        records: entries.map((entry) => renderEntry(entry, query.fields)),
        entries,
        next: isLast ? null : encodeCursor(query, positionOf(last, query)),
      };
    },
  };
}

function findStart(ordered: readonly Entry[], query: ListQuery): number {
  const { after } = query;
  if (after === null) return 0;
  const compare = comparePositions(query);
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = ordered[middle];
    if (entry !== undefined && compare(positionOf(entry, query), after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function selectEntries(store: Store, query: ListQuery): Entry[] {
  const { filters, author, search, pipelineTag } = query;
  const wanted = search?.toLowerCase();
  return store.entries.filter((entry) => {
    if (author !== null && entry.author !== author) return false;
    if (wanted !== undefined && !entry.id.toLowerCase().includes(wanted)) return false;
    if (filters.length === 0 && pipelineTag === null) return true;
    const tags = readTags(entry);
    if (!filters.every((filter) => tags.includes(filter))) return false;
    return pipelineTag === null || hasPipelineTag(entry, pipelineTag);
  });
}

function hasPipelineTag(entry: Entry, task: string): boolean {
  return renderEntry(entry, ['pipeline_tag']).endsWith(`,"pipeline_tag":${JSON.stringify(task)}}`);
}
