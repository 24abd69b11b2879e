import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { Column } from '../../../src/tables/columns.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { tableNamed } from '../../../src/tables/index.ts';

type OriginalColumn = [name: string, type: string, mode: string, fields?: OriginalColumn[]];

const { tables } = JSON.parse(
  readFileSync(new URL('fixtures/table-columns.json', import.meta.url), 'utf8'),
) as { tables: Record<string, OriginalColumn[]> };

/** Where a column of the original changed its type on purpose; reasons in docs/original.md. */
const CHANGED: Record<string, string> = {
  ...Object.fromEntries(
    [
      'total',
      'F64',
      'F32',
      'F16',
      'I64',
      'I32',
      'I16',
      'I8',
      'BF16',
      'U8',
      'U16',
      'U32',
      'Q4',
      'BOOL',
    ].map((it) => [`parameters.${it}_params`, 'INTEGER NULLABLE']),
  ),
  'usage.update_time': 'TIMESTAMP REQUIRED',
  'core_model.tags.subtype': 'subType STRING NULLABLE',
};

function compare(original: OriginalColumn[], ours: readonly Column[], path: string): string[] {
  return original.flatMap(([name, type, mode, fields]) => {
    const where = `${path}.${name}`;
    const column = ours.find((it) => it.name.toLowerCase() === name.toLowerCase());
    if (column === undefined) return [`${where} is missing`];
    const found = `${column.name === name ? '' : `${column.name} `}${column.type} ${column.mode}`;
    const expected = CHANGED[where] ?? `${type} ${mode}`;
    const own = found === expected ? [] : [`${where} is ${found}, not ${expected}`];
    return [...own, ...compare(fields ?? [], column.fields ?? [], where)];
  });
}

for (const [name, original] of Object.entries(tables)) {
  test(`${name} has every column of the original, with name, type and mode`, () => {
    const table = tableNamed(name);
    const ours = table === undefined ? [] : columnsOf(table);

    expect(compare(original, ours, name)).toEqual([]);
  });
}
