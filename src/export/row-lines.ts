import type { Table } from '../tables/table.ts';

/** What a row must not have: the path and the reason, in zod's words. */
export class RowRefused extends Error {}

export type FormatRow = (row: object) => string;

/**
 * The JSONL line of a row, newline included, keys in the order of the columns. The row is checked
 * against the table's strict schema first.
 *
 * @throws {RowRefused} when the row does not satisfy the schema.
 */
export function createFormatRow(table: Table): FormatRow {
  return (row) => {
    const checked = table.row.safeParse(row);
    if (checked.success) return `${JSON.stringify(checked.data)}\n`;
    const [issue] = checked.error.issues;
    throw new RowRefused(
      `${table.name}.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'refused'}`,
    );
  };
}

/** A growing buffer of UTF-8 text. */
export interface LineBuffer {
  append: (text: string) => void;
  /** Bytes so far. */
  readonly length: number;
  /** Forgets what came after this length. */
  truncate: (length: number) => void;
  /** The bytes, in an array buffer of their own that may be handed to another thread. */
  take: () => Uint8Array<ArrayBuffer>;
}

/** A UTF-16 unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

export function createLineBuffer(startBytes = 1 << 16): LineBuffer {
  let buffer = Buffer.allocUnsafeSlow(startBytes);
  let length = 0;
  return {
    append: (text) => {
      if (buffer.length - length < text.length * BYTES_PER_UNIT) {
        const grown = Buffer.allocUnsafeSlow(
          Math.max(buffer.length * 2, length + text.length * BYTES_PER_UNIT),
        );
        buffer.copy(grown, 0, 0, length);
        buffer = grown;
      }
      length += buffer.write(text, length, 'utf8');
    },
    get length() {
      return length;
    },
    truncate: (to) => {
      length = to;
    },
    take: () => new Uint8Array(buffer.subarray(0, length)),
  };
}
