import { isUtf8 } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordsOfLines, type Format } from '../boards/file-source.ts';
import { parsed } from '../boards/values.ts';
import { readYaml } from '../boards/yaml.ts';

/** As large as an answer may be. */
const MOST_BYTES = 64 * 1024 * 1024;
/** No board is so long; a count beyond it is a mistake. */
export const MOST_ROWS = 200_000;

/** Why bytes are not what they should be: a clause after the file's name. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** The data of a file: of tables, their records. @throws {FormatError} when it is not of that format */
export async function dataOf(
  format: Format,
  bytes: Buffer,
  { script }: { script?: string | undefined } = {},
): Promise<unknown> {
  if (format === 'parquet' || format === 'csv' || format === 'tsv') return table(format, bytes);
  if (!isUtf8(bytes)) throw new FormatError('is not valid UTF-8');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (format === 'html') return json(await scriptIn(text, script));
  if (format === 'jsonl')
    return text
      .split('\n')
      .filter((it) => it.trim())
      .map(json);
  if (format === 'json') return json(text);
  const value = format === 'yaml' ? readYaml(text, 'failsafe') : undefined;
  if (value === undefined) throw new FormatError(`is no ${format} that can be read`);
  return value;
}

/** Texts, and what Python writes where there is no number, for which JSON has no word. */
const NO_NUMBER = /("[^"\\]*(?:\\.[^"\\]*)*")|-?\b(?:NaN|Infinity)\b/g;

function json(text: string): unknown {
  const asJson = (): string => text.replaceAll(NO_NUMBER, (_, inText?: string) => inText ?? 'null');
  const value = parsed(text) ?? parsed(asJson());
  if (value === undefined) throw new FormatError('is broken JSON');
  return value;
}

async function scriptIn(page: string, id: string | undefined): Promise<string> {
  const { load } = await import('cheerio');
  const found = load(page)('script').filter((_at, it) => it.attribs['id'] === id);
  if (id === undefined || found.length !== 1) {
    throw new FormatError(`has ${found.length} scripts with the id ${id}`);
  }
  return found.text();
}

/**
 * A file out of a zip, whose own sum it has been checked against.
 *
 * @param member its path; without one, the zip has one file of data
 */
export async function fileInZip(
  bytes: Buffer,
  member: string | undefined,
  isData: (name: string) => boolean,
): Promise<{ name: string; bytes: Buffer }> {
  const { default: Zip } = await import('adm-zip');
  try {
    const entries = new Zip(bytes).getEntries().filter((it) => !it.isDirectory);
    const found = entries.filter(({ entryName }) =>
      member === undefined ? isData(entryName) : entryName === member,
    );
    const [entry, ...others] = found;
    if (entry === undefined || others.length > 0) {
      const names = entries.map((it) => it.entryName).slice(0, 8);
      throw new FormatError(
        `has ${found.length} files ${member ?? 'of data'}: it holds ${names.join(', ')}`,
      );
    }
    if (entry.header.size > MOST_BYTES)
      throw new FormatError(`has a file of ${entry.header.size} bytes`);
    return { name: entry.entryName, bytes: entry.getData() };
  } catch (cause) {
    throw cause instanceof FormatError ? cause : new FormatError('is a broken zip', { cause });
  }
}

/** What DuckDB reads of a file: texts as they are written, in the file's order. */
async function table(format: 'csv' | 'tsv' | 'parquet', bytes: Buffer): Promise<object[]> {
  const { DuckDBInstance, DuckDBTypeId } = await import('@duckdb/node-api');
  const folder = await mkdtemp(join(tmpdir(), 'huggingface-etl-boards-'));
  const file = join(folder, 'file');
  try {
    await writeFile(file, bytes);
    const instance = await DuckDBInstance.create(':memory:', {
      ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
      ...{ memory_limit: '700MB', threads: '1' },
    });
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      const source = format === 'parquet' ? 'read_parquet($1)' : readCsv(format, bytes);
      const query = `SELECT * FROM ${source} LIMIT ${MOST_ROWS + 2}`;
      const reader = await connection.runAndReadAll(query, [file]);
      if (format !== 'parquet') {
        const lines = reader.getRowsJson();
        checkNames(lines);
        return recordsOfLines(lines);
      }
      const isSingle = (_: string, at: number) => reader.columnTypeId(at) === DuckDBTypeId.FLOAT;
      const singles = reader.deduplicatedColumnNames().filter(isSingle);
      return reader.getRowObjectsJson().map((row) => ({
        ...row,
        ...Object.fromEntries(singles.map((name) => [name, asWritten(row[name])])),
      }));
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  } catch (cause) {
    const [why = ''] =
      cause instanceof Error ? cause.message.replaceAll(file, 'it').split('\n') : [];
    throw new FormatError(`is no ${format} that can be read: ${why.slice(0, 200)}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A title that commas pad stands where the names of the columns should. */
function checkNames([first = []]: readonly (readonly unknown[])[]): void {
  const others = first.slice(1);
  if (others.length > 0 && others.every((it) => !it))
    throw new Error('its first line names only one column');
}

/** A number of 32 bits with the fewest digits that say it: 60.1, and not 60.099998474121094. */
function asWritten(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  const written = [6, 7, 8].map((digits) => Number(value.toPrecision(digits)));
  return written.find((it) => Math.fround(it) === value) ?? value;
}

/**
 * The first line is read as the others are, so that the names are those of the file, and none is passed
 * over: DuckDB would begin where the lines are alike, or where they no longer look like remarks.
 */
function readCsv(format: 'csv' | 'tsv', bytes: Buffer): string {
  const head = bytes.subarray(0, bytes.indexOf('\n')).toString();
  // Spreadsheets write it where a comma stands before decimals.
  const isWithSemicolons = head.split(';').length > head.split(',').length;
  const delimiter = format === 'tsv' ? '\\t' : isWithSemicolons ? ';' : ',';
  return `read_csv($1, header = false, all_varchar = true, delim = '${delimiter}', quote = '"', escape = '"', skip = 0, comment = '')`;
}
