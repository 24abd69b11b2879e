import { drawnHtml, drawnMarkdown, withoutMarks } from '../../../boards/cell-text.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import { uniqueHeaders, type TableCell, type TableRow } from '../../../boards/table.ts';
import { foldSpace } from '../../../boards/text.ts';
import { oncePer } from '../../pages/once.ts';
import type { Component } from './config.ts';
import { at, isObject, listOf, numberOf, textOf } from './json.ts';

/** A Dataframe or Leaderboard of a page, as its payload has it. */
export interface TableValue {
  /** Its id in the config. */
  component: number;
  kind: 'dataframe' | 'leaderboard';
  label: string;
  headers: string[];
  count: number;
  /** Made when first asked for, since most tables of a page never are. */
  rows: () => TableRow[];
  /** Its Markdown and HTML are more than is read: of the last rows they are taken as they are. */
  isTooLong: () => boolean;
  /** Whether a shown cell is what a loaded one looks like, as this table draws the column. */
  agrees: (loaded: TableCell, shown: TableCell, header: string) => boolean;
  /** Boolean filters that are on by default: kept are the rows with this value. */
  defaults: { header: string; value: unknown }[];
}

const KINDS = ['dataframe', 'leaderboard'] as const;

/** The table in a component, the same at every call; null when it is none or its value is not one. Total. */
export const tableValue = oncePer(({ id, type, props }: Component): TableValue | null => {
  const kind = KINDS.find((it) => it === type);
  const rows = kind && dataOf(at(props, 'value'));
  if (!kind || !rows || namelessCells({ id, type, props }) > 0) return null;
  const headers = uniqueHeaders(headersOf(props).map((header) => foldSpace(plain(header))));
  const drawing = drawingOf(props);
  const budget = { chars: MOST_CHARS };
  const made = once(() =>
    rows.map((row, place) => rowOf(row, { headers, drawing, place, budget })),
  );
  return {
    component: id,
    kind,
    label: foldSpace(textOf(at(props, 'label')) ?? ''),
    headers,
    count: rows.length,
    rows: made,
    isTooLong: () => made().length > 0 && budget.chars < 0,
    agrees: (loaded, shown, header) =>
      isZeroForNothing(loaded, shown, drawing.kindOf(headers.indexOf(header))) ||
      agrees(loaded, shown, drawing),
    defaults: kind === 'leaderboard' ? defaultFilters(props) : [],
  };
});

/** The rows of a value: an object with `data`, the rows alone, or nothing. */
function dataOf(value: unknown): readonly (readonly unknown[])[] | null {
  const data = isObject(value) ? at(value, 'data') : value;
  if (data === undefined || data === null || data === '') return [];
  if (!Array.isArray(data) || !data.every((row): row is unknown[] => Array.isArray(row)))
    return null;
  // Gradio 4 sends a table without rows as one row without cells.
  return data.length === 1 && data[0]?.length === 0 ? [] : data;
}

const headersOf = (props: Component['props']): readonly unknown[] =>
  listOf(at(props, 'value', 'headers') ?? at(props, 'headers'));

/** Cells of a table's payload beyond its headers: nobody can name them, and no page shows them. */
export function namelessCells({ type, props }: Component): number {
  if (!KINDS.some((it) => it === type)) return 0;
  const named = headersOf(props).length;
  const rows = dataOf(at(props, 'value')) ?? [];
  return rows.reduce((count, row) => count + Math.max(0, row.length - named), 0);
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** How a table draws its cells. */
interface Drawing {
  kindOf: (column: number) => string;
  display: readonly unknown[];
  maxChars: number | null;
  interactive: boolean;
}

function drawingOf(props: Component['props']): Drawing {
  const kinds = at(props, 'datatype');
  return {
    kindOf: (column) => textOf(Array.isArray(kinds) ? (kinds[column] as unknown) : kinds) ?? 'str',
    display: listOf(at(props, 'value', 'metadata', 'display_value')),
    maxChars: numberOf(at(props, 'max_chars')),
    interactive: at(props, 'interactive') === true,
  };
}

/** As JavaScript prints it; what is missing prints nothing. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface RowContext {
  headers: readonly string[];
  drawing: Drawing;
  place: number;
  budget: Budget;
}

function rowOf(row: readonly unknown[], context: RowContext): TableRow {
  const { headers, drawing, place, budget } = context;
  const styled = listOf(drawing.display[place]);
  const cells = headers.map((header, column): [string, TableCell] => {
    const raw = row[column] ?? null;
    const shown = drawing.interactive ? undefined : textOf(styled[column]);
    return [header, { ...drawn(shown ?? raw, drawing.kindOf(column), budget), value: raw }];
  });
  return Object.fromEntries(cells);
}

const LONGEST_CELL = 4000;
/** Three times what the longest board has; the worst text of this length takes seconds. */
const MOST_CHARS = 8_000_000;

/** What is left of the characters of a table that are read for their marks. */
interface Budget {
  chars: number;
}

function drawn(source: unknown, kind: string, budget: Budget): { text: string; link?: string } {
  if (typeof source !== 'string' || (kind !== 'html' && kind !== 'markdown')) {
    return { text: foldSpace(plain(source)) };
  }
  // A reader of marks looks back and forth: of a text that is longer than any cell it would not end.
  if (source.length > LONGEST_CELL) return { text: foldSpace(source) };
  budget.chars -= source.length;
  if (budget.chars < 0) return { text: foldSpace(source) };
  return kind === 'html' ? drawnHtml(source) : drawnMarkdown(source);
}

/** How pages of some versions print what is missing. */
const NOTHING = ['', 'null', 'undefined', 'NaN', 'None'];

/**
 * Gradio 5, and 6 up to its pull request 12890, make a number of what is missing in a column of numbers once the
 * table is filled by a function: what was loaded is still nothing, and nothing is what is taken.
 */
const isZeroForNothing = ({ value }: TableCell, { text }: TableCell, kind: string): boolean =>
  value === null && text === '0' && kind === 'number';

/** Columns of shown rows that have 0 where nothing was loaded. */
export function columnsOfZeros(
  loaded: readonly TableRow[],
  { shown, kept }: Pick<BoardReading, 'shown'> & { kept: readonly number[] | null },
): string[] {
  const headers = shown.flatMap(({ index, cells }) => {
    const row = loaded[kept?.[index] ?? index];
    return Object.keys(cells).filter((it) => cells[it] === '0' && row?.[it]?.value === null);
  });
  return [...new Set(headers)];
}

const DAY = /^\d{4}-\d{2}-\d{2}/;
const MARKS = /[*_`~#>\\[\]]/;

function agrees(loaded: TableCell, shown: TableCell, { maxChars }: Drawing): boolean {
  const found = foldSpace(shown.text);
  const { value } = loaded;
  if (found === loaded.text) return true;
  if (value === null || value === undefined) return loaded.text === '' && NOTHING.includes(found);
  const source = plain(value);
  if (found === foldSpace(source)) return true;
  if (typeof value === 'number') return found === value.toLocaleString('en-US');
  if (typeof value !== 'string') return false;
  return (
    isSameInstant(source, found) ||
    isCut(source, found, maxChars ?? 0) ||
    (MARKS.test(source) && withoutMarks(found) === withoutMarks(loaded.text))
  );
}

const isSameInstant = (source: string, found: string): boolean =>
  // A date that a page prints as its own Date object; the browser's zone is that of our process.
  DAY.test(source) &&
  /^(?:[A-Z][a-z]{2} [A-Z][a-z]{2} \d|\d{4}-\d{2}-\d{2}T)/.test(found) &&
  Date.parse(source) === Date.parse(found);

/** Cut texts end in dots; Markdown and HTML are cut before they are drawn. */
function isCut(source: string, found: string, maxChars: number): boolean {
  if (maxChars <= 0 || source.length <= maxChars) return false;
  return ['...', '…'].some((dots) => {
    const cut = source.slice(0, maxChars) + dots;
    const looks = [foldSpace(cut), drawnMarkdown(cut).text, drawnHtml(cut).text];
    return looks.some((look) => look === found || withoutMarks(look) === withoutMarks(found));
  });
}

function defaultFilters(props: Component['props']): { header: string; value: unknown }[] {
  return listOf(at(props, 'filter_columns')).flatMap((filter) => {
    const [header, value] = [textOf(at(filter, 'column')), at(filter, 'default')];
    const isBoolean = ['checkbox', 'boolean'].includes(textOf(at(filter, 'type')) ?? '');
    const isOn = isBoolean && value !== false && value !== null;
    return header !== null && isOn && value !== undefined ? [{ header, value }] : [];
  });
}
