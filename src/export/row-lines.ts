import { columnsOf, type Column } from '../tables/columns.ts';
import type { Table } from '../tables/table.ts';
import {
  pack,
  packBytes,
  reserve,
  writeJsonString,
  writeNumber,
  writePacked,
  writePlain,
  type ByteSink,
  type Packed,
} from './byte-sink.ts';
import type { SharedValues, WriteValue } from './shared-values.ts';

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

const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NEWLINE = 0x0a;

/**
 * Compiles a table's columns into its writer. It checks while it writes, in one walk: zod's parse and
 * `JSON.stringify` after it take three times as long, and a test holds both against each other.
 *
 * @param shared what it has in common with the writers of other tables, for one record at a time
 */
export function createWriteRow(table: Table, shared?: SharedValues): WriteRow {
  const write = recordWriter(columnsOf(table), table.name, shared);
  return (row, sink) => {
    if (!write(row, sink)) throw new RowRefused(`${table.name}: not a row`);
    putByte(sink, NEWLINE);
  };
}

function putByte(sink: ByteSink, byte: number): void {
  if (sink.length === sink.room) reserve(sink, 1);
  sink.bytes[sink.length] = byte;
  sink.length += 1;
}

interface Field {
  name: string;
  path: string;
  /** What stands before the value: as the record's first member, and after another one. */
  first: Packed;
  next: Packed;
  isList: boolean;
  firstEmpty: Packed;
  nextEmpty: Packed;
  isRequired: boolean;
  write: WriteValue;
}

const NO_ELEMENTS = pack('[]');
const NO_MEMBERS = pack('{}');

function recordWriter(columns: readonly Column[], path: string, shared?: SharedValues): WriteValue {
  const fields: Field[] = columns.map((column) => {
    const key = `${JSON.stringify(column.name)}:`;
    const write = valueWriter(column, `${path}.${column.name}`);
    return {
      name: column.name,
      path: `${path}.${column.name}`,
      first: pack(`{${key}`),
      next: pack(`,${key}`),
      isList: column.mode === 'REPEATED',
      firstEmpty: pack(`{${key}[]`),
      nextEmpty: pack(`,${key}[]`),
      isRequired: column.mode !== 'NULLABLE',
      write: shared === undefined ? write : shared.remembering(column, write),
    };
  });
  const shape = { fields, path };
  return (value, sink) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    // The line above has looked.
    return writeRecord(value as Record<string, unknown>, shape, sink);
  };
}

interface RecordShape {
  fields: readonly Field[];
  path: string;
}

function writeRecord(record: Record<string, unknown>, shape: RecordShape, sink: ByteSink): true {
  const { fields, path } = shape;
  let count = 0;
  let isFirst = true;
  const start = sink.length;
  // Walking the keys is several times faster than looking each column up, and sees every key.
  for (const key in record) {
    const field = fields[count];
    if (field === undefined || field.name !== key) {
      sink.length = start;
      return writeInAnyOrder(record, shape, sink);
    }
    count += 1;
    const member = record[key];
    if (member === null && !field.isRequired) continue;
    if (field.isList && isEmptyList(member)) {
      writePacked(sink, isFirst ? field.firstEmpty : field.nextEmpty);
    } else {
      writePacked(sink, isFirst ? field.first : field.next);
      if (!field.write(member, sink)) refuseMember(field, member);
    }
    isFirst = false;
  }
  if (count < fields.length) throw new RowRefused(`${path}: ${keyTrouble(record, fields)}`);
  endRecord(sink, isFirst);
  return true;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function endRecord(sink: ByteSink, isEmpty: boolean): void {
  if (isEmpty) writePacked(sink, NO_MEMBERS);
  else putByte(sink, CLOSE_BRACE);
}

/** A row whose keys stand in another order is as good, and comes out in the order of the columns. */
function writeInAnyOrder(
  record: Record<string, unknown>,
  { fields, path }: RecordShape,
  sink: ByteSink,
): true {
  // As many keys as columns, and below each column there: so no other key.
  if (Object.keys(record).length !== fields.length) {
    throw new RowRefused(`${path}: ${keyTrouble(record, fields)}`);
  }
  let isFirst = true;
  for (const field of fields) {
    const member = record[field.name];
    if (member === null && !field.isRequired) continue;
    writePacked(sink, isFirst ? field.first : field.next);
    isFirst = false;
    if (!field.write(member, sink)) refuseMember(field, member);
  }
  endRecord(sink, isFirst);
  return true;
}

function refuseMember({ path }: Field, value: unknown): never {
  throw new RowRefused(`${path}: ${kindOf(value)} refused`);
}

function valueWriter(column: Column, path: string): WriteValue {
  const write = singleWriter(column, path);
  if (column.mode !== 'REPEATED') return write;
  const writeFrozen = column.type === 'RECORD' ? frozenWriter(write) : undefined;
  return (value, sink) => {
    if (!Array.isArray(value)) return false;
    if (value.length === 0) {
      writePacked(sink, NO_ELEMENTS);
      return true;
    }
    // Asking takes a call: a list of texts or numbers is not asked.
    const isFrozen = writeFrozen !== undefined && Object.isFrozen(value[0]);
    const writeElement = isFrozen ? writeFrozen : write;
    putByte(sink, OPEN_BRACKET);
    for (let i = 0; i < value.length; i += 1) {
      if (i > 0) putByte(sink, COMMA);
      if (!writeElement(value[i], sink)) return false;
    }
    putByte(sink, CLOSE_BRACKET);
    return true;
  };
}

/** A flat record that is frozen stays what it is: its bytes are kept for when it comes again. */
function frozenWriter(write: WriteValue): WriteValue {
  const known = new WeakMap<object, Packed>();
  return (value, sink) => {
    const packed = typeof value === 'object' && value !== null ? known.get(value) : undefined;
    if (packed !== undefined) {
      writePacked(sink, packed);
      return true;
    }
    const start = sink.length;
    if (!write(value, sink)) return false;
    if (isFrozenFlat(value)) known.set(value, packBytes(sink.bytes.subarray(start, sink.length)));
    return true;
  };
}

const isFrozenFlat = (value: unknown): value is object =>
  typeof value === 'object' &&
  Object.isFrozen(value) &&
  Object.values(value ?? {}).every((it) => typeof it !== 'object' || it === null);

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
  let fine: string | undefined;
  return (value, sink) => {
    if (typeof value !== 'string') return false;
    // Many rows have the time of the one before: that of the run, or the day when the Hub began to note it.
    if (value !== fine && !pattern.test(value)) return false;
    fine = value;
    return writeString(value, sink);
  };
};

const writeInteger: WriteValue = (value, sink) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false;
  writeNumber(sink, value);
  return true;
};

const writeFloat: WriteValue = (value, sink) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  writeNumber(sink, value);
  return true;
};

const TRUE = pack('true');
const FALSE = pack('false');

const writeBoolean: WriteValue = (value, sink) => {
  if (typeof value !== 'boolean') return false;
  writePacked(sink, value ? TRUE : FALSE);
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
