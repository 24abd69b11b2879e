/** Up to so many rows, comparing each two is quicker than making a key of each. */
const FEW = 12;

/** Rows without the ones that equal an earlier one in all of these columns. */
export function distinct<Column extends string, Row extends Record<Column, string | null>>(
  rows: Row[],
  columns: readonly Column[],
): Row[] {
  if (rows.length < 2) return rows;
  if (rows.length <= FEW) {
    return rows.filter((row, index) => {
      for (let i = 0; i < index; i += 1) if (areEqual(rows[i], row, columns)) return false;
      return true;
    });
  }
  const seen = new Set<string>();
  return rows.filter((row) => {
    const size = seen.size;
    return seen.add(keyOf(row, columns)).size > size;
  });
}

function areEqual<Column extends string>(
  a: Record<Column, string | null> | undefined,
  b: Record<Column, string | null>,
  columns: readonly Column[],
): boolean {
  for (const name of columns) if (a?.[name] !== b[name]) return false;
  return true;
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
