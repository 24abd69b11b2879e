import type { Entry, KeyValue, SortKey } from './store.ts';

export interface Order {
  sort: SortKey;
  /** 1 ascending, -1 descending. */
  direction: 1 | -1;
}

/** A place in an order: just behind the entry with this key and `_id`. */
export interface Position {
  value: KeyValue;
  _id: string;
}

/** The Hub's order: the key in its direction, then `_id` ascending; entries without the key last. */
export function comparePositions({ direction }: Order): (a: Position, b: Position) => number {
  return (a, b) => {
    if (a.value !== b.value) {
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      return a.value < b.value ? -direction : direction;
    }
    if (a._id === b._id) return 0;
    return a._id < b._id ? -1 : 1;
  };
}

export const positionOf = (entry: Entry, { sort }: Order): Position => ({
  value: entry.keys[sort],
  _id: entry._id,
});

/**
 * The cursor behind a position, as the Hub writes it: base64 of the Mongo filter that finds what
 * follows. It holds all of its state, so it stays valid for ever and for any `limit`.
 */
export function encodeCursor(order: Order, { value, _id }: Position): string {
  const { sort, direction } = order;
  const tie = { [sort]: value, _id: { $gt: _id } };
  const filter =
    value === null
      ? { $or: [tie] }
      : {
          $or: [tie, { [sort]: { [direction === 1 ? '$gt' : '$lt']: value } }, { [sort]: null }],
        };
  return Buffer.from(JSON.stringify(filter)).toString('base64');
}

/** The position that a cursor names, or undefined when it is none of this order. */
export function decodeCursor(order: Order, cursor: string): Position | undefined {
  const tie = readTie(cursor);
  if (tie === undefined) return undefined;
  const value = tie[order.sort];
  const _id: unknown = isObject(tie['_id']) ? tie['_id']['$gt'] : undefined;
  if (typeof _id !== 'string') return undefined;
  if (value !== null && typeof value !== 'string' && typeof value !== 'number') return undefined;
  const position = { value, _id };
  // Writing it again settles that its branches fit the key and the direction of this request.
  const canonical = Buffer.from(cursor, 'base64').toString('base64');
  return encodeCursor(order, position) === canonical ? position : undefined;
}

function readTie(cursor: string): Record<string, unknown> | undefined {
  try {
    const filter: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
    const branches = isObject(filter) ? filter['$or'] : undefined;
    const tie: unknown = Array.isArray(branches) ? branches[0] : undefined;
    return isObject(tie) ? tie : undefined;
  } catch {
    return undefined; // not JSON: no cursor of ours, which the caller reports
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
