/** Rows without the ones that equal an earlier one. Rows hold texts and nulls under the same keys. */
export function distinct<Row extends Record<string, string | null>>(rows: Row[]): Row[] {
  if (rows.length < 2) return rows;
  const seen = new Set<string>();
  return rows.filter((row) => {
    const size = seen.size;
    return seen.add(keyOf(row)).size > size;
  });
}

/** Lengths stand before the texts, so that no two rows have the same key. */
function keyOf(row: Record<string, string | null>): string {
  let key = '';
  for (const name in row) {
    const text = row[name] ?? null;
    key += text === null ? '-' : `${text.length}:${text}`;
  }
  return key;
}
