import type { z } from 'zod';
import type { RawModel } from './raw-model/row.ts';

/** What a table is made from, in the one pass of the export. */
export type TableOrigin = 'model' | 'board' | 'tags' | 'benchmark' | 'crawl' | 'run' | 'list';

/** What a projection may know beside the clean record. */
export interface ModelContext {
  /** When the run began that saw the record: ISO 8601, UTC, with milliseconds. */
  observedAt: string;
  /** Id of the run. */
  run: string;
}

/** A table that we promise readers. Its zod object is the only definition of its columns. */
export interface Table<Row extends z.ZodObject = z.ZodObject> {
  /** snake_case; the file of the table has the same name in kebab-case. */
  name: string;
  /** What one row is, and what a reader would guess wrong. At most 1,024 characters. */
  description: string;
  origin: TableOrigin;
  /** Strict: an unknown key is refused. Key order is column order. */
  row: Row;
  /** Columns that are unique together; empty when rows may repeat. */
  key: readonly string[];
  /** Column whose day partitions the history; set for tables that are appended to, day by day. */
  historyBy?: string;
  /** Version of huggingface-etl that first had this table. */
  since: string;
  /** Rows of a table that is made from a model alone; set when `origin` is `model`. Pure. */
  project?: (model: RawModel, context: ModelContext) => z.output<Row>[];
}

/**
 * A table, with the types of its rows checked against its projection.
 *
 * @see docs/tables.md, which is written from these.
 */
export function defineTable<Row extends z.ZodObject>(table: Table<Row>): Table<Row> {
  return table;
}
