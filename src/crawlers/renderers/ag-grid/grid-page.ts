import type { PageReader } from '../html-table/page-reader.ts';

/** Names of classes and attributes here are AG Grid's public contract: styles and tests rest on them. */

export interface GridHead {
  id: string;
  /** `aria-colindex`: the order of the columns. */
  place: number;
  text: string;
  names: string[];
  groups: string[];
}

export interface GridCell {
  text: string;
  link: string;
}

/** What a grid has in the document at a moment; more of it comes by scrolling. */
export interface GridView {
  heads: GridHead[];
  /** `row-index` of each row with its cells by column. */
  rows: [number, Record<string, GridCell>][];
  /** Rows over those of data in the count and the numbering of the grid. */
  headRows: number;
  statedRows: number | null;
  statedColumns: number | null;
  /** Headers of columns that are filtered. */
  filtered: string[];
  /** Rows that are no rows of data: of groups, over the whole width, kept at an end. */
  otherRows: number;
}

export interface GridPage {
  grids: () => HTMLElement[];
  isBusy: (grid: HTMLElement) => boolean;
  /** Whether all rows in view are drawn, each with all columns in view. */
  isDrawn: (grid: HTMLElement) => boolean;
  viewOf: (grid: HTMLElement) => GridView;
  rowPx: (grid: HTMLElement) => number;
  nextPage: (grid: HTMLElement) => HTMLElement | null;
  /** What the panel of pages says; '' without one. */
  told: (grid: HTMLElement) => string;
}

export interface GridHeads {
  number: (element: Element, name: string) => number | null;
  headText: (head: Element) => string;
  headsOf: (grid: Element) => GridHead[];
  /** Elements of rows of data, up to three of each. */
  dataRows: (grid: Element) => HTMLElement[];
  rowsOf: (grid: Element) => GridView['rows'];
}

/** Makes what reads heads and rows of grids. Runs in the page. */
export function makeGridHeads(reader: PageReader): GridHeads {
  const { fold } = reader;
  const number = (element: Element, name: string): number | null => {
    const text = element.getAttribute(name) ?? '';
    return /^\d+$/.test(text) ? Number(text) : null;
  };
  const headText = (head: Element): string =>
    fold((head.querySelector('.ag-header-cell-text') ?? head).textContent);
  const headsOf = (grid: Element): GridHead[] => {
    const groups = [...grid.querySelectorAll('.ag-header-group-cell')].map((it) => {
      const from = number(it, 'aria-colindex') ?? 0;
      const text = fold((it.querySelector('.ag-header-group-text') ?? it).textContent);
      return { text, from, to: from + (number(it, 'aria-colspan') ?? 1) - 1 };
    });
    return [...grid.querySelectorAll('.ag-header-cell[col-id]')].map((head) => {
      const place = number(head, 'aria-colindex') ?? 0;
      const over = groups.filter(({ from, to }) => from <= place && place <= to);
      const names = ['title', 'aria-label'].map((name) => fold(head.getAttribute(name)));
      return {
        id: head.getAttribute('col-id') ?? '',
        place,
        text: headText(head),
        names: names.filter((name) => name !== ''),
        groups: over.map(({ text }) => text).filter((text) => text !== ''),
      };
    });
  };
  const dataRows = (grid: Element): HTMLElement[] =>
    [...grid.querySelectorAll<HTMLElement>('.ag-row[row-index]')].filter(
      (row) => number(row, 'row-index') !== null,
    );
  const rowsOf = (grid: Element): GridView['rows'] => {
    const rows = new Map<number, Record<string, GridCell>>();
    for (const row of dataRows(grid)) {
      const index = number(row, 'row-index') ?? 0;
      const cells = rows.get(index) ?? {};
      for (const cell of row.querySelectorAll('.ag-cell[col-id]')) {
        const id = cell.getAttribute('col-id') ?? '';
        cells[id] = { text: reader.textOf(cell, id), link: reader.linkOf(cell) };
      }
      rows.set(index, cells);
    }
    return [...rows];
  };
  return { number, headText, headsOf, dataRows, rowsOf };
}

/** Makes what reads grids. Runs in the page. */
export function makeGridPage(
  reader: PageReader,
  makeHeads: (reader: PageReader) => GridHeads,
): GridPage {
  const { fold, isShown } = reader;
  const { number, headText, headsOf, dataRows, rowsOf } = makeHeads(reader);
  const wrapperOf = (grid: Element): Element => grid.closest('.ag-root-wrapper') ?? grid;
  const panelOf = (grid: Element): Element | null => {
    const panel = wrapperOf(grid).querySelector('.ag-paging-panel');
    return panel && isShown(panel) ? panel : null;
  };
  const nextPage = (grid: Element): HTMLElement | null => {
    const buttons = [...(panelOf(grid)?.querySelectorAll<HTMLElement>('[aria-label]') ?? [])];
    const next = buttons.find((it) => /^next/i.test(it.getAttribute('aria-label') ?? ''));
    return next && next.getAttribute('aria-disabled') !== 'true' ? next : null;
  };
  const isDrawn = (grid: Element): boolean => {
    const centre = grid.querySelector('.ag-center-cols-container');
    const box = grid.querySelector('.ag-body-viewport')?.getBoundingClientRect();
    if (!box || !centre) return false;
    const whole = centre.getBoundingClientRect();
    const rows = [...centre.querySelectorAll('.ag-row[row-index]')];
    const places = rows.map((row) => row.getBoundingClientRect());
    const top = Math.min(...places.map((it) => it.top));
    const bottom = Math.max(...places.map((it) => it.bottom));
    const heads = grid.querySelectorAll('.ag-header-viewport .ag-header-cell[col-id]').length;
    const isWide = rows.every((row) => row.querySelectorAll('.ag-cell[col-id]').length >= heads);
    return isWide && top <= box.top + 1 && bottom >= Math.min(box.bottom, whole.bottom) - 1;
  };
  const viewOf = (grid: Element): GridView => {
    const [first] = dataRows(grid);
    const rowIndex = first ? (number(first, 'row-index') ?? 0) : 0;
    const others = '.ag-row-group, .ag-full-width-row, .ag-row-pinned';
    return {
      heads: headsOf(grid),
      rows: rowsOf(grid),
      headRows: ((first && number(first, 'aria-rowindex')) ?? rowIndex + 1) - rowIndex - 1,
      statedRows: number(grid, 'aria-rowcount'),
      statedColumns: number(grid, 'aria-colcount'),
      filtered: [...grid.querySelectorAll('.ag-header-cell-filtered')].map(headText),
      otherRows: grid.querySelectorAll(others).length,
    };
  };
  const BUSY = '.ag-overlay-loading-center, .ag-row-loading, .ag-loading, .ag-cell-skeleton';
  return {
    ...{ nextPage, isDrawn, viewOf },
    grids: () => [...document.querySelectorAll<HTMLElement>('.ag-root')].filter(isShown),
    isBusy: (grid) => [...wrapperOf(grid).querySelectorAll(BUSY)].some(isShown),
    rowPx: (grid) => dataRows(grid)[0]?.offsetHeight ?? 0,
    told: (grid) => fold(panelOf(grid)?.textContent ?? ''),
  };
}
