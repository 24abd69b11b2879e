import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { bigquerySchema } from '../../../src/tables/bigquery.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { duckdbColumns, duckdbDdl } from '../../../src/tables/duckdb.ts';
import * as fields from '../../../src/tables/fields.ts';
import { defineTable } from '../../../src/tables/table.ts';
import type { Table } from '../../../src/tables/table.ts';

const tableOf = (row: z.ZodObject, more: Partial<Table> = {}): Table => ({
  name: 't',
  description: 'A table.',
  origin: 'run',
  key: [],
  row,
  ...more,
});

const d = (schema: z.ZodType) => schema.meta({ description: 'x' });

test.describe('columnsOf', () => {
  const table = tableOf(
    z.strictObject({
      req: fields.req('a'),
      str: fields.str('b'),
      one: fields.oneOf(['x', 'y'], 'c'),
      int: fields.int('d'),
      num: fields.num('e'),
      bool: fields.bool('f'),
      ts: fields.ts('g'),
      date: fields.reqDate('h'),
      json: fields.json('i'),
      strs: fields.strs('j'),
      rec: fields.rec({ 'MMLU-PRO': fields.num('k') }, 'l'),
      recs: fields.recs({ ints: fields.ints('m') }, "it's n"),
    }),
  );

  test('reads type and mode of each field', () => {
    expect(columnsOf(table).map(({ name, type, mode }) => `${name} ${type} ${mode}`)).toEqual([
      'req STRING REQUIRED',
      'str STRING NULLABLE',
      'one STRING NULLABLE',
      'int INTEGER NULLABLE',
      'num FLOAT NULLABLE',
      'bool BOOLEAN NULLABLE',
      'ts TIMESTAMP NULLABLE',
      'date DATE REQUIRED',
      'json JSON NULLABLE',
      'strs STRING REPEATED',
      'rec RECORD NULLABLE',
      'recs RECORD REPEATED',
    ]);
    expect(columnsOf(table)[2]?.values).toEqual(['x', 'y']);
  });

  test('gives DuckDB and BigQuery what they take', () => {
    expect(duckdbColumns(table)).toBe(
      `{'req': 'VARCHAR', 'str': 'VARCHAR', 'one': 'VARCHAR', 'int': 'BIGINT', 'num': 'DOUBLE', 'bool': 'BOOLEAN', 'ts': 'TIMESTAMPTZ', 'date': 'DATE', 'json': 'JSON', 'strs': 'VARCHAR[]', 'rec': 'STRUCT("MMLU-PRO" DOUBLE)', 'recs': 'STRUCT("ints" BIGINT[])[]'}`,
    );
    expect(duckdbDdl(table, { schema: 'a"b' })[0]).toContain(
      'CREATE TABLE "a""b"."t" (\n  "req" VARCHAR NOT NULL,\n  "str" VARCHAR,',
    );
    expect(duckdbDdl(table).at(-1)).toBe(
      `COMMENT ON COLUMN "main"."t"."recs" IS 'it''s n Fields: ints: m'`,
    );
    expect(bigquerySchema(table).at(-1)).toEqual({
      name: 'recs',
      type: 'RECORD',
      mode: 'REPEATED',
      description: "it's n",
      fields: [{ name: 'ints', type: 'INTEGER', mode: 'REPEATED', description: 'm' }],
    });
  });

  const refused: [string, z.ZodObject, RegExp][] = [
    ['a union', z.strictObject({ a: d(z.union([z.string(), z.number()])) }), /union/],
    [
      'a discriminated union',
      z.strictObject({
        a: d(
          z.discriminatedUnion('k', [
            z.strictObject({ k: z.literal('x') }),
            z.strictObject({ k: z.literal('y') }),
          ]),
        ),
      }),
      /./,
    ],
    ['a tuple', z.strictObject({ a: d(z.tuple([z.string()])) }), /list/],
    ['open keys', z.strictObject({ a: d(z.record(z.string(), z.string())) }), /open keys/],
    [
      'a loose object',
      z.strictObject({ a: d(z.looseObject({ b: fields.str('b') })) }),
      /open keys/,
    ],
    ['a list in a list', z.strictObject({ a: d(z.array(z.array(z.string()))) }), /no warehouse/],
    ['null in a list', z.strictObject({ a: d(z.array(z.string().nullable())) }), /null elements/],
    [
      'a list that may be null',
      z.strictObject({ a: d(z.array(z.string()).nullable()) }),
      /empty list/,
    ],
    ['an optional key', z.strictObject({ a: d(z.string().optional()) }), /optional/],
    ['a Date', z.strictObject({ a: d(z.date()) }), /Date/],
    ['a bigint', z.strictObject({ a: d(z.bigint()) }), /BigInt/],
    ['a transform', z.strictObject({ a: d(z.string().transform(Number)) }), /Transform/],
    ['anything', z.strictObject({ a: d(z.any()) }), /no warehouse/],
    ['an address', z.strictObject({ a: d(z.url()) }), /no warehouse/],
    ['no fields', z.strictObject({ a: d(z.strictObject({})) }), /without fields/],
    ['no columns', z.strictObject({}), /without fields/],
    ['no description', z.strictObject({ a: z.string() }), /description/],
    [
      'no description inside',
      z.strictObject({ a: fields.rec({ b: z.string() }, 'a') }),
      /t\.a\.b: needs a description/,
    ],
    ['a long description', z.strictObject({ a: fields.str('x'.repeat(1025)) }), /description/],
    [
      'a name twice but for case',
      z.strictObject({ BF16: fields.int('a'), bf16: fields.int('b') }),
      /case/,
    ],
    ['a name with a blank', z.strictObject({ 'a b': fields.int('a') }), /BigQuery/],
    ['a reserved name', z.strictObject({ _PARTITIONTIME: fields.int('a') }), /BigQuery/],
    ['a member of every object', z.strictObject({ toString: fields.int('a') }), /every object/],
  ];

  for (const [title, row, message] of refused) {
    test(`refuses ${title}`, () => {
      expect(() => columnsOf(tableOf(row))).toThrow(message);
    });
  }

  test('refuses a key or a history by a column that is not there', () => {
    const row = z.strictObject({ a: fields.str('a') });

    expect(() => columnsOf(tableOf(row, { key: ['b'] }))).toThrow('no column b');
    expect(() => columnsOf(tableOf(row, { historyBy: 'c' }))).toThrow('no column c');
  });

  test('refuses records deeper than BigQuery has them', () => {
    let inner: z.ZodType = fields.str('x');
    for (let depth = 0; depth < 16; depth += 1) inner = fields.rec({ a: inner }, 'x');

    expect(() => columnsOf(tableOf(z.strictObject({ a: inner })))).toThrow('deeper than 15');
  });
});

test('a projection must give the rows of its table', () => {
  defineTable({
    ...tableOf(z.strictObject({ a: fields.req('a') })),
    row: z.strictObject({ a: fields.req('a') }),
    origin: 'model',
    // @ts-expect-error: `b` is no column
    project: (model) => [{ b: model.id }],
  });
});
