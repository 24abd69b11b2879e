import type { Column } from '../tables/columns.ts';
import { pack, writePacked, type ByteSink, type Packed } from './byte-sink.ts';
import type { SharedValues } from './shared-values.ts';
import {
  keepingWriter,
  listWriter,
  putByte,
  scalarWriter,
  type WriteValue,
} from './value-writers.ts';

/** A row that does not satisfy its table's schema: the path and the reason. */
export class RowRefused extends Error {}

/** A column, as its record writes it. */
interface Field {
  name: string;
  path: string;
  /** What stands before the value: as the record's first member, and after another one. */
  first: Packed;
  next: Packed;
  firstEmpty: Packed;
  nextEmpty: Packed;
  isList: boolean;
  /** True for what is never null. */
  isRequired: boolean;
  write: WriteValue;
}

const CLOSE_BRACE = 0x7d;
const NO_MEMBERS = pack('{}');

/** @param shared what the record has in common with others, for one row at a time */
function fieldsOf(
  columns: readonly Column[],
  path: string,
  shared?: SharedValues,
): readonly Field[] {
  return columns.map((column) => {
    const key = `${JSON.stringify(column.name)}:`;
    const write = valueWriter(column, `${path}.${column.name}`);
    return {
      name: column.name,
      path: `${path}.${column.name}`,
      first: pack(`{${key}`),
      next: pack(`,${key}`),
      firstEmpty: pack(`{${key}[]`),
      nextEmpty: pack(`,${key}[]`),
      isList: column.mode === 'REPEATED',
      isRequired: column.mode !== 'NULLABLE',
      write: shared === undefined ? write : shared.remembering(column, write),
    };
  });
}

function valueWriter(column: Column, path: string): WriteValue {
  const isRecord = column.type === 'RECORD';
  const write = isRecord ? recordWriter(column.fields ?? [], path) : scalarWriter(column);
  if (column.mode !== 'REPEATED') return write;
  return listWriter(column.shared === true ? keepingWriter(write) : write);
}

/**
 * The writer of a record with these columns.
 *
 * @param shared what it has in common with others, for one row at a time
 */
export function recordWriter(
  columns: readonly Column[],
  path: string,
  shared?: SharedValues,
): WriteValue {
  const shape = { fields: fieldsOf(columns, path, shared), path };
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
  const { fields } = shape;
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
  if (count < fields.length) refuseKeys(record, shape);
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
  shape: RecordShape,
  sink: ByteSink,
): true {
  const { fields } = shape;
  // As many keys as columns, and below each column there: so no other key.
  if (Object.keys(record).length !== fields.length) refuseKeys(record, shape);
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

/** @throws {RowRefused} always, with what is wrong with the keys */
function refuseKeys(record: object, { fields, path }: RecordShape): never {
  const names = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(record).filter((key) => !names.has(key));
  const missing = fields.filter(({ name }) => !Object.hasOwn(record, name)).map(({ name }) => name);
  throw new RowRefused(
    `${path}: unknown keys [${unknown.join(', ')}], missing keys [${missing.join(', ')}]`,
  );
}

/** @throws {RowRefused} always, with what the value is */
function refuseMember({ path }: Field, value: unknown): never {
  throw new RowRefused(`${path}: ${kindOf(value)} refused`);
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
