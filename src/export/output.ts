import type { Table } from '../tables/table.ts';
import type { TableEntry } from './manifest.ts';
import { createBlockPacker, type BlockPacker, type Compression } from './block-packer.ts';
import { bytesSoFar, createByteSink } from './byte-sink.ts';
import { createWriteRow, type WriteRow } from './row-lines.ts';
import { createTableWriter, type TableWriter } from './table-writer.ts';

/** All table files of one export. Tables that are not wanted swallow what they are given. */
export interface Output {
  readonly names: readonly string[];
  /** Takes finished lines. */
  append: (table: string, lines: Uint8Array, rows: number) => Promise<void>;
  /** Checks rows against the table's schema and takes them. */
  write: (table: string, rows: readonly object[]) => Promise<void>;
  /** Rows of a table so far; undefined when it is not wanted. */
  rowsOf: (table: string) => number | undefined;
  close: () => Promise<Record<string, TableEntry>>;
  abort: () => Promise<void>;
}

export interface OutputOptions {
  folder: string;
  compress: Compression;
  shardBytes: number;
}

/** So that a board of any size becomes lines in bounded memory. */
const ROWS_AT_ONCE = 1000;

/** Small, and read by people: never compressed, so that its name is always `missed.jsonl`. */
const PLAIN = new Set(['missed']);

export function createOutput(tables: readonly Table[], options: OutputOptions): Output {
  // One for all tables: one for each takes 20 to 40 MB more.
  const packer = createBlockPacker(options.compress);
  const packers = { packer, plain: createBlockPacker('none') };
  const sinks = new Map(tables.map((table) => [table.name, openSink(table, options, packers)]));

  const append: Output['append'] = async (name, lines, rows) => {
    const sink = sinks.get(name);
    if (sink === undefined || rows === 0) return;
    sink.rows += rows;
    await sink.writer.append(Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength), rows);
  };

  return {
    names: [...sinks.keys()],
    append,
    write: async (name, rows) => {
      const sink = sinks.get(name);
      if (sink === undefined) return;
      for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
        const some = rows.slice(start, start + ROWS_AT_ONCE);
        const lines = createByteSink();
        for (const row of some) sink.writeRow(row, lines);
        await append(name, bytesSoFar(lines), some.length);
      }
    },
    rowsOf: (name) => sinks.get(name)?.rows,
    close: async () => {
      const entries: Record<string, TableEntry> = {};
      for (const [name, { writer }] of sinks) entries[name] = await writer.close();
      packer.close();
      return entries;
    },
    abort: async () => {
      packer.close();
      for (const { writer } of sinks.values()) await writer.abort();
    },
  };
}

interface Sink {
  writer: TableWriter;
  writeRow: WriteRow;
  rows: number;
}

function openSink(
  table: Table,
  { folder, shardBytes }: OutputOptions,
  { packer, plain }: { packer: BlockPacker; plain: BlockPacker },
): Sink {
  const shape = { folder, shardBytes, packer: PLAIN.has(table.name) ? plain : packer };
  return {
    writer: createTableWriter(table.name, shape),
    writeRow: createWriteRow(table),
    rows: 0,
  };
}
