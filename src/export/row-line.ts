import { z } from 'zod';
import { columnsOf, type Column } from '../tables/columns.ts';
import type { Table } from '../tables/table.ts';

/** A row that does not satisfy its table's schema. */
export class RowRefused extends Error {}

/** Longest reason; it never holds a value. */
const MAX_REASON = 500;

/**
 * A row as a line of JSONL: keys in the order of the columns, nulls left out (every warehouse reads a
 * missing key as null; with them a table has half as many bytes again).
 *
 * @throws {RowRefused} when the row does not satisfy the table's strict schema
 */
export function rowLine(table: Table, row: object): string {
  const checked = table.row.safeParse(row);
  if (checked.success) return `${recordText(columnsOf(table), checked.data)}\n`;
  throw new RowRefused(`${table.name}: ${z.prettifyError(checked.error)}`.slice(0, MAX_REASON));
}

function recordText(columns: readonly Column[], record: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const column of columns) {
    const value = record[column.name];
    if (value === null) continue;
    text += `${text === '' ? '' : ','}"${column.name}":${valueText(column, value)}`;
  }
  return `{${text}}`;
}

function valueText({ type, fields, mode }: Column, value: unknown): string {
  if (typeof value === 'number') return type === 'FLOAT' ? floatText(value) : String(value);
  if (typeof value === 'boolean') return String(value);
  if (fields === undefined) return JSON.stringify(value);
  // The schema has looked: a list of records, or a record.
  if (mode !== 'REPEATED') return recordText(fields, value as Record<string, unknown>);
  const records = value as readonly Record<string, unknown>[];
  return `[${records.map((it) => recordText(fields, it)).join(',')}]`;
}

/** Always with a point or an exponent: Polars takes a column that begins with `0` for whole numbers. */
function floatText(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
