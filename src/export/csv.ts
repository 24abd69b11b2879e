import type { Column } from '../tables/columns.ts';
import { identifier } from '../tables/duckdb.ts';
import type { PlainValue } from './duckdb/values.ts';

/**
 * How a text begins that a spreadsheet would run: it gets an apostrophe before it.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = String.raw`^[=+\-@\t\r]`;

/** A number in a text, such as a score below zero, is one in a spreadsheet too. */
const NUMBER = String.raw`^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$`;

/** Whether a column's values are more than one plain value. */
export const isNested = ({ type, mode }: Column): boolean =>
  type === 'JSON' || type === 'RECORD' || mode === 'REPEATED';

/** A column of a table for DuckDB's writer of CSV. */
export function csvCellSql(given: Column): string {
  const column = identifier(given.name);
  if (given.type !== 'STRING' && !isNested(given)) return column;
  const text = `${column}::VARCHAR`;
  const isFormula = `regexp_matches(${text}, '${FORMULA}') AND NOT regexp_matches(${text}, '${NUMBER}')`;
  return `CASE WHEN ${isFormula} THEN '''' || ${text} ELSE ${text} END AS ${column}`;
}

/**
 * A line of CSV as RFC 4180 has it, with LF: null is an empty field, the empty text `""`; a list or a
 * struct is its JSON.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const csvLine = (row: readonly PlainValue[]): string => `${row.map(csvCell).join(',')}\n`;

const [RUN, PLAIN] = [new RegExp(FORMULA), new RegExp(NUMBER)];

function csvCell(value: PlainValue): string {
  if (value === null) return '';
  const plain = typeof value === 'string' ? value : JSON.stringify(value);
  const isFormula = typeof value === 'string' && RUN.test(value) && !PLAIN.test(value);
  const text = isFormula ? `'${plain}` : plain;
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
