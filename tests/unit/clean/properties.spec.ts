import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { cleanModel } from '../../../src/clean/model.ts';
import { conform } from '../../../src/clean/conform.ts';
import { NO_PLAN, shapeOf } from '../../../src/clean/shape.ts';
import { createSink } from '../../../src/clean/sink.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { rawModel } from '../../../src/tables/raw-model.ts';
import { context, faultsOf } from './support/check.ts';
import { mark, mutate, randomValue } from './support/mutate.ts';
import { createRandom } from './support/random.ts';

const records = gunzipSync(
  readFileSync(new URL('../../../demo/data/models.jsonl.gz', import.meta.url)),
)
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as object);

const KEYS = columnsOf(rawModel)
  .map(({ name }) => name)
  .filter((name) => name !== 'id' && name !== '_id');

test.describe('cleaning', () => {
  test('takes every real record, changes no meaning twice and loses nothing', () => {
    for (const record of records)
      expect(faultsOf(record), JSON.stringify(record).slice(0, 500)).toEqual([]);
  });

  test('takes every real record with all its scalars made different', () => {
    for (const record of records)
      expect(faultsOf(mark(record)), JSON.stringify(record).slice(0, 500)).toEqual([]);
  });

  test('holds its promises for mutated real records', () => {
    for (let seed = 0; seed < 1000; seed += 1) {
      const random = createRandom(seed);
      const mutated = mutate(random.pick(records), random, random.pick(records));
      expect(faultsOf(seed % 3 === 0 ? mark(mutated) : mutated), `seed ${seed}`).toEqual([]);
    }
  });

  test('holds its promises for any JSON in any field', () => {
    const record = fc.dictionary(
      fc.oneof(fc.constantFrom(...KEYS), fc.string()),
      fc.jsonValue({ maxDepth: 5 }),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(record, (members) => {
        expect(faultsOf({ ...members, _id: '1', id: 'a/b' })).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('answers for any value at all', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withNullPrototype: true,
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSparseArray: true,
        }),
        (value) => {
          for (const input of [
            value,
            { _id: '1', id: 'a/b', config: value, cardData: value, x: value },
          ]) {
            expect(typeof cleanModel(input, context).ok).toBe('boolean');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.describe('conform alone, without a plan', () => {
  const shape = shapeOf(columnsOf(rawModel), NO_PLAN);

  test('gives the declared shape for random values', () => {
    for (let seed = 0; seed < 1000; seed += 1) {
      const random = createRandom(seed);
      const input = Object.fromEntries(KEYS.map((key) => [key, randomValue(random)]));
      const sink = createSink(Infinity, new Map());
      const parsed = rawModel.row.safeParse(conform(shape, { ...input, id: 'a', _id: '1' }, sink));
      expect(parsed.success, `seed ${seed}: ${parsed.error?.message ?? ''}`).toBe(true);
    }
  });

  test('refuses a plan for a column that does not exist', () => {
    const plan = { ...NO_PLAN, single: new Set(['cardData.licence']) };

    expect(() => shapeOf(columnsOf(rawModel), plan)).toThrow('cardData.licence');
  });
});
