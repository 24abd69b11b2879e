/** Up to so many rows, comparing each two is quicker than making a key of each. */
const FEW = 12;

/** Rows without the ones that equal an earlier one in all of these columns. */
export function distinct<Column extends string, Row extends Record<Column, string | null>>(
  rows: Row[],
  columns: readonly Column[],
): Row[] {
  if (rows.length < 2) return rows;
  return rows.length <= FEW ? distinctOfFew(rows, columns) : distinctByKey(rows, columns);
}

function distinctOfFew<Column extends string, Row extends Record<Column, string | null>>(
  rows: readonly Row[],
  columns: readonly Column[],
): Row[] {
  const kept: Row[] = [];
  for (const row of rows) {
    let at = 0;
    while (at < kept.length && !areEqual(kept[at], row, columns)) at += 1;
    if (at === kept.length) kept.push(row);
  }
  return kept;
}

function distinctByKey<Column extends string, Row extends Record<Column, string | null>>(
  rows: readonly Row[],
  columns: readonly Column[],
): Row[] {
  const kept: Row[] = [];
  const seen = new Set<string>();
  for (const row of rows) if (seen.add(keyOf(row, columns)).size > kept.length) kept.push(row);
  return kept;
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
