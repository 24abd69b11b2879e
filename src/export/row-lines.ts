import { columnsOf } from '../tables/columns.ts';
import type { Table } from '../tables/table.ts';
import type { ByteSink } from './byte-sink.ts';
import { recordWriter, RowRefused } from './record-writer.ts';
import type { SharedValues } from './shared-values.ts';
import { putByte } from './value-writers.ts';

export { RowRefused } from './record-writer.ts';

/**
 * Writes a row as a JSONL line, keys in the order of the columns, nulls left out (every warehouse
 * reads a missing key as null).
 *
 * @throws {RowRefused} when the row does not satisfy the table's strict schema; part of the line may
 * have been written then, so the caller sets the sink's length back.
 */
export type WriteRow = (row: object, sink: ByteSink) => void;

const NEWLINE = 0x0a;

/**
 * Compiles a table's columns into its writer. It checks while it writes, in one walk: zod's parse and
 * `JSON.stringify` after it take three times as long, and a test holds both against each other.
 *
 * @param shared what it has in common with the writers of other tables, for one record at a time
 */
export function createWriteRow(table: Table, shared?: SharedValues): WriteRow {
  const write = recordWriter(columnsOf(table), table.name, shared);
  return (row, sink) => {
    if (!write(row, sink)) throw new RowRefused(`${table.name}: not a row`);
    putByte(sink, NEWLINE);
  };
}
