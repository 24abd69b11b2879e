import { columnsOf, type Column } from '../tables/columns.ts';
import type { Table } from '../tables/table.ts';
import { reserve, writeAscii, writeJsonString, writePlain, type ByteSink } from './byte-sink.ts';

/** A row that does not satisfy its table's schema: the path and the reason. */
export class RowRefused extends Error {}

/**
 * Writes a row as a JSONL line, keys in the order of the columns, nulls left out (every warehouse
 * reads a missing key as null).
 *
 * @throws {RowRefused} when the row does not satisfy the table's strict schema; part of the line may
 * have been written then, so the caller sets the sink's length back.
 */
export type WriteRow = (row: object, sink: ByteSink) => void;

/** Writes one value, never null, and checks it; false when it is not of the column's type. */
type WriteValue = (value: unknown, sink: ByteSink) => boolean;

const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NEWLINE = 0x0a;

/**
 * Compiles a table's columns into its writer. It checks while it writes, in one walk: zod's parse and
 * `JSON.stringify` after it take three times as long, and a test holds both against each other.
 */
export function createWriteRow(table: Table): WriteRow {
  const write = recordWriter(columnsOf(table), table.name);
  return (row, sink) => {
    if (!write(row, sink)) throw new RowRefused(`${table.name}: not a row`);
    putByte(sink, NEWLINE);
  };
}

function putByte(sink: ByteSink, byte: number): void {
  if (sink.length === sink.bytes.length) reserve(sink, 1);
  sink.bytes[sink.length] = byte;
  sink.length += 1;
}

interface Field {
  name: string;
  path: string;
  key: string;
  isRequired: boolean;
  write: WriteValue;
}

function recordWriter(columns: readonly Column[], path: string): WriteValue {
  const fields: Field[] = columns.map((column) => ({
    name: column.name,
    path: `${path}.${column.name}`,
    key: `${JSON.stringify(column.name)}:`,
    isRequired: column.mode !== 'NULLABLE',
    write: valueWriter(column, `${path}.${column.name}`),
  }));
  return (value, sink) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const record = value as Record<string, unknown>;
    // As many keys as columns, and below each column there: so no other key.
    if (Object.keys(record).length !== fields.length) {
      throw new RowRefused(`${path}: ${keyTrouble(record, fields)}`);
    }
    putByte(sink, OPEN_BRACE);
    for (const field of fields) writeField(field, record[field.name], sink);
    putByte(sink, CLOSE_BRACE);
    return true;
  };
}

function writeField({ path, key, isRequired, write }: Field, value: unknown, sink: ByteSink): void {
  if (value === null && !isRequired) return;
  // No value ends in a brace that opens: after one stands the first field.
  if (sink.bytes[sink.length - 1] !== OPEN_BRACE) putByte(sink, COMMA);
  writeAscii(sink, key);
  if (!write(value, sink)) throw new RowRefused(`${path}: ${kindOf(value)} refused`);
}

function valueWriter(column: Column, path: string): WriteValue {
  const write = singleWriter(column, path);
  if (column.mode !== 'REPEATED') return write;
  return (value, sink) => {
    if (!Array.isArray(value)) return false;
    putByte(sink, OPEN_BRACKET);
    for (let i = 0; i < value.length; i += 1) {
      if (i > 0) putByte(sink, COMMA);
      if (!write(value[i], sink)) return false;
    }
    putByte(sink, CLOSE_BRACKET);
    return true;
  };
}

function singleWriter(column: Column, path: string): WriteValue {
  switch (column.type) {
    case 'RECORD':
      return recordWriter(column.fields ?? [], path);
    case 'STRING':
      return column.values === undefined ? writeString : oneOfWriter(column.values);
    case 'INTEGER':
      return writeInteger;
    case 'FLOAT':
      return writeFloat;
    case 'BOOLEAN':
      return writeBoolean;
    case 'TIMESTAMP':
    case 'DATE':
      return patternWriter(column.pattern ?? '');
    case 'JSON':
      return writeJson;
  }
}

const writeString: WriteValue = (value, sink) =>
  typeof value === 'string' && writeJsonString(sink, value);

const oneOfWriter = (values: readonly string[]): WriteValue => {
  const known = new Set<unknown>(values);
  return (value, sink) => known.has(value) && writeString(value, sink);
};

const patternWriter = (source: string): WriteValue => {
  const pattern = new RegExp(source);
  return (value, sink) =>
    typeof value === 'string' && pattern.test(value) && writeString(value, sink);
};

const writeInteger: WriteValue = (value, sink) => {
  if (!Number.isSafeInteger(value)) return false;
  writeAscii(sink, String(value));
  return true;
};

const writeFloat: WriteValue = (value, sink) => {
  if (!Number.isFinite(value)) return false;
  writeAscii(sink, String(value));
  return true;
};

const writeBoolean: WriteValue = (value, sink) => {
  if (typeof value !== 'boolean') return false;
  writeAscii(sink, value ? 'true' : 'false');
  return true;
};

const writeJson: WriteValue = (value, sink) => {
  if (value === undefined || typeof value === 'function') return false;
  writePlain(sink, JSON.stringify(value));
  return true;
};

function keyTrouble(record: object, fields: readonly Field[]): string {
  const names = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(record).filter((key) => !names.has(key));
  const missing = fields.filter(({ name }) => !Object.hasOwn(record, name)).map(({ name }) => name);
  return `unknown keys [${unknown.join(', ')}], missing keys [${missing.join(', ')}]`;
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
