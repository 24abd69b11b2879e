import { pressBeside, surroundingsOf, type Surroundings } from '../../pages/inside/around.ts';
import { settle, type Rest, type RestOptions } from '../../pages/inside/rest.ts';
import {
  allIn,
  closestTo,
  fold,
  headNames,
  headText,
  isShown,
  linkIn,
  numberIn,
  parentOf,
  textOf,
  type Looks,
} from '../../pages/inside/text.ts';

/** A cell as it stands in the document: its text, or more where it has a link, spans or other names. */
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
  around: Surroundings;
}

/** A table that the document has and does not show. */
export interface HiddenTable {
  table: ScannedTable;
  /** What opens it: `closed tab "Results"`, `closed section "Results"`; '' for nothing that is known. */
  by: string;
}

/** What the tables of a document are, and what there is beside them. */
export interface Scanned {
  tables: ScannedTable[];
  hidden: HiddenTable[];
  /** Rows of the longest table that is made of roles. */
  inRoles: number;
  /** What draws a table as a picture, in view or in a closed tab; '' for nothing. */
  onCanvas: '' | 'canvas' | 'Streamlit canvas';
}

/** Waits for the tables of the document to come to rest, and reads them at that moment. */
export async function lookAtRest(
  options: RestOptions,
): Promise<Scanned & { rest: Rest; /** How long reading took. */ tookMs: number }> {
  const rest = await settle(options);
  const startMs = performance.now();
  const scanned = scanAll();
  return { rest, ...scanned, tookMs: performance.now() - startMs };
}

export function scanAll(): Scanned {
  const [inRoles, onCanvas] = [rowsInRoles(), gridOnCanvas()];
  return { tables: scanTables(), hidden: scanHidden(), inRoles, onCanvas };
}

export function scanTables(): ScannedTable[] {
  const tables = ownTables();
  return tables.map((table) => scanTable(table, tables));
}

/** Works a control of one of the tables. */
export function pressControl({ table, at }: { table: number; at: number }): void {
  const tables = ownTables();
  pressBeside(tables[table], tables, at);
}

/** A table in a cell is the cell's text, unless the outer one has few rows: then it lays out the page. */
export function ownTables(): HTMLTableElement[] {
  return outerTables().filter(isShown);
}

export function outerTables(): HTMLTableElement[] {
  // Those of Gradio's own components, and what a canvas has for screen readers, are read otherwise.
  const others = '.gradio-container :is(.table-wrap, [role="grid"]), canvas';
  return allIn<HTMLTableElement>(document, 'table').filter((table) => {
    const outer = table.parentElement?.closest('table');
    return (!outer || outer.rows.length <= 10) && !closestTo(table, others);
  });
}

/** Rows of the longest table that is made of other elements by their roles. */
export function rowsInRoles(): number {
  const roles = '[role="grid"], [role="table"], [role="treegrid"]';
  const made = allIn(document, roles).filter(
    (it) => isShown(it) && !it.matches('table, .gradio-container *') && !it.querySelector('table'),
  );
  const rows = made.map(
    (it) => numberIn(it, 'aria-rowcount') ?? it.querySelectorAll('[role="row"]').length,
  );
  return Math.max(0, ...rows);
}

export function gridOnCanvas(): Scanned['onCanvas'] {
  if (allIn(document, '[data-testid="stDataFrame"]').length > 0) return 'Streamlit canvas';
  // Unlike a chart, a grid has rows for screen readers.
  return allIn(document, 'canvas :is(table, [role="grid"])').length > 0 ? 'canvas' : '';
}

/** Tables of which nothing is shown, but not those that are shown elsewhere. */
export function hiddenTables(): HTMLTableElement[] {
  const drawn = new Set(ownTables().map((it) => fold(it.textContent)));
  return outerTables().filter((table) => {
    const isData = table.rows.length > 2 && (table.rows[0]?.cells.length ?? 0) > 1;
    return isData && !isShown(table) && !drawn.has(fold(table.textContent));
  });
}

export function scanHidden(): HiddenTable[] {
  const tables = hiddenTables();
  return tables.map((table) => {
    const { word, control } = openerOf(table) ?? { word: '', control: null };
    const by = control ? `${word} "${fold(control.textContent).slice(0, 60)}"` : '';
    return { table: scanTable(table, tables), by };
  });
}

/** What shows a table: the summary of a section that is closed, or the tab of its panel. */
export function openerOf(table: Element): { word: string; control: HTMLElement } | null {
  const section = table.closest('details:not([open])');
  const summary = section?.querySelector<HTMLElement>(':scope > summary');
  if (summary) return { word: 'closed section', control: summary };
  for (let it: Element | null = table; it; it = parentOf(it)) {
    // What is shown does not hide it.
    if (it.checkVisibility()) return null;
    if (it.id === '') continue;
    const id = CSS.escape(it.id);
    const ways = [`[aria-controls="${id}"]`, `[href="#${id}"]`, `[data-bs-target="#${id}"]`];
    const control = document.querySelector<HTMLElement>(ways.join());
    if (control && isShown(control)) return { word: 'closed tab', control };
  }
  return null;
}

/** Opens what hides one of the hidden tables. */
export function openHidden(at: number): void {
  const table = hiddenTables()[at];
  if (table) openerOf(table)?.control.click();
}

export function scanTable(
  table: HTMLTableElement,
  tables: readonly HTMLTableElement[],
): ScannedTable {
  const looks: Looks = new Map();
  const rows = [...table.rows];
  // Of a table that is not shown, all rows would be.
  const isHidden = !table.checkVisibility();
  const drawn = isHidden ? rows : rows.filter((row) => row.checkVisibility());
  const hidden = rows.filter((row) => !drawn.includes(row));
  const sections = [...new Set(drawn.map((row) => row.parentElement))];
  const stated = table.getAttribute('aria-rowcount') ?? '';
  const busy = '[aria-busy="true"]';
  return {
    place: fold(table.caption?.textContent ?? table.getAttribute('aria-label')) || table.id,
    rows: drawn.map((row) => scanRow(row, sections.indexOf(row.parentElement), looks)),
    hiddenRows: hidden.filter((row) => row.cells.length > 1 && fold(row.textContent) !== '').length,
    busy: table.closest(busy) !== null || table.querySelector(busy) !== null,
    ...spaceIn(table),
    statedRows: /^\d+$/.test(stated) ? Number(stated) : null,
    around: surroundingsOf(table, tables),
  };
}

export function spaceIn(table: HTMLTableElement): Pick<ScannedTable, 'spacePx' | 'rowPx'> {
  const drawn = [...table.rows].filter((row) => row.checkVisibility());
  const filled = drawn.filter((row) => row.cells.length > 1 || fold(row.textContent) !== '');
  // Whole pixels are too few or too many, some in each row; boxes are in those of the screen.
  const zoom = table.getBoundingClientRect().height / table.offsetHeight || 1;
  const boxesPx = filled.reduce((sum, row) => sum + row.getBoundingClientRect().height, 0);
  const filledPx = boxesPx / zoom;
  const gapPx = parseFloat(getComputedStyle(table).borderSpacing) || 0;
  const besidesPx = (table.caption?.offsetHeight ?? 0) + gapPx * (drawn.length + 1);
  return {
    spacePx: Math.max(0, table.scrollHeight - filledPx - besidesPx),
    rowPx: filledPx / Math.max(1, filled.length),
  };
}

export function scanRow(row: HTMLTableRowElement, group: number, looks: Looks): ScannedRow {
  const sections = { THEAD: 'head', TFOOT: 'foot' } as const;
  const section = sections[row.parentElement?.tagName as keyof typeof sections] ?? 'body';
  const cells = [...row.cells].filter((cell) => cell.checkVisibility() || !row.checkVisibility());
  const isHead = (it: HTMLTableCellElement): boolean =>
    (it.tagName === 'TH' && it.scope !== 'row') || it.matches('[role="columnheader"]');
  const heads = cells.length > 0 && cells.every(isHead);
  const as = heads ? 'head' : section;
  return { section, group, heads, cells: cells.map((cell) => scanCell(cell, as, looks)) };
}

export function scanCell(cell: HTMLTableCellElement, section: string, looks: Looks): ScannedCell {
  const isHead = section === 'head';
  // Most cells are plain: of these nothing more is asked.
  const isPlain = cell.childElementCount === 0 && cell.colSpan === 1 && cell.rowSpan === 1;
  if (!isHead && isPlain) return fold(cell.textContent);
  const spans = {
    ...(cell.colSpan !== 1 && { columns: cell.colSpan }),
    ...(cell.rowSpan !== 1 && { rows: cell.rowSpan }),
  };
  if (isHead) return { text: headText(cell, looks), names: headNames(cell), ...spans };
  const text = textOf(cell, looks, `${section} ${cell.cellIndex}`);
  const link = linkIn(cell);
  return { text, ...spans, ...(link !== '' && { link }) };
}
