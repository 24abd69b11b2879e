/** Rows without the ones that equal an earlier one in all of these columns. */
export function distinct<Column extends string, Row extends Record<Column, string | null>>(
  rows: readonly Row[],
  columns: readonly Column[],
): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(columns.map((name) => row[name]));
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}
