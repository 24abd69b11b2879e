import { createHash } from 'node:crypto';
import { invalid } from './problem.ts';
import type { Field } from './schema.ts';

export type Row = Record<string, unknown>;

const MAX_ROW_BYTES = 100 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The rows of NDJSON.
 *
 * @throws {Problem} 400 `invalid` for the first row that BigQuery would refuse, or might
 */
export function readRows(bytes: Buffer, fields: readonly Field[]): Row[] {
  const rows: Row[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    if (end > start) {
      const parsed = parseRow(bytes.subarray(start, end), fields);
      if (typeof parsed === 'string') {
        throw invalid(
          `Error while reading data, error message: JSON processing encountered too many errors, giving up. Row starting at position: ${start}; ${parsed}`,
        );
      }
      rows.push(parsed);
    }
    start = end + 1;
  }
  return rows;
}

/** The row with every column in the order of the schema, or what is wrong with it. */
function parseRow(line: Buffer, fields: readonly Field[]): Row | string {
  if (line.length > MAX_ROW_BYTES) return 'Row size is larger than the maximum';
  const text = line.toString('utf8');
  if (text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(line)) return 'Bad character';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'Parser terminated before end of string';
  }
  try {
    return readRecord(value, fields, '');
  } catch (error) {
    if (error instanceof BadValue) return error.message;
    throw error;
  }
}

class BadValue extends Error {}

function readRecord(value: unknown, fields: readonly Field[], path: string): Row {
  if (typeof value !== 'object' || value === null) throw new BadValue(`No object at ${path}`);
  if (Array.isArray(value)) {
    throw new BadValue(`Array specified for non-repeated field: ${path}.`);
  }
  const record = value as Row; // Just seen to be an object.
  const known = new Set(fields.map(({ name }) => name));
  for (const key of Object.keys(record)) {
    if (!known.has(key)) throw new BadValue(`No such field: ${path}${key}.`);
  }
  return Object.fromEntries(
    fields.map((field) => [field.name, readField(record[field.name], field, path)]),
  );
}

function readField(value: unknown, field: Field, path: string): unknown {
  const name = `${path}${field.name}`;
  if (field.mode === 'REPEATED') {
    if (value === undefined) return [];
    if (value === null) {
      throw new BadValue(`Only optional fields can be set to NULL. Field: ${name}; Value: NULL`);
    }
    if (!Array.isArray(value)) {
      throw new BadValue(`Repeated field must be imported as a JSON array. Field: ${name}.`);
    }
    return value.map((element: unknown) => {
      if (element === null) {
        throw new BadValue(`Only optional fields can be set to NULL. Field: ${name}; Value: NULL`);
      }
      return readValue(element, field, name);
    });
  }
  if (value === undefined || value === null) {
    if (field.mode !== 'REQUIRED') return null;
    throw new BadValue(
      value === null
        ? `Only optional fields can be set to NULL. Field: ${name}; Value: NULL`
        : `Missing required field: ${name}.`,
    );
  }
  return readValue(value, field, name);
}

const isTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
  !Number.isNaN(Date.parse(text));

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

/** Stricter than BigQuery where its own behaviour is in doubt: no number for a STRING, no "NaN". */
const READERS: Record<string, (value: unknown) => boolean> = {
  STRING: (value) => typeof value === 'string' && value.isWellFormed(),
  INTEGER: (value) =>
    Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,19}$/.test(value)),
  FLOAT: (value) => typeof value === 'number' && Number.isFinite(value),
  BOOLEAN: (value) => typeof value === 'boolean',
  TIMESTAMP: (value) => typeof value === 'string' && isTime(value),
  DATE: (value) => typeof value === 'string' && isDate(value),
  JSON: () => true,
};

function readValue(value: unknown, field: Field, name: string): unknown {
  if (field.type === 'RECORD') return readRecord(value, field.fields ?? [], `${name}.`);
  if (field.type !== 'JSON' && Array.isArray(value)) {
    throw new BadValue(`Array specified for non-repeated field: ${name}.`);
  }
  if (READERS[field.type]?.(value) === true) return value;
  throw new BadValue(`Could not convert value to ${field.type.toLowerCase()}. Field: ${name}.`);
}

/** SHA-256 of rows as JSONL, nulls left out: the same as the manifest's of the table they came from. */
export function contentHash(rows: readonly Row[], schema: readonly Field[]): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(`${lineOf(row, schema)}\n`);
  return hash.digest('hex');
}

/** As exports write a row: without nulls, floats with a point. */
function lineOf(row: Row, schema: readonly Field[]): string {
  const parts = schema.flatMap((field) => {
    const value = row[field.name];
    return value === null || value === undefined
      ? []
      : [`${JSON.stringify(field.name)}:${valueText(value, field)}`];
  });
  return `{${parts.join()}}`;
}

/** The text of a value of rows that were checked when they were loaded. */
function valueText(value: unknown, { type, fields = [] }: Field): string {
  if (type === 'FLOAT') return String(value).replace(/^-?\d+$/, (whole) => `${whole}.0`);
  if (type !== 'RECORD') return JSON.stringify(value);
  return Array.isArray(value)
    ? `[${value.map((it) => lineOf(it as Row, fields)).join()}]`
    : lineOf(value as Row, fields);
}
