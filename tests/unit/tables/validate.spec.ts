import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Column } from '../../../src/tables/columns.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { tables } from '../../../src/tables/index.ts';
import { compileValidator } from '../../../src/tables/validate.ts';

const TIMES = [
  '2024-02-29T00:00:00.000Z',
  '2023-02-29T00:00:00.000Z',
  '2024-01-01T00:00:00Z',
  '2024-01-01T24:00:00.000Z',
];
const DATES = ['2024-02-29', '2023-02-29', '2024-13-01', '2024-1-1'];

/** Columns of a table, those inside records too: the more, the rarer a wrong one has to be. */
const size = (columns: readonly Column[]): number =>
  columns.reduce((sum, { fields = [] }) => sum + 1 + size(fields), 0);

/** Values of a column, most of them right. */
function valueOf(column: Column, rarity: number): fc.Arbitrary<unknown> {
  const one = right(column, rarity);
  const wrong = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(undefined, NaN, Infinity, 2 ** 53, '\ud800', -0, ...TIMES, ...DATES),
  );
  const value =
    column.mode === 'REPEATED'
      ? fc.array(one, { maxLength: 3 })
      : column.mode === 'NULLABLE'
        ? fc.option(one, { freq: 3 })
        : one;
  return fc.oneof({ weight: rarity, arbitrary: value }, { weight: 1, arbitrary: wrong });
}

function right(column: Column, rarity: number): fc.Arbitrary<unknown> {
  switch (column.type) {
    case 'STRING':
      return column.values === undefined ? fc.string() : fc.constantFrom(...column.values);
    case 'INTEGER':
      return fc.maxSafeInteger();
    case 'FLOAT':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'BOOLEAN':
      return fc.boolean();
    case 'TIMESTAMP':
      return fc.constantFrom(...TIMES.slice(0, 1), '1999-12-31T23:59:59.999Z');
    case 'DATE':
      return fc.constantFrom(...DATES.slice(0, 1));
    case 'RECORD':
      return rowOf(column.fields ?? [], rarity);
    case 'JSON':
      return fc.jsonValue();
  }
}

function rowOf(columns: readonly Column[], rarity: number): fc.Arbitrary<object> {
  const whole = fc.record(Object.fromEntries(columns.map((it) => [it.name, valueOf(it, rarity)])), {
    noNullPrototype: true,
  });
  const name = fc.constantFrom(...columns.map((it) => it.name), 'surplus', '__proto__');
  const less = fc
    .tuple(whole, name)
    .map(([row, key]) => Object.fromEntries(Object.entries(row).filter(([it]) => it !== key)));
  const more = fc
    .tuple(whole, name)
    .map(([row, key]) => Object.fromEntries([...Object.entries(row), [`${key}_`, 1]]));
  return fc.oneof(
    { weight: rarity, arbitrary: whole },
    { weight: 1, arbitrary: less },
    { weight: 1, arbitrary: more },
  );
}

for (const table of tables) {
  test(`the compiled validator of ${table.name} gives the verdict of its zod object`, () => {
    const isValid = compileValidator(table);
    const columns = columnsOf(table);
    let valid = 0;

    fc.assert(
      fc.property(rowOf(columns, 2 * size(columns)), (row) => {
        const verdict = table.row.safeParse(row).success;
        expect(isValid(row)).toBe(verdict);
        if (verdict) valid += 1;
      }),
      { numRuns: table.name === 'raw_model' ? 300 : 600 },
    );

    // Else the property would be true of a validator that refuses all.
    expect(valid).toBeGreaterThan(5);
    for (const value of [null, undefined, [], 'x', 1]) expect(isValid(value)).toBe(false);
  });
}
