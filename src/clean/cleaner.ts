import { columnsOf } from '../tables/columns.ts';
import type { ModelContext, Table } from '../tables/table.ts';
import { conform } from './conform.ts';
import { identified, type Refusal } from './identity.ts';
import type { JsonRecord } from './json-text.ts';
import type { Repair } from './rules.ts';
import { shapeOf, type Plan } from './shape.ts';
import { createSink } from './sink.ts';
import type { TagEntry } from './tags.ts';

/** What cleaning knows beside the record. Nothing else: no clock, no I/O. */
export interface CleanContext extends ModelContext {
  /** The vocabulary of tags, by id; see `cleanTags`. Empty when it was not crawled. */
  tags: ReadonlyMap<string, TagEntry>;
}

type CleanedRecord<Row> = { ok: true; record: Row; repairs: Repair[] } | Refusal;

/**
 * A clean record from one element of a page, as `parsePage` gave it. Total: any value gives an
 * answer, never a throw. What was changed is in `repairs`; what has no column is in `params` and
 * `extra`; so each scalar of the input is found in the record, or its SHA-256 where it was cut.
 */
export type Cleaner<Row> = (value: unknown, context: CleanContext) => CleanedRecord<Row>;

/** Largest row, in bytes of JSON. Warehouses take more; nothing real comes near. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Lengths that texts of a too large record are cut to, one after the other, in UTF-16 units. */
const CUTS = [Infinity, 65_536, 1_024];

/** JSON can write one UTF-16 unit in six bytes (`\u0001`): below a sixth of the limit nothing is measured. */
const SURELY_SMALL = MAX_RECORD_BYTES / 8;

interface Around<Row> {
  /** What is known of the record as a whole. */
  before?: (record: JsonRecord) => JsonRecord;
  /** Fills what is computed from the clean record. */
  after?: (record: Row) => void;
}

/** @param table whose `row` is the clean record */
export function createCleaner<Row extends { id: string; _id: string }>(
  table: Pick<Table, 'name' | 'row'>,
  plan: Plan,
  { before = (record) => record, after = () => undefined }: Around<Row> = {},
): Cleaner<Row> {
  const shape = shapeOf(columnsOf({ ...UNKNOWN, ...table }), plan);
  return (value, context) => {
    const known = identified(value);
    if (!known.ok) return known;
    for (const longest of CUTS) {
      const sink = createSink(longest, context.tags);
      // conform gives the shape of the columns: tests hold it against the zod object.
      const record = conform(shape, before(known.record), sink) as unknown as Row;
      after(record);
      const { repairs, size } = sink;
      if (size < SURELY_SMALL || bytesOf(record) <= MAX_RECORD_BYTES)
        return { ok: true, record, repairs };
    }
    return {
      ok: false,
      reason: 'too_large',
      detail: `more than ${MAX_RECORD_BYTES} bytes after cutting texts`,
    };
  };
}

const UNKNOWN = { description: '', origin: 'model', key: [] } as const;

const bytesOf = (record: object): number => Buffer.byteLength(JSON.stringify(record));
