import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { columnsOf, type Column } from '../tables/columns.ts';
import type { Table } from '../tables/table.ts';
import type { TableEntry, TableFile } from './manifest.ts';
import { unpackZstd } from './unzstd.ts';
import { digestFile } from './verify-files.ts';

/** Bytes of text that are gathered before they are written. */
const CHUNK_BYTES = 1 << 20;

/** Whether a table has no list and no record in it, so that CSV can hold it. */
export const isFlat = (table: Table): boolean =>
  columnsOf(table).every(({ type, mode }) => type !== 'RECORD' && mode !== 'REPEATED');

/**
 * Writes a finished flat table once more, as one CSV file (RFC 4180, UTF-8, header, LF): null is an
 * empty field, the empty text is `""`. A text that a spreadsheet would run as a formula gets an
 * apostrophe before it.
 */
export async function writeCsv(
  table: Table,
  entry: TableEntry,
  folder: string,
): Promise<TableFile> {
  const path = `${table.name}.csv`;
  const columns = columnsOf(table);
  const file = await open(join(folder, path), 'w');
  try {
    let text = `${columns.map(({ name }) => quoted(name)).join(',')}\n`;
    for await (const line of linesOf(entry, folder)) {
      text += formatCsvRow(columns, JSON.parse(line) as Record<string, unknown>);
      if (text.length < CHUNK_BYTES) continue;
      await file.writeFile(text);
      text = '';
    }
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  const digest = await digestFile(join(folder, path));
  if (digest === undefined) throw new Error(`${path} vanished`);
  return { path, rows: entry.rows, ...digest };
}

/** One line of CSV, newline included. */
export const formatCsvRow = (
  columns: readonly Pick<Column, 'name' | 'type'>[],
  row: Readonly<Record<string, unknown>>,
): string => `${columns.map((column) => cell(column, row[column.name])).join(',')}\n`;

function cell({ type }: Pick<Column, 'type'>, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (type === 'JSON') return quoted(guarded(JSON.stringify(value)));
  if (typeof value === 'string') return quoted(guarded(value));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** @see https://owasp.org/www-community/attacks/CSV_Injection */
const guarded = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const quoted = (text: string): string =>
  text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

async function* linesOf(entry: TableEntry, folder: string): AsyncGenerator<string, void> {
  for (const { path } of entry.files) {
    const source = createReadStream(join(folder, path));
    // readline does not pass on a failure of its input, so it is awaited beside it.
    const input = unpacked(source, path);
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line !== '') yield line;
    }
  }
}

function unpacked(source: Readable, path: string): Readable {
  if (path.endsWith('.zst')) return Readable.from(unpackZstd(source as AsyncIterable<Buffer>));
  if (!path.endsWith('.gz')) return source;
  const unpack = createGunzip();
  source.on('error', (error) => unpack.destroy(error));
  return source.pipe(unpack);
}
