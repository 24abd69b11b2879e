import type { PlainValue } from '../export/duckdb/values.ts';

/** A row by the names of its columns. */
export const objectOf = (
  columns: readonly string[],
  row: readonly PlainValue[],
): Record<string, PlainValue> =>
  Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]));
