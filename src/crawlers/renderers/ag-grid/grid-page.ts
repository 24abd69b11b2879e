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

/** What a cell shows; with the address that it leads to, if it does. */
export type GridCell = string | { text: string; link: string };

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

export interface GridPage extends GridCounts {
  grids: () => HTMLElement[];
  isBusy: (grid: HTMLElement) => boolean;
  /** Whether all rows in view are drawn, each with all columns in view. */
  isDrawn: (grid: HTMLElement) => boolean;
  /** Whether all columns are drawn, in view or not. */
  isWhole: (grid: HTMLElement) => boolean;
  viewOf: (grid: HTMLElement) => GridView;
  nextPage: (grid: HTMLElement) => HTMLElement | null;
  /** What the panel of pages says; '' without one. */
  told: (grid: HTMLElement) => string;
}

export interface GridHeads {
  number: (element: Element, name: string) => number | null;
  headText: (head: Element) => string;
  headsOf: (grid: Element) => GridHead[];
  rowsOf: (grid: Element) => GridView['rows'];
}

export interface GridCounts {
  /** Elements of rows of data, up to three of each. */
  dataRows: (grid: Element) => HTMLElement[];
  /** Rows over those of data in the count and the numbering of the grid. */
  headRows: (grid: Element) => number;
  /** Rows of data that the grid states; null where it states none. */
  statedRows: (grid: Element) => number | null;
  /** Rows that are drawn besides those in view. */
  spareRows: (grid: Element) => number;
  rowPx: (grid: Element) => number;
}

/** What a grid is read with, to be made in the page. */
export interface GridMakers {
  makeGridHeads: typeof makeGridHeads;
  makeGridCounts: typeof makeGridCounts;
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
  const rowsOf = (grid: Element): GridView['rows'] => {
    const rows = new Map<number, Record<string, GridCell>>();
    for (const row of grid.querySelectorAll('.ag-row[row-index]')) {
      const index = number(row, 'row-index');
      if (index === null) continue;
      const cells = rows.get(index) ?? {};
      for (const cell of row.querySelectorAll('.ag-cell[col-id]')) {
        const id = cell.getAttribute('col-id') ?? '';
        const text = reader.textOf(cell, id);
        const link = cell.childElementCount === 0 ? '' : reader.linkOf(cell);
        cells[id] = link === '' ? text : { text, link };
      }
      rows.set(index, cells);
    }
    return [...rows];
  };
  return { number, headText, headsOf, rowsOf };
}

/** Makes what counts rows of grids. Runs in the page. */
export function makeGridCounts({ number }: Pick<GridHeads, 'number'>): GridCounts {
  /** Elements of rows of data, up to three of each. */
  const dataRows = (grid: Element): HTMLElement[] =>
    [...grid.querySelectorAll<HTMLElement>('.ag-row[row-index]')].filter(
      (row) => number(row, 'row-index') !== null,
    );
  const headRows = (grid: Element): number => {
    const [first] = dataRows(grid);
    const rowIndex = first ? (number(first, 'row-index') ?? 0) : 0;
    return ((first && number(first, 'aria-rowindex')) ?? rowIndex + 1) - rowIndex - 1;
  };
  const statedRows = (grid: Element): number | null => {
    const stated = number(grid, 'aria-rowcount');
    return stated === null ? null : stated - headRows(grid);
  };
  const rowPx = (grid: Element): number => dataRows(grid)[0]?.offsetHeight ?? 0;
  const spareRows = (grid: Element): number => {
    const indices = new Set(dataRows(grid).map((row) => number(row, 'row-index')));
    const inViewPx = grid.querySelector('.ag-body-viewport')?.clientHeight ?? 0;
    // Of the last one in view and the one after it only a part may be there.
    return Math.max(0, indices.size - Math.ceil(inViewPx / Math.max(1, rowPx(grid))) - 1);
  };
  return { dataRows, headRows, statedRows, spareRows, rowPx };
}

/** Makes what reads grids. Runs in the page. */
export function makeGridPage(
  reader: PageReader,
  { makeGridHeads: makeHeads, makeGridCounts: makeCounts }: GridMakers,
): GridPage {
  const { fold, isShown } = reader;
  const { number, headText, headsOf, rowsOf } = makeHeads(reader);
  const counts = makeCounts({ number });
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
  const isWhole = (grid: Element): boolean =>
    grid.querySelectorAll('.ag-header-cell[col-id]').length === number(grid, 'aria-colcount');
  const viewOf = (grid: Element): GridView => {
    const others = '.ag-row-group, .ag-full-width-row, .ag-row-pinned';
    return {
      heads: headsOf(grid),
      rows: rowsOf(grid),
      headRows: counts.headRows(grid),
      statedRows: number(grid, 'aria-rowcount'),
      statedColumns: number(grid, 'aria-colcount'),
      filtered: [...grid.querySelectorAll('.ag-header-cell-filtered')].map(headText),
      otherRows: grid.querySelectorAll(others).length,
    };
  };
  const BUSY = '.ag-overlay-loading-center, .ag-row-loading, .ag-loading, .ag-cell-skeleton';
  return {
    ...{ ...counts, nextPage, isDrawn, isWhole, viewOf },
    grids: () => [...document.querySelectorAll<HTMLElement>('.ag-root')].filter(isShown),
    isBusy: (grid) => [...wrapperOf(grid).querySelectorAll(BUSY)].some(isShown),
    told: (grid) => fold(panelOf(grid)?.textContent ?? ''),
  };
}
