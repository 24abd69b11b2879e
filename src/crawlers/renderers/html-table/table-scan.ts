import type { PageReader } from './page-reader.ts';

/** A cell of a scanned row: its text, or more where it has a link, spans or other names. */
export type ScannedCell = string | DetailedCell;

export interface DetailedCell {
  text: string;
  link?: string;
  columns?: number;
  rows?: number;
  /** Of a head: what `title`, `abbr` and the like say. */
  names?: string[];
}

export interface ScannedRow {
  section: 'head' | 'body' | 'foot';
  /** Rows of one `tbody` have one number: spans do not reach over it. */
  group: number;
  /** All cells are `th`, none of them the head of its row. */
  heads: boolean;
  cells: ScannedCell[];
}

/** A `table` as it stands in the document; what it means is decided outside the page. */
export interface ScannedTable {
  place: string;
  rows: ScannedRow[];
  /** Rows of data that are in the document but not displayed. */
  hiddenRows: number;
  busy: boolean;
  /** Height that no row with a text accounts for: room for rows that are not drawn. */
  spacePx: number;
  rowPx: number;
  /** As `aria-rowcount` states it; null where it does not. */
  statedRows: number | null;
}

/** Rows that follow each other and are alike in all but their cells. */
export interface ScannedPart extends Omit<ScannedRow, 'cells'> {
  rows: ScannedCell[][];
}

/** A table as it crosses over from the page: what its rows have in common is told once. */
export interface PackedTable extends Omit<ScannedTable, 'rows'> {
  parts: ScannedPart[];
}

export const unpack = ({ parts, ...table }: PackedTable): ScannedTable => ({
  ...table,
  rows: parts.flatMap(({ rows, ...as }) => rows.map((cells) => ({ ...as, cells }))),
});

export interface CellReader {
  cellOf: (cell: HTMLTableCellElement, section: string) => ScannedCell;
}

/** Makes a reader of cells. Runs in the page. */
export function makeCellReader({ fold, textOf, linkOf }: PageReader): CellReader {
  const NAMES = ['title', 'data-tip-title', 'abbr', 'aria-label'];
  const namesOf = (cell: Element): string[] => {
    const told = [cell, ...cell.querySelectorAll('[title], [data-tip-title], [aria-label]')];
    const names = told.flatMap((it) => NAMES.map((name) => fold(it.getAttribute(name))));
    return [...new Set(names)].filter((name) => name !== '');
  };
  const headText = (cell: Element): string => {
    // Arrows of sorting and the like are hidden from screen readers; a header is not.
    const marks = [...cell.querySelectorAll('[aria-hidden="true"]')];
    const whole = textOf(cell, 'head');
    const rest = marks.reduce((text, mark) => text.replace(fold(mark.textContent), ''), whole);
    return fold(rest) || whole;
  };
  // Most cells are: of these nothing more is asked.
  const isPlain = (cell: HTMLTableCellElement): boolean =>
    cell.childElementCount === 0 && cell.colSpan === 1 && cell.rowSpan === 1;
  return {
    cellOf: (cell, section) => {
      const isHead = section === 'head';
      if (!isHead && isPlain(cell)) return fold(cell.textContent);
      const text = isHead ? headText(cell) : textOf(cell, `${section} ${cell.cellIndex}`);
      const detailed: DetailedCell = { text };
      const link = isHead ? '' : linkOf(cell);
      const names = isHead ? namesOf(cell) : [];
      if (link !== '') detailed.link = link;
      if (names.length > 0) detailed.names = names;
      if (cell.colSpan !== 1) detailed.columns = cell.colSpan;
      if (cell.rowSpan !== 1) detailed.rows = cell.rowSpan;
      return Object.keys(detailed).length === 1 ? text : detailed;
    },
  };
}

/** What reading tables needs in the page. */
export interface ScanTools {
  [name: string]: (...given: never[]) => unknown;
  makePageReader: () => PageReader;
  makeCellReader: (reader: PageReader) => CellReader;
}

/** Reads every displayed table of the document. Runs in the page. */
export function scanTables(tools: ScanTools, smallLayout: number): PackedTable[] {
  const reader = tools.makePageReader();
  const { fold, isShown } = reader;
  const { cellOf } = tools.makeCellReader(reader);
  const isDrawn = (element: HTMLElement): boolean => element.checkVisibility();
  const SECTIONS: Record<string, ScannedRow['section']> = { THEAD: 'head', TFOOT: 'foot' };

  const rowOf = (row: HTMLTableRowElement, group: number): ScannedRow => {
    const section = SECTIONS[row.parentElement?.tagName ?? ''] ?? 'body';
    const cells = [...row.cells].filter(isDrawn);
    const heads =
      cells.length > 0 && cells.every((it) => it.tagName === 'TH' && it.scope !== 'row');
    const as = heads ? 'head' : section;
    return { section, group, heads, cells: cells.map((cell) => cellOf(cell, as)) };
  };
  const partsOf = (rows: ScannedRow[]): ScannedPart[] => {
    const parts: ScannedPart[] = [];
    for (const { cells, ...as } of rows) {
      const last = parts.at(-1);
      const isAlike =
        last?.section === as.section && last.group === as.group && last.heads === as.heads;
      if (isAlike) last.rows.push(cells);
      else parts.push({ ...as, rows: [cells] });
    }
    return parts;
  };
  const heightOf = (rows: HTMLElement[]): number =>
    rows.reduce((sum, row) => sum + row.offsetHeight, 0);
  const scan = (table: HTMLTableElement): PackedTable => {
    const rows = [...table.rows];
    const drawn = rows.filter(isDrawn);
    const hidden = drawn.length === rows.length ? [] : rows.filter((row) => !isDrawn(row));
    const sections = [...new Set(drawn.map((row) => row.parentElement))];
    const filled = drawn.filter((row) => row.cells.length > 1 || fold(row.textContent) !== '');
    const filledPx = heightOf(filled);
    const gapPx = parseFloat(getComputedStyle(table).borderSpacing) || 0;
    const besidesPx = (table.caption?.offsetHeight ?? 0) + gapPx * (drawn.length + 1);
    const stated = table.getAttribute('aria-rowcount') ?? '';
    const busy = '[aria-busy="true"]';
    return {
      place: fold(table.caption?.textContent ?? table.getAttribute('aria-label')) || table.id,
      parts: partsOf(drawn.map((row) => rowOf(row, sections.indexOf(row.parentElement)))),
      hiddenRows: hidden.filter((row) => row.cells.length > 1).length,
      busy: table.closest(busy) !== null || table.querySelector(busy) !== null,
      spacePx: Math.max(0, table.scrollHeight - filledPx - besidesPx),
      rowPx: filledPx / Math.max(1, filled.length),
      statedRows: /^\d+$/.test(stated) ? Number(stated) : null,
    };
  };
  // A table in a cell is the cell's text, unless the outer one only lays out the page.
  const isOwn = (table: HTMLTableElement): boolean => {
    const outer = table.parentElement?.closest('table');
    return !outer || outer.rows.length <= smallLayout;
  };
  return [...document.querySelectorAll('table')].filter((it) => isOwn(it) && isShown(it)).map(scan);
}
