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
