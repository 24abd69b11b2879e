import { columnsOf, type Column } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';

/** A column's type in words that both warehouses share. */
export interface ColumnShape {
  name: string;
  /** `STRING`, `INTEGER`, `FLOAT`, `BOOLEAN`, `TIMESTAMP`, `DATE`, `JSON`, `RECORD`, or what else it was. */
  type: string;
  isRepeated: boolean;
  fields: readonly ColumnShape[];
}

/** The shape of a table as we define it today. */
export const shapesOf = (table: Table): ColumnShape[] => columnsOf(table).map(shapeOf);

const shapeOf = ({ name, type, mode, fields = [] }: Column): ColumnShape => ({
  name,
  type,
  isRepeated: mode === 'REPEATED',
  fields: fields.map(shapeOf),
});

/** A field of a BigQuery schema, as the API tells it. */
export interface FieldLike {
  name: string;
  type: string;
  mode?: string;
  fields?: readonly FieldLike[];
}

/** The API answers with either name of a type. */
const BIGQUERY_TYPES: Partial<Record<string, string>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
};

/** The one name that we use for a type. */
export const bigqueryType = (type: string): string =>
  BIGQUERY_TYPES[type.toUpperCase()] ?? type.toUpperCase();

export const bigqueryShape = ({ name, type, mode, fields = [] }: FieldLike): ColumnShape => ({
  name,
  type: bigqueryType(type),
  isRepeated: mode?.toUpperCase() === 'REPEATED',
  fields: fields.map(bigqueryShape),
});

const DUCKDB_TYPES: Partial<Record<string, string>> = {
  VARCHAR: 'STRING',
  BIGINT: 'INTEGER',
  DOUBLE: 'FLOAT',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
};

/**
 * A column of a DuckDB file, from `column_name` and `data_type` of `duckdb_columns()`. Never throws: a
 * type that is not one of ours keeps its name, and differs from all of ours.
 */
export function duckdbShape(name: string, dataType: string): ColumnShape {
  const text = dataType.trim();
  if (text.endsWith('[]')) return { ...duckdbShape(name, text.slice(0, -2)), isRepeated: true };
  const inner = /^STRUCT\((.*)\)$/is.exec(text)?.[1];
  if (inner === undefined) {
    const type = DUCKDB_TYPES[text.toUpperCase()] ?? text.toUpperCase();
    return { name, type, isRepeated: false, fields: [] };
  }
  return { name, type: 'RECORD', isRepeated: false, fields: partsOf(inner).map(fieldOf) };
}

/** `"name" TYPE` or `name TYPE`. */
function fieldOf(text: string): ColumnShape {
  const quoted = /^"((?:[^"]|"")*)"\s+(\S.*)$/s.exec(text);
  if (quoted !== null) {
    const [, name = '', type = ''] = quoted;
    return duckdbShape(name.replaceAll('""', '"'), type);
  }
  const at = text.indexOf(' ');
  return duckdbShape(text.slice(0, at), text.slice(at + 1));
}

/** Splits at the commas that stand in no bracket and no quotes. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (sign === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

const WIDER: Partial<Record<string, readonly string[]>> = {
  INTEGER: ['FLOAT', 'STRING', 'JSON'],
  FLOAT: ['STRING', 'JSON'],
  BOOLEAN: ['STRING', 'JSON'],
  DATE: ['TIMESTAMP', 'STRING'],
  TIMESTAMP: ['STRING'],
  STRING: ['JSON'],
};

/** Whether a type can hold every value of another, so that a change loses nothing. */
export const holdsAll = (type: string, of: string): boolean =>
  type === of || (WIDER[of]?.includes(type) ?? false);
