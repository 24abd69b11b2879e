import { readFile } from 'node:fs/promises';

/** Cells as texts, by header. */
export type TextRow = Record<string, string>;

/**
 * A real board as it stood on a day.
 *
 * @see tests/replica/data/boards/open-llm-v2-day.README.md for the origin of the rows
 */
export async function boardOfDay(date: '2024-10-09' | '2024-12-10'): Promise<TextRow[]> {
  const file = new URL(`../replica/data/boards/open-llm-v2-day.${date}.json`, import.meta.url);
  // Our own data file: the shape is known.
  const { headers, rows } = JSON.parse(await readFile(file, 'utf8')) as {
    headers: string[];
    rows: (string | number | null)[][];
  };
  return rows.map((row) =>
    Object.fromEntries(headers.map((header, at) => [header, String(row[at] ?? '')])),
  );
}

/** A row without one of its columns. */
export const withoutColumn = (row: TextRow, column: string): TextRow =>
  Object.fromEntries(Object.entries(row).filter(([header]) => header !== column));
