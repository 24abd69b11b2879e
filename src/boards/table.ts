/**
 * What a table on a page is to us, whoever drew it: rows of cells by header. Pure; crawlers write it
 * into captures, and cleaning reads it from there.
 */

import { numberIn, numberOfCell, withoutBadges, type NumberForm } from './form.ts';
import { booleanOf, dateOf, isObject, numberOf } from './values.ts';
import type { ShownRow } from './snapshot.ts';

/** A cell. `text` is what the page shows, white space folded. */
export interface TableCell {
  text: string;
  /** The value as the page loaded it; left out where only the page has it. */
  value?: unknown;
  /** Address of the first link in the cell. */
  link?: string;
}

/** Cells by header; of headers that occur twice, the later ones are numbered (`uniqueHeaders`). */
export type TableRow = Readonly<Record<string, TableCell>>;

/** A shown row in the shape of a loaded one. */
export const tableRow = ({ cells, links = {} }: ShownRow): TableRow =>
  Object.fromEntries(
    Object.entries(cells).map(([header, text]) => {
      const link = Object.hasOwn(links, header) ? links[header] : undefined;
      return [header, { text, ...(link !== undefined && { link }) }];
    }),
  );

/** Texts as keys: one that came before gets the first number from 2 on that makes it another. */
export function uniqueKeys(
  texts: readonly string[],
  withNumber: (text: string, place: number) => string,
): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    let key = text;
    for (let place = 2; taken.has(key); place += 1) key = withNumber(text, place);
    taken.add(key);
    return key;
  });
}

/** Headers as keys: the second `Score` becomes `Score (2)`. */
export const uniqueHeaders = (headers: readonly string[]): string[] =>
  uniqueKeys(headers, (header, place) => `${header} (${place})`);

/** The headers that a column may stand under, the present one first. */
interface NamedHeader {
  header: string;
  aliases?: readonly string[] | undefined;
}

/** The cell of a column; undefined when the row, whatever it is, has none. */
export function cellOf(row: unknown, { header, aliases = [] }: NamedHeader): TableCell | undefined {
  if (!isObject(row)) return undefined;
  for (const name of [header, ...aliases]) {
    const cell = Object.hasOwn(row, name) ? row[name] : undefined;
    if (isCell(cell)) return cell;
  }
  return undefined;
}

const isCell = (value: unknown): value is TableCell =>
  typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';

/** What a row is known by: the texts of some of its columns; '' when all of them are empty. */
export function identityOf(
  row: unknown,
  columns: readonly (NamedHeader & { kind?: string })[],
): string {
  const texts = columns.map((column) => {
    const text = cellOf(row, column)?.text ?? '';
    return column.kind === 'model' ? nameIn(text) : text;
  });
  return texts.every((text) => text === '') ? '' : texts.join(' | ');
}

/** The name in a cell: medals and marks of news come and go, and the model stays the same. */
const nameIn = (text: string): string => withoutBadges(text) || text;

/** Gives a repeated identity its number: `a`, `a #2`. For boards that list one entry several times. */
export function numbered(identities: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return identities.map((identity) => {
    const place = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, place);
    return identity === '' || place === 1 ? identity : `${identity} #${place}`;
  });
}

/** How the cells of a column are to be read. */
export interface TypedColumn extends NamedHeader {
  kind: string;
  missing?: readonly number[] | undefined;
  inverted?: boolean | undefined;
  form?: NumberForm | undefined;
}

/** The typed value of a column: from what the page loaded, else from the text; null when missing. */
export function columnValue(row: unknown, column: TypedColumn): unknown {
  const cell = cellOf(row, column);
  if (!cell) return undefined;
  const { text, value = text } = cell;
  const read = READERS.get(column.kind) ?? readText;
  return read({ text, value }, column);
}

type Reader = (cell: { text: string; value: unknown }, column: TypedColumn) => unknown;

const readText: Reader = ({ text }) => text;

const readNumber: Reader = ({ text, value }, { missing = [], form }) => {
  const number = form ? numberOfCell({ text, value }, form) : (numberOf(value) ?? numberOf(text));
  return number !== null && missing.includes(number) ? null : number;
};

const readBoolean: Reader = ({ text, value }, { inverted = false }) => {
  const boolean = booleanOf(value) ?? booleanOf(text);
  return boolean === null ? null : boolean !== inverted;
};

/** The number that a text of the column shows. */
export const shownNumber = (text: string, { form }: Pick<TypedColumn, 'form'>): number | null =>
  form ? numberIn(text, form) : numberOf(text);

const readDate: Reader = ({ text, value }) =>
  dateOf(value) ?? dateOf(text) ?? compactDate(text) ?? text;

/** The day of `20240712` or `240712`, which only a column of dates says; null for another text. */
export function compactDate(text: string): string | null {
  const [, year = '', month = '', day = ''] =
    /^(\d{2}|\d{4})(\d{2})(\d{2})$/.exec(text.trim()) ?? [];
  return dateOf(`${year.length === 2 ? `20${year}` : year}-${month}-${day}`);
}

const READERS = new Map<string, Reader>([
  ['number', readNumber],
  ['percent', readNumber],
  ['boolean', readBoolean],
  ['date', readDate],
  ['model', ({ text }) => nameIn(text)],
]);
