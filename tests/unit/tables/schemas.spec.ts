import { expect, test } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { bigquerySchema } from '../../../src/tables/bigquery.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { duckdbDdl } from '../../../src/tables/duckdb.ts';
import { tableNamed, tables } from '../../../src/tables/index.ts';
import { jsonSchema } from '../../../src/tables/json-schema.ts';
import { markdown } from '../../../src/tables/markdown.ts';
import { RECORD_ORIGINS } from '../../../src/tables/table.ts';

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

for (const table of tables) {
  test.describe(table.name, () => {
    const file = table.name.replaceAll('_', '-');

    // A changed column shows here as a diff; it needs a line in CHANGELOG.md under Data.
    test('has the BigQuery schema that readers know', () => {
      expect(pretty(bigquerySchema(table))).toMatchSnapshot(['schemas', `${file}-bigquery.json`]);
    });

    test('has the DuckDB statements that readers know', () => {
      expect(`${duckdbDdl(table).join(';\n')};\n`).toMatchSnapshot([
        'schemas',
        `${file}-duckdb.sql`,
      ]);
    });

    test('says what it is, in each form', () => {
      expect(tableNamed(table.name)).toBe(table);
      expect(jsonSchema(table)).toMatchObject({
        title: table.name,
        type: 'object',
        additionalProperties: false,
      });
      expect(JSON.stringify(jsonSchema(table))).not.toContain('"loose"');
      for (const { name } of columnsOf(table)) expect(markdown(table)).toContain(`\`${name}\``);
    });

    test('is made from records if and only if it has a projection', () => {
      expect(table.project !== undefined).toBe(RECORD_ORIGINS.some((it) => it === table.origin));
    });
  });
}

test('every file of src/tables that defines a table is in the index', () => {
  const files = readdirSync(new URL('../../../src/tables/', import.meta.url));
  const names = new Set(tables.map(({ name }) => `${name.replaceAll('_', '-')}.ts`));
  const others = [
    ...['backfill', 'bigquery', 'columns', 'dataset-record', 'duckdb', 'fields', 'figures'],
    ...['index', 'json-schema', 'markdown', 'publish', 'quantization', 'repo-columns'],
    ...['repo-events', 'repo-names', 'space-record', 'stated-edges', 'stated-results', 'table'],
  ].map((name) => `${name}.ts`);

  expect(files.filter((it) => it.endsWith('.ts') && !names.has(it)).sort()).toEqual(others.sort());
  expect(names.size).toBe(tables.length);
});
