import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { EtlError } from '../../errors.ts';
import type { Answer } from '../../export/duckdb/query.ts';
import { warehousePath } from '../../pipeline/places.ts';
import { csvLine } from '../../export/csv.ts';
import { write, type Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';
import { objectOf, table } from '../table.ts';

/** Rows that a table on the screen shows; its widths need all of them in memory. */
const TABLE_ROWS = 1000;

const FORMATS = ['table', 'json', 'csv'] as const;
type Format = (typeof FORMATS)[number];

/**
 * `query`: asks the published DuckDB file, read-only.
 *
 * @throws {EtlError} CONFIG_INVALID, WAREHOUSE_MISSING, QUERY_FAILED, QUERY_REFUSED, LOAD_FAILED
 */
export async function queryCommand(
  io: Io,
  { format: wanted, file: sqlFile, refused, ...flags }: Flags,
  [given]: string[],
): Promise<number> {
  return withSession(io, flags, async ({ config, shown }) => {
    const format = formatOf(wanted, config.json, io.stdout.isTTY === true);
    const sql = await readSql(io, given, sqlFile);
    const print: Print = (text) => write(io.stdout, shown(text));
    const files = await filesOf(warehousePath(config), refused === true);
    const { askDuckdb } = await import('../../export/duckdb/query.ts');
    await askDuckdb(files, sql, (answer) => WRITERS[format](answer, print));
    return 0;
  });
}

/** The file to ask. With the refused release goes the one before, which its checks compared it with. */
async function filesOf(
  warehouse: string,
  isRefused: boolean,
): Promise<{ path: string; previous?: string }> {
  const { refusedPath } = await import('../../export/duckdb/files.ts');
  const path = isRefused ? refusedPath(warehouse) : warehouse;
  if (!existsSync(path)) {
    const what = isRefused ? 'refused release' : 'warehouse';
    throw new EtlError('WAREHOUSE_MISSING', `There is no ${what} at ${path}`);
  }
  return isRefused && existsSync(warehouse) ? { path, previous: warehouse } : { path };
}

/** A terminal gets a table; a pipe gets CSV, with every value whole. */
function formatOf(wanted: unknown, json: boolean, isTerminal: boolean): Format {
  if (wanted === undefined) {
    if (json) return 'json';
    return isTerminal ? 'table' : 'csv';
  }
  const format = FORMATS.find((it) => it === wanted);
  if (format !== undefined) return format;
  throw new EtlError('CONFIG_INVALID', `--format knows ${FORMATS.join(', ')}`);
}

async function readSql({ stdin }: Io, given: string | undefined, file: unknown): Promise<string> {
  if ((given === undefined) === (file === undefined)) {
    throw new EtlError('CONFIG_INVALID', 'Give one query: as text, as - for stdin, or --file PATH');
  }
  if (typeof file !== 'string') return given === '-' ? readAll(stdin) : (given ?? '');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new EtlError('CONFIG_INVALID', `${file} cannot be read`, { cause: error });
  }
}

type Print = (text: string) => Promise<void>;

const WRITERS: Record<Format, (answer: Answer, print: Print) => Promise<void>> = {
  csv: async ({ columns, parts }, print) => {
    await print(csvLine(columns));
    for await (const rows of parts) await print(rows.map(csvLine).join(''));
  },
  json: async ({ columns, parts }, print) => {
    let before = '[';
    for await (const rows of parts) {
      const texts = rows.map((row) => JSON.stringify(objectOf(columns, row)));
      await print(`${before}${texts.join(',')}`);
      before = ',';
    }
    await print(before === '[' ? '[]\n' : ']\n');
  },
  table: async ({ columns, parts }, print) => {
    const rows: object[] = [];
    let more = false;
    for await (const part of parts) {
      rows.push(...part.map((row) => objectOf(columns, row)));
      more = rows.length > TABLE_ROWS;
      if (more) break;
    }
    await print(table(rows.slice(0, TABLE_ROWS)));
    if (more) await print(`The first ${TABLE_ROWS} rows; --format csv or json gives all.\n`);
  },
};
