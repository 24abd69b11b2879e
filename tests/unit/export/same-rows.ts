import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Manifest } from '../../../src/export/manifest.ts';
import { columnsOf, type Column } from '../../../src/tables/columns.ts';
import type { Table } from '../../../src/tables/table.ts';

/**
 * What a table holds, whatever order its rows are in: their number, and the sum of the SHA-256 of each
 * row's canonical JSON. Made with nothing of the code that writes or loads tables.
 */
export interface Content {
  rows: number;
  sum: string;
}

/** What `readers` of a row see in common: no nulls, no empty lists, one spelling of times and numbers. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const MODULUS = 1n << 256n;

async function contentOf(
  table: Table,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<Content> {
  const columns = columnsOf(table);
  let sum = 0n;
  let count = 0;
  for await (const row of rows) {
    const text = JSON.stringify(canonicalRecord(row, columns));
    const digest = createHash('sha256').update(text).digest('hex');
    sum = (sum + BigInt(`0x${digest}`)) % MODULUS;
    count += 1;
  }
  return { rows: count, sum: sum.toString(16) };
}

function canonicalRecord(value: unknown, columns: readonly Column[]): Json {
  const record = value as Record<string, unknown>; // every source gives objects for records
  const entries: [string, Json][] = [];
  for (const column of columns) {
    const it = record[column.name];
    if (it === null || it === undefined) continue;
    const canonical =
      column.mode === 'REPEATED'
        ? (it as unknown[]).map((element) => canonicalValue(element, column))
        : canonicalValue(it, column);
    if (!Array.isArray(canonical) || canonical.length > 0) entries.push([column.name, canonical]);
  }
  const known = new Set(columns.map(({ name }) => name));
  for (const name of Object.keys(record)) {
    if (!known.has(name)) throw new Error(`${name} is no column`);
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function canonicalValue(value: unknown, column: Column): Json {
  switch (column.type) {
    case 'RECORD':
      return canonicalRecord(value, column.fields ?? []);
    case 'TIMESTAMP':
      return new Date(textOf(value).replace(/^([\d-]+) (.*)\+00$/, '$1T$2Z')).toISOString();
    case 'INTEGER':
      return BigInt(textOf(value)).toString();
    case 'JSON':
      return canonicalJson(typeof value === 'string' ? JSON.parse(value) : value);
    case 'STRING':
    case 'DATE':
      return textOf(value);
    case 'FLOAT':
    case 'BOOLEAN':
      return value as number | boolean; // of another type, it is not equal in the end
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  throw new Error(`no text: ${JSON.stringify(value)}`);
}

function canonicalJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(canonicalJson);
  if (typeof value !== 'object' || value === null) return value as Json; // what JSON.parse gives
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, it]) => [name, canonicalJson(it)]));
}

/** The lines of a file, which end with LF and nothing else. */
function* linesIn(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.toString('utf8', start, end === -1 ? bytes.length : end);
    if (line !== '') yield line;
    start = end === -1 ? bytes.length : end + 1;
  }
}

/** The rows of the table's JSONL files (plain or zstd). */
export function jsonlContent(table: Table, manifest: Manifest, folder: string): Promise<Content> {
  async function* rows(): AsyncGenerator<unknown> {
    for (const { path } of manifest.tables[table.name]?.files ?? []) {
      // All at once: Node's stream of zstd may lose the end of a file, see unzstd.ts.
      const bytes = await readFile(join(folder, path));
      for (const line of linesIn(path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes)) {
        yield JSON.parse(line);
      }
    }
  }
  return contentOf(table, rows());
}

/** The rows that an SQL source gives in a DuckDB file, or in none: of a Parquet file, say. */
export async function sqlContent(table: Table, from: string, path = ':memory:'): Promise<Content> {
  const instance = await DuckDBInstance.create(
    path,
    path === ':memory:' ? {} : { access_mode: 'READ_ONLY' },
  );
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    // As DuckDB's own JSON: its package for Node takes a byte order mark off the begin of a text.
    const result = await connection.stream(`SELECT CAST(to_json(t) AS VARCHAR) FROM ${from} AS t`);
    return await contentOf(table, parsed(result.yieldRowsJson()));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* parsed(parts: AsyncIterable<unknown[][]>): AsyncGenerator<unknown> {
  for await (const part of parts) for (const [text] of part) yield JSON.parse(String(text));
}

/** Rows that are in memory: those of the BigQuery double. */
export const rowsContent = (table: Table, rows: readonly object[]): Promise<Content> =>
  contentOf(table, rows);
