import { formOf, numberIn, type FormCell } from '../boards/form.ts';
import { cellOf } from '../boards/table.ts';
import { isMissing, numberOf } from '../boards/values.ts';
import { differs, type Difference } from '../boards/drift.ts';
import type { BoardColumn } from '../boards/definition.ts';

/** From so many rows on, a column that says the same of each says nothing. */
const TELLING_ROWS = 10;
/** A column may hold a remark here and there; more is another kind of column. */
const MOST_UNREAD = 0.1;

/**
 * That each score column still holds scores: numbers, within their range, that tell rows apart. A
 * column whose meaning has changed under its header shows here.
 */
export function checkValues(
  columns: readonly BoardColumn[],
  rows: readonly unknown[],
): Difference[] {
  return columns.flatMap((column) => {
    if (column.score !== true || column.required === false) return [];
    const { value } = column;
    const cells = rows.flatMap((row) => cellOf(row, column) ?? []);
    return [
      ...checkForm(column, cells),
      ...checkColumn(
        column,
        rows.map((row) => ({ text: cellOf(row, column)?.text ?? null, value: value(row) })),
      ),
    ];
  });
}

/** That numbers are written as they are read, and that what is loaded is what is shown. */
function checkForm(
  { header, form, missing }: BoardColumn,
  cells: readonly FormCell[],
): Difference[] {
  const given = cells.filter(({ text }) => !isMissing(text, missing));
  const found = formOf(header, given);
  if (found.kind === 'contradicted') {
    return [at(header, differs('loaded value', found.text, found.value))];
  }
  if (form !== undefined || found.kind !== 'number') return [];
  const misread = given.find(({ text }) => {
    const plain = numberOf(text);
    return plain !== null && found.form !== null && plain !== numberIn(text, found.form);
  });
  return misread ? [at(header, differs('values', 'plain numbers', misread.text))] : [];
}

interface Seen {
  /** Null where the row is no table's row: then the value alone says whether it is missing. */
  text: string | null;
  value: unknown;
}

function checkColumn(
  { header, range, missing }: BoardColumn,
  cells: readonly Seen[],
): Difference[] {
  const numbers = cells.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const given = cells.filter(
    ({ text, value }) => typeof value === 'number' || (text !== null && !isMissing(text, missing)),
  );
  const unread = given.find(({ value }) => typeof value !== 'number');
  if (unread && given.length - numbers.length > MOST_UNREAD * given.length) {
    return [at(header, differs('values', 'numbers', unread.text ?? ''))];
  }
  if (cells.length < TELLING_ROWS) return outOfRange(header, range, numbers);
  if (numbers.length === 0) return [at(header, differs('values', 'some', 'none'))];
  if (numbers.length >= TELLING_ROWS && new Set(numbers).size === 1) {
    return [at(header, differs('values', 'different ones', `${numbers[0]} in every row`))];
  }
  return outOfRange(header, range, numbers);
}

function outOfRange(
  header: string,
  range: readonly [number, number] | undefined,
  numbers: readonly number[],
): Difference[] {
  if (!range) return [];
  const [low, high] = range;
  const impossible = numbers.find((number) => number < low || number > high);
  if (impossible === undefined) return [];
  return [at(header, differs('values', `${low} to ${high}`, impossible))];
}

const at = (where: string, difference: Difference): Difference => ({ ...difference, where });
