/** Rows without the ones that equal an earlier one in all of these columns. */
export function distinct<Column extends string, Row extends Record<Column, string | null>>(
  rows: Row[],
  columns: readonly Column[],
): Row[] {
  if (rows.length < 2) return rows;
  const seen = new Set<string>();
  return rows.filter((row) => {
    const size = seen.size;
    return seen.add(keyOf(row, columns)).size > size;
  });
}

/** Lengths stand before the texts, so that no two rows have the same key. */
function keyOf<Column extends string>(
  row: Record<Column, string | null>,
  columns: readonly Column[],
): string {
  let key = '';
  for (const name of columns) {
    const text = row[name];
    key += text === null ? '-' : `${text.length}:${text}`;
  }
  return key;
}
