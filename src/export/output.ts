import type { Table } from '../tables/table.ts';
import type { TableEntry } from './manifest.ts';
import { rowLine } from './row-line.ts';
import { createTableWriter, type TableWriter, type TableWriterOptions } from './table-writer.ts';

/** All table files of one export. Tables that are not wanted swallow what they are given. */
export interface Output {
  readonly names: readonly string[];
  /** Takes finished lines. */
  append: (table: string, lines: Uint8Array, rows: number) => Promise<void>;
  /** Checks rows against the table's schema and takes them. */
  write: (table: string, rows: readonly object[]) => Promise<void>;
  /** Rows of a table so far; undefined when it is not wanted. */
  rowsOf: (table: string) => number | undefined;
  /** Finishes the files of one table, so that they can be read; undefined when it is not wanted. */
  finish: (table: string) => Promise<TableEntry | undefined>;
  /** Finishes all. */
  close: () => Promise<Record<string, TableEntry>>;
  abort: () => Promise<void>;
}

/** So that a board of any size becomes lines in bounded memory. */
const ROWS_AT_ONCE = 1000;

/** Small, and read by people: never compressed, so that its name is always `missed.jsonl`. */
const PLAIN = new Set(['missed']);

interface Open {
  table: Table;
  writer: TableWriter;
  rows: number;
  entry?: TableEntry;
}

export function createOutput(tables: readonly Table[], options: TableWriterOptions): Output {
  const all = new Map<string, Open>();
  for (const table of tables) {
    const compress = PLAIN.has(table.name) ? 'none' : options.compress;
    const writer = createTableWriter(table.name, { ...options, compress });
    all.set(table.name, { table, writer, rows: 0 });
  }

  const append: Output['append'] = async (name, lines, rows) => {
    const open = all.get(name);
    if (open === undefined) return;
    open.rows += rows;
    await open.writer.append(lines, rows);
  };

  const finishOpen = async (open: Open): Promise<TableEntry> =>
    (open.entry ??= await open.writer.close());

  return {
    names: [...all.keys()],
    append,
    finish: async (name) => {
      const open = all.get(name);
      return open && finishOpen(open);
    },
    write: async (name, rows) => {
      const table = all.get(name)?.table;
      if (table === undefined) return;
      for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
        const some = rows.slice(start, start + ROWS_AT_ONCE);
        const text = some.map((row) => rowLine(table, row)).join('');
        await append(name, Buffer.from(text), some.length);
      }
    },
    rowsOf: (name) => all.get(name)?.rows,
    close: async () => {
      const entries: Record<string, TableEntry> = {};
      for (const [name, open] of all) entries[name] = await finishOpen(open);
      return entries;
    },
    abort: async () => {
      for (const { writer } of all.values()) await writer.abort();
    },
  };
}
