import { fold, isShown, linkIn, numberIn, textOf, type Looks } from '../../pages/inside/text.ts';
import type { TableParts, View, ViewCell, ViewHead, ViewRow } from '../../pages/inside/walk.ts';

/* Names of classes and attributes here are AG Grid's public contract: styles and tests rest on them. */

export function tablesOf(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.ag-root')].filter(isShown);
}

export function wrapperOf(table: HTMLElement): HTMLElement {
  return table.closest<HTMLElement>('.ag-root-wrapper') ?? table;
}

/** Elements of rows of data, up to three of each: those kept at an end have no such number. */
export function dataRows(within: Element): Element[] {
  const rows = [...within.querySelectorAll('.ag-row[row-index]')];
  return rows.filter((row) => numberIn(row, 'row-index') !== null);
}

export function headsIn(within: Element): Element[] {
  return [...within.querySelectorAll('.ag-header-cell[col-id]')];
}

export function partsOf(table: HTMLElement): TableParts {
  const body = table.querySelector('.ag-center-cols-container') ?? table;
  const place = (row: Element): number => numberIn(row, 'row-index') ?? 0;
  const isWide = (numberIn(table, 'aria-colcount') ?? 0) > headsIn(table).length;
  return {
    body,
    // In the document they stand in the order in which they were drawn.
    rows: dataRows(body).sort((a, b) => place(a) - place(b)),
    down: table.querySelector('.ag-body-viewport'),
    across: isWide ? table.querySelector('.ag-center-cols-viewport') : null,
    head: null,
    frame: wrapperOf(table),
  };
}

export function headText(head: Element): string {
  return fold((head.querySelector('.ag-header-cell-text') ?? head).textContent);
}

export function headViews(table: Element): ViewHead[] {
  const groups = [...table.querySelectorAll('.ag-header-group-cell')].map((it) => {
    const from = numberIn(it, 'aria-colindex') ?? 0;
    const text = fold((it.querySelector('.ag-header-group-text') ?? it).textContent);
    return { text, from, to: from + (numberIn(it, 'aria-colspan') ?? 1) - 1 };
  });
  return headsIn(table).map((head) => {
    const place = numberIn(head, 'aria-colindex') ?? 0;
    const over = groups.filter(({ from, to }) => from <= place && place <= to);
    const names = ['title', 'aria-label'].map((name) => fold(head.getAttribute(name)));
    return {
      ...{ id: head.getAttribute('col-id') ?? '', place, text: headText(head) },
      names: names.filter((name) => name !== ''),
      groups: over.map(({ text }) => text).filter((text) => text !== ''),
    };
  });
}

/** Rows with the cells that all of their elements have. */
export function rowViews(table: Element): ViewRow[] {
  const looks: Looks = new Map();
  const rows = new Map<number | null, Record<string, ViewCell>>();
  for (const row of dataRows(table)) {
    const place = numberIn(row, 'row-index');
    const cells = rows.get(place) ?? {};
    for (const cell of row.querySelectorAll('.ag-cell[col-id]')) {
      const id = cell.getAttribute('col-id') ?? '';
      const text = textOf(cell, looks, id);
      const link = cell.childElementCount === 0 ? '' : linkIn(cell);
      cells[id] = link === '' ? text : { text, link };
    }
    rows.set(place, cells);
  }
  return [...rows].map(([place, cells]) => ({ place, cells }));
}

export function viewOf(table: HTMLElement, { rows: [row] }: TableParts): View {
  const index = row && numberIn(row, 'aria-rowindex');
  // Rows of heads count too, and are numbered.
  const headRows = row && index ? index - (numberIn(row, 'row-index') ?? 0) - 1 : 0;
  const others = '.ag-row-group, .ag-full-width-row, .ag-row-pinned, .ag-row-footer';
  return {
    heads: headViews(table),
    rows: rowViews(table),
    // A grid that does not know its rows yet states -1: no number that could be right.
    statedRows: (numberIn(table, 'aria-rowcount') ?? -1) - headRows,
    statedColumns: numberIn(table, 'aria-colcount'),
    filtered: [...table.querySelectorAll('.ag-header-cell-filtered')].map(headText),
    otherRows: table.querySelectorAll(others).length,
  };
}

/** Whether it loads, moves rows out that were drawn before, or has still to draw cells in view. */
export function isBusy(table: HTMLElement): boolean {
  const marks = '.ag-overlay-loading-center, .ag-row-loading, .ag-loading, .ag-skeleton-container';
  if ([...wrapperOf(table).querySelectorAll(marks)].some(isShown)) return true;
  const { body, rows } = partsOf(table);
  const places = new Set(rows.map((row) => row.getAttribute('row-index')));
  const heads = headsIn(table.querySelector('.ag-header-viewport') ?? table).length;
  const drawn = body.querySelectorAll('.ag-row[row-index] > .ag-cell[col-id]').length;
  return places.size < rows.length || drawn < heads * rows.length;
}
