import { columnsOf, type Column } from '../tables/columns.ts';
import type { Table } from '../tables/table.ts';
import { copyBytes, type ByteSink } from './byte-sink.ts';
import type { WriteValue } from './value-writers.ts';

/**
 * What several tables say of the same record (its ids, author, times, tags) is checked and written
 * once; the other tables copy the bytes.
 */
export interface SharedValues {
  /** To be called before the rows of another record: what was written before is not looked at again. */
  forget: () => void;
  /** The writer of a column, with a memory when other tables have the same column. */
  remembering: (column: Column, write: WriteValue) => WriteValue;
}

/** Memories for the columns that at least two of the tables have in common. */
export function createSharedValues(tables: readonly Table[]): SharedValues {
  const counts = new Map<string, number>();
  for (const column of tables.flatMap(columnsOf)) {
    const shape = shapeOf(column);
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const slots = new Map<string, Slot>();
  const clock = { record: 0 };
  return {
    forget: () => {
      clock.record += 1;
    },
    remembering: (column, write) => {
      const shape = shapeOf(column);
      if (!isWorthIt(column) || (counts.get(shape) ?? 0) < 2) return write;
      const slot: Slot = slots.get(shape) ?? { record: -1, value: '', start: 0, end: 0 };
      slots.set(shape, slot);
      return remember(slot, clock, write);
    },
  };
}

/** Where a value was written last. */
interface Slot {
  record: number;
  value: unknown;
  sink?: ByteSink;
  start: number;
  end: number;
}

function remember(slot: Slot, clock: { record: number }, write: WriteValue): WriteValue {
  return (value, sink) => {
    if (slot.record === clock.record && slot.value === value && slot.sink !== undefined) {
      copyBytes(slot.sink, slot, sink);
      return true;
    }
    const start = sink.length;
    if (!write(value, sink)) return false;
    slot.record = clock.record;
    slot.value = value;
    // Writing to an old object takes longer than looking.
    if (slot.sink !== sink) slot.sink = sink;
    slot.start = start;
    slot.end = sink.length;
    return true;
  };
}

/** Numbers and booleans are written as quickly as they are copied. */
const isWorthIt = ({ type }: Column): boolean =>
  type === 'STRING' || type === 'TIMESTAMP' || type === 'DATE' || type === 'RECORD';

/** Equal for columns that take the same values and write them in the same way. */
const shapeOf = ({ name, type, mode, fields, values, pattern }: Column): string =>
  JSON.stringify([name, type, mode === 'REPEATED', fields?.map(shapeOf), values, pattern]);
