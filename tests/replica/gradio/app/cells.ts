import type { GenerationFacts, TableProps } from '../settings.ts';
import { htmlNodes, markdownNodes, type Attributes, type Maker } from './dom.ts';

/** A cell before it is drawn. */
export interface DrawnCell {
  value: unknown;
  /** What a Styler wrote in its place. */
  display?: string | undefined;
}

/** A row before it is drawn; `place` is its place in the value. */
export interface DrawnRow {
  place: number;
  cells: DrawnCell[];
}

export interface TableModel {
  heads: { text: string; column: number }[];
  rows: DrawnRow[];
  props: Partial<TableProps>;
}

const kindOf = ({ datatype }: Partial<TableProps>, column: number): string =>
  typeof datatype === 'string' ? datatype : (datatype?.[column] ?? 'str');

/** Longer texts lose their end, whatever they are: a link that is cut is no link any more. */
function cut(text: string, most: number | null | undefined): string {
  return most && text.length > most ? `${text.slice(0, most)}...` : text;
}

/** A value as Svelte writes it; JSON has no other kinds. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);
}

interface InRow {
  cell: DrawnCell;
  /** Its place among the cells that are drawn. */
  index: number;
  /** The row that is only measured shows texts whole. @default false */
  measuring?: boolean;
}

/** What stands in a cell. */
export const cellWrap = (maker: Maker, model: TableModel, place: InRow): HTMLElement =>
  maker.make('div', { class: 'cell-wrap' }, [cellContent(maker, model, place)]);

function cellContent(
  maker: Maker,
  { heads, props }: TableModel,
  { cell, index, measuring }: InRow,
): HTMLElement {
  const { facts } = maker.settings;
  const kind = kindOf(props, heads[index]?.column ?? index);
  if (kind === 'bool' && facts.checkboxes && typeof cell.value === 'boolean') {
    return checkbox(maker, { checked: cell.value, disabled: props.interactive !== true });
  }
  const missing = cell.value === null || cell.value === undefined;
  const whole = cell.display ?? (missing ? facts.missing : textOf(cell.value));
  const most = props.max_chars;
  const text = measuring ? whole : cut(whole, most);
  return maker.make('span', textAttributes(facts, most), [
    ' ',
    ...contentNodes(maker, { kind: missing ? 'str' : kind, text }),
    ' ',
  ]);
}

const textAttributes = (facts: GenerationFacts, most: number | null | undefined): Attributes => ({
  tabindex: -1,
  ...(facts.roles ? {} : { role: 'button' }),
  ...(facts.header === 'span' ? {} : { 'data-editable': 'false', placeholder: ' ' }),
  ...(facts.addresses && most ? { 'data-max-chars': most } : {}),
});

function contentNodes({ make }: Maker, { kind, text }: { kind: string; text: string }): Node[] {
  if (kind === 'markdown') return [make('span', { class: 'md prose' }, markdownNodes(text))];
  return kind === 'html' ? htmlNodes(text) : [document.createTextNode(text)];
}

function checkbox({ make }: Maker, state: { checked: boolean; disabled: boolean }): HTMLElement {
  const input = document.createElement('input');
  Object.assign(input, { type: 'checkbox', name: 'test', ...state });
  input.dataset['testid'] = 'checkbox';
  return make('div', { class: 'bool-cell', role: 'button', tabindex: -1 }, [
    make('label', { class: state.disabled ? 'disabled' : '' }, [input, make('span')]),
  ]);
}

export interface CellPlace {
  /** What `data-row` says: see `GenerationFacts`. */
  row: number;
  column: number;
}

/** `data-row` and the rest, in those generations that have them. */
export const cellAddress = (
  { settings: { facts } }: Maker,
  { row, column }: CellPlace,
): Attributes =>
  facts.addresses
    ? { 'data-row': row, 'data-col': column, 'data-testid': `cell-${row}-${column}` }
    : {};

/** The head of a column, with what stands beside its name. */
export function headCell(
  maker: Maker,
  head: TableModel['heads'][number],
  most?: number | null,
): HTMLElement {
  const { make, settings } = maker;
  const { facts } = settings;
  const menu = make('button', { class: 'cell-menu-button', 'aria-label': 'Open cell menu' }, ['⋮']);
  const limit = facts.addresses && most ? { 'data-max-chars': most } : {};
  const name = make('span', { tabindex: -1, role: 'button', ...limit }, [
    ' ',
    cut(head.text, most),
    ' ',
  ]);
  const wrapped = (...children: Node[]): HTMLElement =>
    make('div', { class: 'cell-wrap' }, children);
  const content = (...children: Node[]): HTMLElement =>
    make('div', { class: 'header-content' }, children);
  switch (facts.header) {
    case 'span':
      return make('th', { 'aria-sort': 'none' }, [
        wrapped(name, make('div', { class: 'sort-button' })),
      ]);
    case 'content':
      return make('th', { 'aria-sort': 'none' }, [
        wrapped(content(name, make('div', { class: 'sort-buttons' }))),
      ]);
    case 'button':
      return make('th', { 'aria-sort': 'none', title: head.text }, [
        wrapped(
          content(make('button', { class: 'header-button', title: head.text }, [name])),
          menu,
        ),
      ]);
    case 'cell':
      return make(
        'th',
        {
          class: 'header-cell',
          'data-heading': head.column,
          title: head.text,
          ...(facts.roles
            ? {
                role: 'columnheader',
                'data-testid': `header-${head.column}`,
                'aria-colindex': head.column + 1,
              }
            : {}),
        },
        [wrapped(content(name), menu)],
      );
  }
}

/** The row that is only there to be measured: each column's longest value. */
export function longest({ rows, heads }: TableModel): DrawnCell[] {
  return heads.map((_, index) => {
    const cells = rows.flatMap((row) => row.cells[index] ?? []);
    return cells.reduce(
      (long, cell) => (textOf(cell.value).length > textOf(long.value).length ? cell : long),
      cells[0] ?? { value: '' },
    );
  });
}
