import type { PlainValue } from '../export/duckdb/values.ts';
import { clip } from '../report/html.ts';

/** Widest column that `table` prints. */
const MAX_WIDTH = 60;

/** Rows as aligned text, for a person; numbers to the right. */
export function table(rows: readonly object[]): string {
  const first = rows[0];
  if (first === undefined) return '(no rows)\n';
  const names = Object.keys(first);
  const texts = rows.map((row) => Object.values(row).map(cell));
  const widths = names.map((name, i) =>
    Math.max(name.length, ...texts.map((it) => (it[i] ?? '').length)),
  );
  const right = names.map((_, i) => rows.every((row) => typeof Object.values(row)[i] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((it, i) => (right[i] === true ? it.padStart(widths[i] ?? 0) : it.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return `${[line(names), rule, ...texts.map(line)].join('\n')}\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return plain(typeof value === 'string' ? value : printed(value), MAX_WIDTH);
}

/** Text of other people's pages for a terminal: without control characters, and not without end. */
export const plain = (text: string, longest = 200): string =>
  clip(text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' '), longest);

const printed = (value: unknown): string =>
  typeof value === 'number' ? value.toLocaleString('en') : JSON.stringify(value);

/** A row by the names of its columns. */
export const objectOf = (
  columns: readonly string[],
  row: readonly PlainValue[],
): Record<string, PlainValue> =>
  Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]));
