import type { FalseCell, PageFaults, TableProps, TableValue } from '../settings.ts';
import type { DrawnRow, TableModel } from './cells.ts';

/** The columns of a value that a table draws; all, unless it is a leaderboard. */
export interface Selection {
  /** Places in the value, in order. */
  columns: readonly number[];
  /** Whether a row passes the filters. */
  keeps: (row: readonly unknown[]) => boolean;
}

/** What is drawn of a value: as it says, but for the faults. */
export function tableModel(
  value: TableValue | null,
  {
    props,
    faults,
    selection,
  }: { props: Partial<TableProps>; faults: PageFaults; selection?: Selection },
): TableModel {
  const headers = value?.headers ?? props.headers ?? [];
  const columns = selection?.columns ?? headers.map((_, index) => index);
  const drawnColumns = columns.filter((column) => column !== faults.hiddenColumn);
  const data = value?.data ?? [];
  const display = value?.metadata?.display_value;
  const kept = data
    .map((row, place) => ({ row, place }))
    .filter(({ row }) => selection?.keeps(row) ?? true);
  const rows: DrawnRow[] = kept.map(({ row, place }) => ({
    place,
    cells: drawnColumns.map((column) => ({
      value: row[column],
      display: display?.[place]?.[column],
    })),
  }));
  const heads = drawnColumns.map((column) => ({ text: headers[column] ?? '', column }));
  return {
    heads: withFalseHeads(heads, faults),
    rows: withFalseRows(rows, faults, drawnColumns),
    props,
  };
}

function withFalseHeads(heads: TableModel['heads'], faults: PageFaults): TableModel['heads'] {
  const texts = heads.map(({ text }) => text);
  if (faults.swappedHeads) swap(texts, faults.swappedHeads);
  return heads.map((head, index) => ({
    ...head,
    text: faults.head?.column === index ? faults.head.text : (texts[index] ?? ''),
  }));
}

function withFalseRows(
  rows: readonly DrawnRow[],
  faults: PageFaults,
  columns: readonly number[],
): DrawnRow[] {
  let drawn = rows.map((row) => falseCells(row, faults));
  if (faults.filtered !== undefined) {
    const text = faults.filtered;
    drawn = drawn.filter(({ cells }) => cells.some(({ value }) => String(value).includes(text)));
  }
  if (faults.sorted) drawn = sorted(drawn, faults.sorted);
  const lost = new Set(faults.lost);
  const doubled = new Set(faults.doubled);
  drawn = drawn
    .filter(({ place }) => !lost.has(place))
    .flatMap((row) => (doubled.has(row.place) ? [row, row] : [row]));
  const extra = (faults.extra ?? []).map((row, index) => ({
    place: rows.length + index,
    cells: columns.map((column) => ({ value: row[column] })),
  }));
  return [...drawn, ...extra].slice(0, faults.most);
}

function falseCells(row: DrawnRow, faults: PageFaults): DrawnRow {
  const cells = [...row.cells];
  if (faults.swappedCells) swap(cells, faults.swappedCells);
  const changed = (faults.cells ?? []).filter((it: FalseCell) => it.row === row.place);
  for (const { column, text } of changed) cells[column] = { value: text, display: text };
  const blank = faults.blank?.includes(row.place) ?? false;
  return { place: row.place, cells: blank ? cells.map(() => ({ value: '' })) : cells };
}

function swap<Item>(items: Item[], [a, b]: readonly [number, number]): void {
  const [first, second] = [items[a], items[b]];
  if (first === undefined || second === undefined) return;
  items[a] = second;
  items[b] = first;
}

function sorted(
  rows: readonly DrawnRow[],
  { column, descending }: { column: number; descending: boolean },
): DrawnRow[] {
  const order = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [a.cells[column]?.value, b.cells[column]?.value];
    if (typeof x === 'number' && typeof y === 'number') return order * (x - y);
    return order * String(x).localeCompare(String(y));
  });
}
