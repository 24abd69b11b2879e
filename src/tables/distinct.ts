/** Rows without the ones that equal an earlier one. Rows are flat and have the same keys. */
export function distinct<Row extends object>(rows: Row[]): Row[] {
  if (rows.length < 2) return rows;
  const seen = new Set<string>();
  return rows.filter((row) => {
    const size = seen.size;
    return seen.add(JSON.stringify(row)).size > size;
  });
}
