import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { cleanModel } from '../../../src/clean/repos.ts';
import { tablesOf } from '../../../src/tables/index.ts';
import { context } from '../clean/support/check.ts';

interface Case {
  case: string;
  right: string;
  input: unknown;
  rows: Record<string, Record<string, unknown>[]>;
}

const folder = new URL('../../fixtures/cases/', import.meta.url);

for (const file of readdirSync(folder).filter((it) => it.endsWith('.json'))) {
  const of = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case; // our own file
  test(`${of.case}: ${of.right}`, () => {
    const cleaned = cleanModel(of.input, context);
    if (!cleaned.ok) throw new Error(cleaned.detail);
    for (const [name, expected] of Object.entries(of.rows)) {
      const table = tablesOf('model').find((it) => it.table.name === name);
      expect(table?.rows(cleaned.record, context), name).toMatchObject(expected);
    }
  });
}
