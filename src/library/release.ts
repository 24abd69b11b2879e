import { join } from 'node:path';
import type { z } from 'zod';
import { unpacked } from '../export/bigquery/parts.ts';
import { verifyFiles, readManifest, type Manifest } from '../export/manifest.ts';
import { columnsOf, type Column } from '../tables/columns.ts';
import { tablesByName } from '../tables/index.ts';

/** Every table by its name: its description, key and columns (`row`, a zod object). */
export const tables = tablesByName;

export type TableName = keyof typeof tables;

/** A row of a table, as its schema says. */
export type Row<Name extends TableName> = z.output<(typeof tables)[Name]['row']>;

/** The tables of a run, as `export` or `run` left them in a folder. */
export interface Release {
  /** What was asked for, what came and what is whole (`manifest.completeness`). */
  manifest: Manifest;
  /**
   * The rows of a table, one at a time, each with all of its columns: null, or an empty list, where
   * nothing is known. None for a table that the run has no source for.
   */
  rows: <Name extends TableName>(name: Name) => AsyncGenerator<Row<Name>, void, undefined>;
}

/**
 * Opens a folder of tables in JSONL, whatever their compression.
 *
 * @throws {EtlError} `EXPORT_MISSING` where there is none; `CHECK_REFUSED` for a file that is not as the
 * manifest says
 */
export async function openRelease(folder: string): Promise<Release> {
  const manifest = await readManifest(folder);
  await verifyFiles(manifest, folder);
  return {
    manifest,
    async *rows(name) {
      const columns = columnsOf(tables[name]);
      for (const { path } of manifest.tables[name]?.files ?? []) {
        for await (const line of linesOf(join(folder, path))) {
          // The hash is that of rows which the schema of the table took.
          yield whole(columns, JSON.parse(line) as Record<string, unknown>) as Row<typeof name>;
        }
      }
    },
  };
}

/** Not by `node:readline`, which also ends lines at U+2028. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of unpacked(file)) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

const whole = (columns: readonly Column[], record: Record<string, unknown>): object =>
  Object.fromEntries(columns.map((column) => [column.name, valueOf(column, record[column.name])]));

/** JSONL leaves nulls out, in records too. */
function valueOf({ mode, fields }: Column, value: unknown): unknown {
  if (value === undefined || value === null) return mode === 'REPEATED' ? [] : null;
  if (fields === undefined) return value;
  const inner = (it: unknown) => whole(fields, it as Record<string, unknown>); // as its schema says
  return Array.isArray(value) ? value.map(inner) : inner(value);
}
