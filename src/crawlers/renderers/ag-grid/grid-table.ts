import type { TableCell } from '../../../boards/table.ts';
import { differs, type Difference } from '../../../boards/drift.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import type { NamedTable } from '../../pages/choose.ts';
import { nameColumns } from '../../pages/names.ts';
import type { GridCell, GridHead, GridView } from './grid-page.ts';

/** A grid as a table, and what speaks against it being whole. */
export interface GridTable extends NamedTable {
  differences: Difference[];
  filters: string[];
}

export const textOf = (cell: GridCell): string => (typeof cell === 'string' ? cell : cell.text);
export const linkOf = (cell: GridCell): string => (typeof cell === 'string' ? '' : cell.link);

/** Heads of all views, each once, in the order of the columns. */
export function headsOf(views: readonly GridView[]): GridHead[] {
  const heads = new Map(views.flatMap((view) => view.heads.map((head) => [head.id, head])));
  return [...heads.values()].sort((a, b) => a.place - b.place);
}

/** Cells of all views, joined by row and column; those seen twice must have been the same. */
export function rowsOf(views: readonly GridView[]): {
  rows: Map<number, Record<string, GridCell>>;
  changed: number;
} {
  const rows = new Map<number, Record<string, GridCell>>();
  let changed = 0;
  for (const [index, cells] of views.flatMap((view) => view.rows)) {
    const known = rows.get(index) ?? {};
    for (const [id, cell] of Object.entries(cells)) {
      const before = known[id];
      if (before !== undefined && textOf(before) !== textOf(cell)) changed += 1;
      known[id] = cell;
    }
    rows.set(index, known);
  }
  return { rows, changed };
}

/** As a table has it; without any text where there is none. */
export const cellOf = (cell: GridCell = ''): TableCell =>
  typeof cell === 'string' ? { text: cell } : { text: cell.text, link: cell.link };

/** Puts together what a grid showed while it was walked over. Pure. */
export function gridTable(
  views: readonly GridView[],
  definition: BoardDefinition | null,
): GridTable {
  const heads = headsOf(views);
  const headers = nameColumns(heads, definition);
  const { rows, changed } = rowsOf(views);
  const sorted = [...rows].sort(([a], [b]) => a - b);
  const last = views.at(-1);
  const differences = [
    ...unequal('cells that changed while read', 0, changed),
    ...unequal('rows that are no data', 0, Math.max(0, ...views.map((it) => it.otherRows))),
    ...unequal('columns of the grid', last?.statedColumns ?? heads.length, heads.length),
    ...unequal('rows up to the last one', (sorted.at(-1)?.[0] ?? -1) + 1, sorted.length),
    ...statedRows(views, sorted.length),
  ];
  for (const [index, cells] of sorted) {
    const missing = heads.filter(({ id }) => cells[id] === undefined).map(({ text }) => text);
    if (missing.length === 0) continue;
    const found = `none under ${missing.join(', ')}`.slice(0, 120);
    differences.push({ what: 'cells', where: `row ${index}`, expected: 'all', found });
  }
  return {
    place: 'grid',
    headers,
    rows: sorted.map(([, cells]) => heads.map(({ id }) => cellOf(cells[id]))),
    differences,
    filters: [...new Set(views.flatMap((it) => it.filtered))].map((name) => `${name}=filtered`),
  };
}

/** The grid counts its rows for screen readers, heads included. */
function statedRows(views: readonly GridView[], rows: number): Difference[] {
  const counts = views.flatMap(({ statedRows: stated, headRows }) =>
    stated === null ? [] : [stated - headRows],
  );
  const other = counts.find((count) => count !== rows);
  if (counts.length === 0) return [differs('aria-rowcount of the grid', 'a number', 'none')];
  return other === undefined ? [] : [differs('rows by aria-rowcount', other, rows)];
}

const unequal = (what: string, expected: number, found: number): Difference[] =>
  expected === found ? [] : [differs(what, expected, found)];
