import { sharedMemory } from './byte-sink.ts';
import { KEY_WORDS } from './id-set.ts';

/** What a page tells of its records beside their lines, in memory that threads share. */
export interface PageFacts {
  /** One of `OUTCOME` a record. */
  outcomes: Uint8Array;
  /** `KEY_WORDS` a record: see `writeKey`. */
  keys: Uint32Array;
  /** Where the `_id` of a record ends in the names of the page; its name follows and ends at `nameEnds`. */
  idEnds: Uint32Array;
  nameEnds: Uint32Array;
  tables: TableFacts[];
}

export interface TableFacts {
  /** Where the lines of record i end. */
  ends: Uint32Array;
  /** Rows that record i gave. */
  rows: Uint32Array;
}

const WORD_BYTES = 4;

/**
 * Facts of a page of so many records, all zero.
 *
 * @param memory of an earlier page, which is used again when it has room: forty arrays that are made for
 * each page and go from thread to thread are garbage of both.
 */
export function pageFacts(
  { records, tables }: { records: number; tables: number },
  memory?: ArrayBufferLike,
): PageFacts {
  const words = records * (KEY_WORDS + 2 + 2 * tables);
  const bytes = words * WORD_BYTES + records;
  const room = memory !== undefined && memory.byteLength >= bytes ? memory : sharedMemory(bytes);
  new Uint8Array(room, 0, bytes).fill(0);
  let at = 0;
  const take = (count: number): Uint32Array => {
    const taken = new Uint32Array(room, at, count);
    at += count * WORD_BYTES;
    return taken;
  };
  return {
    keys: take(records * KEY_WORDS),
    idEnds: take(records),
    nameEnds: take(records),
    tables: Array.from({ length: tables }, () => ({ ends: take(records), rows: take(records) })),
    outcomes: new Uint8Array(room, at, records),
  };
}
