import { columnsOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { Table } from './table.ts';

const TYPES = {
  STRING: 'VARCHAR',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  JSON: 'JSON',
} as const;

/** An SQL identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An SQL text literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The type of a column, e.g. `STRUCT("name" VARCHAR, "value" VARCHAR)[]`. */
export function duckdbType(column: Column): string {
  const type =
    column.type === 'RECORD'
      ? `STRUCT(${(column.fields ?? []).map((it) => `${identifier(it.name)} ${duckdbType(it)}`).join(', ')})`
      : TYPES[column.type];
  return column.mode === 'REPEATED' ? `${type}[]` : type;
}

/** The `columns` argument of `read_json`: explicit, since detection is slow and guesses. */
export function duckdbColumns(table: Table): string {
  const columns = columnsOf(table).map((it) => `${literal(it.name)}: ${literal(duckdbType(it))}`);
  return `{${columns.join(', ')}}`;
}

/** Statements that make the empty table: NOT NULL for required columns, comments on all of them. */
export function duckdbDdl(table: Table, { schema = 'main' }: { schema?: string } = {}): string[] {
  const name = `${identifier(schema)}.${identifier(table.name)}`;
  const columns = columnsOf(table);
  const lines = columns.map(
    (it) =>
      `  ${identifier(it.name)} ${duckdbType(it)}${it.mode === 'NULLABLE' || it.type === 'JSON' ? '' : ' NOT NULL'}`,
  );
  return [
    `CREATE TABLE ${name} (\n${lines.join(',\n')}\n)`,
    `COMMENT ON TABLE ${name} IS ${literal(table.description)}`,
    ...columns.map(
      (it) => `COMMENT ON COLUMN ${name}.${identifier(it.name)} IS ${literal(describe(it))}`,
    ),
  ];
}

/** A struct has no comments inside, so its fields are told in the comment of the column. */
function describe(column: Column): string {
  if (column.fields === undefined) return column.description;
  const fields = column.fields.map((it) => `${it.name}: ${it.description}`);
  return `${column.description} Fields: ${fields.join(' ')}`;
}
