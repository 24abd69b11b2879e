import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { CheckResult, ColumnShape } from '../../../src/export/checks/check.ts';
import { refusalOf } from '../../../src/export/checks/run-checks.ts';
import { lostColumns, shapesOf } from '../../../src/export/checks/schema.ts';
import { shapesIn } from '../../../src/export/duckdb/engine.ts';
import { withDuckdb } from '../../../src/export/duckdb/session.ts';
import { duckdbDdl, identifier } from '../../../src/tables/duckdb.ts';
import { tables } from '../../../src/tables/index.ts';

const result = (
  outcome: CheckResult['outcome'],
  facts: Partial<CheckResult> = {},
): CheckResult => ({
  check: 'unique-key',
  table: 'usage',
  severity: 'refuse',
  outcome,
  found: '2 keys that several rows have',
  expected: 'a key of its own',
  ...facts,
});

test('warnings and what was skipped let a release pass', () => {
  expect(refusalOf([])).toBe(undefined);
  const others = [result('passed'), result('warned'), result('skipped')];
  expect(refusalOf(others)).toBe(undefined);
});

test('all refusals are told at once, with the query that shows the rows', () => {
  const error = refusalOf([
    result('passed'),
    result('refused', { sampleSql: 'SELECT 1', sample: [{ _id: 'x', n: 2 }] }),
    result('refused', { check: 'empty', table: 'raw_model', found: 'no row' }),
  ]);
  expect(error).toMatchObject({ code: 'CHECK_REFUSED', exitCode: 5 });
  expect(error?.message).toContain('usage: 2 keys that several rows have');
  expect(error?.message).toContain('raw_model: no row');
  expect(error?.context).toEqual({
    check: 'unique-key',
    table: 'usage',
    refused: 2,
    first: '{"_id":"x","n":2}',
    sampleSql: 'SELECT 1',
  });
});

test("DuckDB's types are read back as ours, for every table; others differ from all of ours", async () => {
  await withDuckdb(':memory:', {}, async (connection) => {
    for (const table of tables) {
      await connection.run(duckdbDdl(table).join(';'));
      const read = await shapesIn(connection, identifier(table.name));
      expect(read, table.name).toEqual(shapesOf(table));
    }
    await connection.run(
      'CREATE TABLE others (m MAP(VARCHAR, INTEGER), "a b" STRUCT("x y" HUGEINT[])[])',
    );
    expect(await shapesIn(connection, 'others')).toMatchObject([
      { name: 'm', type: 'MAP(VARCHAR, INTEGER)', isRepeated: false },
      {
        name: 'a b',
        isRepeated: true,
        fields: [{ name: 'x y', type: 'HUGEINT', isRepeated: true }],
      },
    ]);
  });
});

const shapeWith = (fields: fc.Arbitrary<ColumnShape[]>): fc.Arbitrary<ColumnShape> =>
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    type: fc.constantFrom('STRING', 'INTEGER', 'RECORD', 'TIMESTAMP'),
    isRepeated: fc.boolean(),
    fields,
  });

const listOf = (one: fc.Arbitrary<ColumnShape>, minLength = 0) =>
  fc.uniqueArray(one, { minLength, maxLength: 4, selector: ({ name }) => name });

const columns = listOf(shapeWith(listOf(shapeWith(fc.constant([])))), 1);

test('nothing is lost by the same columns, or by more; whatever is taken away is named', () => {
  fc.assert(
    fc.property(columns, fc.nat(), (all, at) => {
      expect(lostColumns(all, all)).toEqual([]);
      const gone = all[at % all.length];
      const rest = all.filter((it) => it !== gone);
      expect(lostColumns(rest, all)).toEqual([]);
      expect(lostColumns(all, rest)).toEqual([`${gone?.name} is missing`]);
    }),
  );
});
