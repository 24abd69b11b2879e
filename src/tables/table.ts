import type { z } from 'zod';
import type { HubDataset } from './dataset-record.ts';
import type { HubSpace } from './space-record.ts';
import type { RawModel } from './raw-model/row.ts';

export const RECORD_ORIGINS = ['model', 'dataset', 'space'] as const;
export type RecordOrigin = (typeof RECORD_ORIGINS)[number];

/** The clean record of each kind of repository. */
export interface CleanRecords extends Record<RecordOrigin, object> {
  model: RawModel;
  dataset: HubDataset;
  space: HubSpace;
}

/** What a table is made from, in the one pass of the export. */
export type TableOrigin =
  RecordOrigin | 'owner' | 'board' | 'tags' | 'benchmark' | 'crawl' | 'run' | 'list' | 'backfill';

/** What a projection may know beside the clean record. */
export interface ModelContext {
  /** When the run began that saw the record: ISO 8601, UTC, with milliseconds. */
  observedAt: string;
  /** The same of the run that read what moves with a revision: an earlier one where it was carried. */
  readAt: string;
}

/** A table that we promise readers. Its zod object is the only definition of its columns. */
export interface Table<Row extends z.ZodObject = z.ZodObject, Origin extends RecordOrigin = never> {
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
  /** Version of huggingface-etl that first had this table. @default 0.1.0 */
  since?: string;
  /** Rows of a table that is made from a record alone; set when `origin` is one of records. Pure. */
  project?: (record: CleanRecords[Origin], context: ModelContext) => z.output<Row>[];
}

/**
 * A table, with the types of its rows checked against its projection.
 *
 * @see docs/tables.md, which is written from these.
 */
export function defineTable<Row extends z.ZodObject, Origin extends RecordOrigin = 'model'>(
  table: Table<Row, Origin>,
): Table<Row, Origin> {
  return table;
}
