import { z } from 'zod';
import type { Table } from './table.ts';

export type ColumnType =
  'STRING' | 'INTEGER' | 'FLOAT' | 'BOOLEAN' | 'TIMESTAMP' | 'DATE' | 'RECORD' | 'JSON';

/** A column as every warehouse knows it, read from a table's zod object. */
export interface Column {
  name: string;
  type: ColumnType;
  /** Inside a record, REQUIRED is a promise of ours that warehouses do not enforce. */
  mode: 'REQUIRED' | 'NULLABLE' | 'REPEATED';
  description: string;
  fields?: readonly Column[];
  /** The closed list that the text is from. */
  values?: readonly string[];
  /** Pattern of a TIMESTAMP or DATE. */
  pattern?: string;
  /** The text of any scalar may stand here: a number is no repair. */
  loose?: true;
}

/** What zod writes for a property, as far as a column needs it. */
type Schema = z.core.JSONSchema.BaseSchema;

const MAX_DESCRIPTION = 1024;
const MAX_DEPTH = 15;
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,299}$/;
const RESERVED = /^(_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER|_CHANGE_)/i;
const SCALARS: Partial<Record<string, ColumnType>> = {
  string: 'STRING',
  integer: 'INTEGER',
  number: 'FLOAT',
  boolean: 'BOOLEAN',
};
const FORMATS: Partial<Record<string, ColumnType>> = { 'date-time': 'TIMESTAMP', date: 'DATE' };

const known = new WeakMap<Table, readonly Column[]>();

/**
 * The columns of a table, in order. Every warehouse schema, the validator and the docs come from here.
 *
 * @throws {Error} for what does not map onto a warehouse: a union, a tuple, a record of open keys, a
 * list in a list, an optional key, a name that clashes or that BigQuery reserves, a missing
 * description. A table with such a column is a bug, so it fails when the program is built or tested.
 */
export function columnsOf(table: Table): readonly Column[] {
  const cached = known.get(table);
  if (cached !== undefined) return cached;
  const schema = z.toJSONSchema(table.row, { io: 'output' });
  const columns = fieldsOf(schema, table.name, 1);
  const names = new Set(columns.map(({ name }) => name));
  const named = [...table.key, ...(table.historyBy === undefined ? [] : [table.historyBy])];
  for (const name of named) if (!names.has(name)) refuse(table.name, `has no column ${name}`);
  if (table.description.length > MAX_DESCRIPTION) refuse(table.name, 'its description is too long');
  known.set(table, columns);
  return columns;
}

function fieldsOf(schema: Schema, where: string, depth: number): Column[] {
  if (schema.type !== 'object') refuse(where, 'no object');
  if (schema.additionalProperties !== false)
    refuse(where, 'open keys: use z.strictObject or params');
  if (depth > MAX_DEPTH) refuse(where, `deeper than ${MAX_DEPTH} records`);
  const entries = Object.entries(schema.properties ?? {});
  if (entries.length === 0) refuse(where, 'a record without fields');
  const required = new Set(schema.required);
  const seen = new Set<string>();
  return entries.map(([name, property]) => {
    const path = `${where}.${name}`;
    checkName(name, path, seen);
    if (!required.has(name))
      refuse(path, 'an optional key: every key is present, null where empty');
    if (typeof property === 'boolean') refuse(path, 'no schema');
    return columnOf(name, property, { where: path, depth });
  });
}

function checkName(name: string, path: string, seen: Set<string>): void {
  if (!NAME.test(name) || RESERVED.test(name)) refuse(path, 'not a name for BigQuery');
  if (name in Object.prototype) refuse(path, 'the name of a member of every object');
  if (seen.has(name.toLowerCase())) refuse(path, 'differs from another column in case only');
  seen.add(name.toLowerCase());
}

function columnOf(name: string, schema: Schema, at: { where: string; depth: number }): Column {
  const head = { name, description: descriptionOf(schema, at.where) };
  if (schema['warehouse'] === 'JSON') return { ...head, type: 'JSON', mode: 'NULLABLE' };
  const loose = schema['loose'] === true ? { loose: true as const } : {};
  const { inner, nullable } = withoutNull(schema, at.where);
  if (inner.type !== 'array') {
    return { ...head, ...typeOf(inner, at), mode: nullable ? 'NULLABLE' : 'REQUIRED', ...loose };
  }
  if (nullable) refuse(at.where, 'a list that may be null: use an empty list');
  const element = typeOf(elementOf(inner, at.where), at);
  return { ...head, ...element, mode: 'REPEATED', ...loose };
}

function descriptionOf({ description = '' }: Schema, where: string): string {
  if (description.trim() !== '' && description.length <= MAX_DESCRIPTION) return description;
  return refuse(where, `needs a description of 1 to ${MAX_DESCRIPTION} characters`);
}

function elementOf({ items }: Schema, where: string): Schema {
  if (items === undefined || typeof items === 'boolean' || Array.isArray(items)) {
    return refuse(where, 'a list without one kind of element');
  }
  const { inner, nullable } = withoutNull(items, where);
  return nullable ? refuse(where, 'a list with null elements: BigQuery refuses them') : inner;
}

/** zod writes `type: ["string", "null"]` for plain scalars and `anyOf` for the rest. */
function withoutNull(schema: Schema, where: string): { inner: Schema; nullable: boolean } {
  const types: unknown = schema.type;
  if (Array.isArray(types)) {
    const list: unknown[] = types;
    const [type, ...others] = list.filter((it) => it !== 'null');
    if (others.length > 0 || typeof type !== 'string') return refuse(where, 'a union of types');
    // zod's type of `type` names one type only, though it writes lists.
    return { inner: { ...schema, type: type as 'string' }, nullable: types.includes('null') };
  }
  if (schema.anyOf === undefined) return { inner: schema, nullable: false };
  const rest = schema.anyOf.filter((it) => typeof it === 'boolean' || it.type !== 'null');
  const [inner] = rest;
  if (rest.length !== 1 || inner === undefined || typeof inner === 'boolean') {
    return refuse(where, 'a union');
  }
  return { inner, nullable: true };
}

type TypeOf = Pick<Column, 'type' | 'fields' | 'values' | 'pattern'>;

function typeOf(schema: Schema, at: { where: string; depth: number }): TypeOf {
  if (schema.type === 'object') {
    return { type: 'RECORD', fields: fieldsOf(schema, at.where, at.depth + 1) };
  }
  const type =
    FORMATS[schema.format ?? ''] ??
    (schema.format === undefined ? SCALARS[String(schema.type)] : undefined);
  if (type === undefined) return refuse(at.where, `a ${String(schema.type)} that no warehouse has`);
  if (type === 'TIMESTAMP' || type === 'DATE') return { type, pattern: schema.pattern ?? '' };
  if (schema.enum !== undefined) return { type, values: schema.enum.map(String) };
  return { type };
}

function refuse(where: string, why: string): never {
  throw new Error(`${where}: ${why}`);
}
