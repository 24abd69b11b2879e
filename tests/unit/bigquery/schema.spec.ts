import { expect, test } from '@playwright/test';
import { fitSchema } from '../../../src/export/bigquery/schema.ts';
import type { Field } from '../../../src/export/bigquery/tables.ts';
import { bigquerySchema, type BigQueryField } from '../../../src/tables/bigquery.ts';
import { tables } from '../../../src/tables/index.ts';
import type { BigqueryDouble } from '../../bigquery/server.ts';
import type { StoredTable } from '../../bigquery/store.ts';
import { contentsOf, DATASET, twoRuns, withDouble } from './warehouse.ts';

const field = (
  name: string,
  type = 'STRING',
  rest: Partial<BigQueryField> = {},
): BigQueryField => ({
  name,
  type,
  mode: 'NULLABLE',
  description: `About ${name}.`,
  ...rest,
});
const record = (name: string, ...fields: BigQueryField[]) => field(name, 'RECORD', { fields });

test('a schema fits itself, in either name of the types', () => {
  for (const table of tables) {
    const ours = bigquerySchema(table);
    expect(fitSchema(ours, ours)).toEqual({ misfits: [], aligned: undefined });
    const modern = JSON.parse(
      JSON.stringify(ours)
        .replaceAll('"INTEGER"', '"INT64"')
        .replaceAll('"FLOAT"', '"FLOAT64"')
        .replaceAll('"BOOLEAN"', '"BOOL"')
        .replaceAll('"RECORD"', '"STRUCT"'),
    ) as Field[];
    expect(fitSchema(ours, modern)).toEqual({ misfits: [], aligned: undefined });
  }
});

interface Case {
  what: string;
  ours: BigQueryField[];
  production: Field[];
  misfits?: number;
  aligned?: Field[];
}

const CASES: Case[] = [
  {
    what: 'a new column is added at the end, never REQUIRED',
    ours: [field('n', 'INTEGER', { mode: 'REQUIRED' }), field('a')],
    production: [field('a')],
    aligned: [field('a'), field('n', 'INTEGER')],
  },
  {
    what: 'a new field at the end of a record is added',
    ours: [record('r', field('a'), field('b', 'STRING', { mode: 'REQUIRED' }))],
    production: [record('r', field('a'))],
    aligned: [record('r', field('a'), field('b'))],
  },
  {
    what: 'a new field amid a record cannot be matched by place',
    ours: [record('r', field('b'), field('a'))],
    production: [record('r', field('a'))],
    misfits: 1,
  },
  {
    what: 'fields of a record in another order',
    ours: [record('r', field('b'), field('a'))],
    production: [record('r', field('a'), field('b'))],
    misfits: 1,
  },
  {
    what: 'columns in another order do not matter',
    ours: [field('b'), field('a')],
    production: [field('a'), field('b')],
  },
  {
    what: 'REQUIRED is relaxed',
    ours: [field('a')],
    production: [field('a', 'STRING', { mode: 'REQUIRED' })],
    aligned: [field('a')],
  },
  {
    what: 'NULLABLE stays where ours is REQUIRED',
    ours: [field('a', 'STRING', { mode: 'REQUIRED' })],
    production: [field('a')],
  },
  {
    what: 'a description is renewed',
    ours: [field('a')],
    production: [{ name: 'a', type: 'STRING' }],
    aligned: [{ name: 'a', type: 'STRING', description: 'About a.' }],
  },
  {
    what: 'a column is missing',
    ours: [field('a')],
    production: [field('a'), field('b')],
    misfits: 1,
  },
  {
    what: 'a field of a record is missing',
    ours: [record('r', field('a'))],
    production: [record('r', field('a'), field('b'))],
    misfits: 1,
  },
  {
    what: 'a wider type',
    ours: [field('a', 'FLOAT')],
    production: [field('a', 'INTEGER')],
    misfits: 1,
  },
  {
    what: 'a narrower type',
    ours: [field('a', 'INTEGER')],
    production: [field('a', 'FLOAT')],
    misfits: 1,
  },
  {
    what: 'one becomes many',
    ours: [field('a', 'STRING', { mode: 'REPEATED' })],
    production: [field('a')],
    misfits: 1,
  },
  {
    what: 'many become one',
    ours: [field('a')],
    production: [field('a', 'STRING', { mode: 'REPEATED' })],
    misfits: 1,
  },
];

test('a schema is fitted to that of production', () => {
  for (const { what, ours, production, misfits = 0, aligned } of CASES) {
    const fit = fitSchema(ours, production);
    expect(fit.misfits, what).toHaveLength(misfits);
    if (misfits === 0) expect(fit.aligned, what).toEqual(aligned);
  }
});

function stored(double: BigqueryDouble, name: string): StoredTable {
  const table = double.tables(DATASET).get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

/** Changes a table in production behind our back, rows and all. */
function reshape(
  table: StoredTable,
  change: (schema: StoredTable['schema']) => typeof schema,
): void {
  table.schema = change(table.schema);
  const names = new Set(table.schema.map(({ name }) => name));
  const rows = table.rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name))),
  );
  table.rows = rows;
  table.version += 1;
}

test('a column that production lacks is added before the transaction', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a, b] = await twoRuns(folder);
    await load(a);
    for (const name of ['core_model', 'usage']) {
      reshape(stored(double, name), (schema) => schema.slice(0, -1));
    }
    const result = await load(b);
    expect(result.plan.steps.filter(({ step }) => step === 'align').length).toBe(2);
    expect(contentsOf(double, DATASET)['core_model']?.sha256).toBe(
      b.manifest.tables['core_model']?.sha256,
    );
    expect(contentsOf(double, DATASET)['usage']?.rows).toBe(7);
  });
});

test('a column that would be lost is refused before anything is uploaded', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a, b] = await twoRuns(folder);
    await load(a);
    reshape(stored(double, 'core_model'), (schema) => [
      ...schema,
      { name: 'theirs', type: 'STRING', mode: 'NULLABLE' },
    ]);
    double.requests.length = 0;
    await expect(load(b)).rejects.toMatchObject({ code: 'CHECK_REFUSED', exitCode: 5 });
    await expect(load(b)).rejects.toThrow(
      /core_model .* would lose or change columns: theirs is missing/,
    );
    expect(double.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

test('a change that no patch can make is refused, and production stays as it is', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const [a, b] = await twoRuns(folder);
    await load(a);
    // Production has the name as a number, say; every number has a text.
    reshape(stored(double, 'core_model'), (schema) =>
      schema.map((it) => (it.name === 'author' ? { ...it, type: 'INTEGER' } : it)),
    );
    const before = contentsOf(double, DATASET);
    await expect(load(b)).rejects.toMatchObject({ code: 'CHECK_REFUSED', exitCode: 5 });
    await expect(load(b)).rejects.toThrow(/core_model .*: author is STRING, not INTEGER/);
    expect(contentsOf(double, DATASET)).toEqual(before);
  });
});
