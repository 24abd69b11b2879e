import { columnsOf, type Column } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { Check, ColumnShape } from './check.ts';

/** A column of the release before that is gone, or of another type, breaks the queries of readers. */
export const schema: Check = {
  name: 'schema',
  tables: ({ tables }) => tables,
  judge: (table, _, { columnsBefore }) => {
    const expected = 'each column of the release before, with its type';
    const head = { severity: 'refuse', expected } as const;
    const before = columnsBefore.get(table.name);
    if (before === undefined) {
      return { ...head, outcome: 'skipped', found: 'no such table before' };
    }
    const lost = lostColumns(before, shapesOf(table));
    if (lost.length === 0) {
      return { ...head, outcome: 'passed', found: `${before.length} columns compared` };
    }
    return { ...head, outcome: 'refused', found: lost.slice(0, 5).join('; ') };
  },
};

/** What `before` has and `now` lacks or cannot hold, in words; fields of records are told by path. */
export function lostColumns(
  before: readonly ColumnShape[],
  now: readonly ColumnShape[],
  path = '',
): string[] {
  const present = new Map(now.map((shape) => [shape.name.toLowerCase(), shape]));
  return before.flatMap((was) => {
    const name = `${path}${was.name}`;
    const is = present.get(was.name.toLowerCase());
    if (is === undefined) return [`${name} is missing`];
    if (!holdsAll(is.type, was.type)) return [`${name} is ${is.type}, was ${was.type}`];
    if (was.isRepeated && !is.isRepeated) return [`${name} is one value, was a list`];
    return lostColumns(was.fields, is.fields, `${name}.`);
  });
}

/** The shape of a table as we define it today. */
export const shapesOf = (table: Table): ColumnShape[] => columnsOf(table).map(shapeOf);

const shapeOf = ({ name, type, mode, fields = [] }: Column): ColumnShape => ({
  name,
  type,
  isRepeated: mode === 'REPEATED',
  fields: fields.map(shapeOf),
});

const WIDER: Partial<Record<string, readonly string[]>> = {
  INTEGER: ['FLOAT', 'STRING', 'JSON'],
  FLOAT: ['STRING', 'JSON'],
  BOOLEAN: ['STRING', 'JSON'],
  DATE: ['TIMESTAMP', 'STRING'],
  TIMESTAMP: ['STRING'],
  STRING: ['JSON'],
};

/** Whether a type can hold every value of another, so that a change loses nothing. */
const holdsAll = (type: string, of: string): boolean =>
  type === of || (WIDER[of]?.includes(type) ?? false);
