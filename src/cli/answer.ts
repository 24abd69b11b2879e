import type { PlainValue } from '../export/duckdb/values.ts';

/**
 * A line of CSV as RFC 4180 has it, with LF: null is an empty field, the empty text `""`; a list or a
 * struct is its JSON.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const csvLine = (row: readonly PlainValue[]): string => `${row.map(csvCell).join(',')}\n`;

function csvCell(value: PlainValue): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row by the names of its columns. */
export const objectOf = (
  columns: readonly string[],
  row: readonly PlainValue[],
): Record<string, PlainValue> =>
  Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]));
