import type { ShownRow } from '../../boards/snapshot.ts';
import type { TableCell } from '../../boards/table.ts';
import type { NamedTable } from './choose.ts';

/** A cell as it came out of a page: its text, or more where it has a link. */
export const tableCell = (cell: string | { text: string; link?: string } = ''): TableCell => {
  if (typeof cell === 'string') return { text: cell };
  const { text, link } = cell;
  return { text, ...(link !== undefined && { link }) };
};

/** A row of cells under their headers, as a reading has it. */
export function shownRow(
  cells: readonly (readonly [string, TableCell])[],
  index: number,
): ShownRow {
  const links = cells.flatMap(([header, { link }]): [string, string][] =>
    link === undefined ? [] : [[header, link]],
  );
  return {
    ...{ identity: '', index },
    cells: Object.fromEntries(cells.map(([header, { text }]) => [header, text])),
    ...(links.length > 0 && { links: Object.fromEntries(links) }),
  };
}

/** Rows of a table as a reading has them. */
export const shownRows = ({ headers, rows }: NamedTable): ShownRow[] =>
  rows.map((cells, index) =>
    shownRow(
      cells.map((cell, at) => [headers[at] ?? '', cell]),
      index,
    ),
  );
