import {
  allIn,
  headNames,
  headText,
  isShown,
  linkIn,
  numberIn,
  textOf,
  type Looks,
} from '../../pages/inside/text.ts';
import type { TableParts, View, ViewCell, ViewHead } from '../../pages/inside/walk.ts';

export function tablesOf(): HTMLElement[] {
  const roles = '[role="grid"], [role="table"], [role="treegrid"]';
  return allIn<HTMLElement>(document, roles).filter(
    (it) => isShown(it) && !it.matches('table, .ag-root') && !it.querySelector(`table, ${roles}`),
  );
}

export function rowsIn(table: Element): Element[] {
  return [...table.querySelectorAll('[role="row"]')].filter((row) => cellsIn(row).length > 0);
}

export function cellsIn(row: Element): Element[] {
  return [...row.querySelectorAll('[role="gridcell"], [role="cell"], [role="rowheader"]')];
}

export function headsIn(table: Element): Element[] {
  return [...table.querySelectorAll('[role="columnheader"]')];
}

/** The nearest element around that scrolls that way. */
export function scrollerOf(element: Element, way: 'x' | 'y'): HTMLElement | null {
  for (let it = element.closest<HTMLElement>('*'); it; it = it.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(it);
    const more = way === 'x' ? it.scrollWidth - it.clientWidth : it.scrollHeight - it.clientHeight;
    if (more > 0 && /auto|scroll/.test(way === 'x' ? overflowX : overflowY)) return it;
  }
  return null;
}

export function partsOf(table: HTMLElement): TableParts {
  const rows = rowsIn(table).filter(isShown);
  // Rows that are drawn again for other rows stand in any order.
  rows.sort((a, b) => (numberIn(a, 'aria-rowindex') ?? 0) - (numberIn(b, 'aria-rowindex') ?? 0));
  const body = rows[0]?.parentElement ?? table;
  // The room above and below may be a body of its own.
  const bodies = table instanceof HTMLTableElement ? [...table.tBodies] : [];
  const ends = [bodies[0] ?? body, bodies.at(-1) ?? body] as const;
  const isWide = (numberIn(table, 'aria-colcount') ?? 0) > headsIn(table).length;
  const down = scrollerOf(body, 'y');
  return {
    ...{ body, ends, rows, down },
    across: isWide ? scrollerOf(body, 'x') : null,
    head: headsIn(table)[0]?.closest('tr, [role="row"]') ?? null,
    frame: isWide ? null : down,
  };
}

/** A cell's column is that of its `aria-colindex`, else its place in the row. */
export function columnOf(cell: Element, at: number): number {
  return numberIn(cell, 'aria-colindex') ?? at + 1;
}

export function viewOf(table: HTMLElement, { rows, head }: TableParts): View {
  const looks: Looks = new Map();
  // Rows of heads count too, where they have a number.
  const headRows = numberIn(head ?? undefined, 'aria-rowindex') ?? 0;
  const stated = numberIn(table, 'aria-rowcount');
  const heads = headsIn(table).map((it, at): ViewHead => {
    const place = columnOf(it, at);
    const [text, names] = [headText(it, looks), headNames(it)];
    return { id: String(place), place, text, names, groups: [] };
  });
  return {
    heads,
    rows: rows.map((row) => {
      const index = numberIn(row, 'aria-rowindex');
      const cells = cellsIn(row).map((cell, at): [string, ViewCell] => {
        const [text, link] = [textOf(cell, looks, String(at)), linkIn(cell)];
        return [String(columnOf(cell, at)), link === '' ? text : { text, link }];
      });
      return {
        place: index === null ? null : index - headRows - 1,
        cells: Object.fromEntries(cells),
      };
    }),
    statedRows: stated === null ? null : stated - headRows,
    statedColumns: numberIn(table, 'aria-colcount'),
    ...{ filtered: [], otherRows: 0 },
  };
}

export function isBusy(table: HTMLElement): boolean {
  const busy = '[aria-busy="true"]';
  return (table.closest(busy) ?? table.querySelector(busy)) !== null;
}
