import type { Column } from '../tables/columns.ts';
import { identifier } from '../tables/duckdb.ts';
import type { PlainValue } from './duckdb/values.ts';

/**
 * How a text begins that a spreadsheet would run: it gets an apostrophe before it.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = String.raw`^[=+\-@\t\r]`;

/** Whether a column's values are more than one plain value. */
export const isNested = ({ type, mode }: Column): boolean =>
  type === 'JSON' || type === 'RECORD' || mode === 'REPEATED';

/** A column of a table for DuckDB's writer of CSV. */
export function csvCellSql(given: Column): string {
  const column = identifier(given.name);
  if (given.type !== 'STRING' && !isNested(given)) return column;
  const text = `${column}::VARCHAR`;
  return `CASE WHEN regexp_matches(${text}, '${FORMULA}') THEN '''' || ${text} ELSE ${text} END AS ${column}`;
}

/**
 * A line of CSV as RFC 4180 has it, with LF: null is an empty field, the empty text `""`; a list or a
 * struct is its JSON.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const csvLine = (row: readonly PlainValue[]): string => `${row.map(csvCell).join(',')}\n`;

const RUN = new RegExp(FORMULA);
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

function csvCell(value: PlainValue): string {
  if (value === null) return '';
  const plain = typeof value === 'string' ? value : JSON.stringify(value);
  // A number too large for JavaScript is a text here.
  const isFormula = typeof value === 'string' && RUN.test(value) && !NUMBER.test(value);
  const text = isFormula ? `'${plain}` : plain;
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
