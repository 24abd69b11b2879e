import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { cleanModel, CLEANERS } from '../../../src/clean/repos.ts';
import { conform } from '../../../src/clean/conform.ts';
import { shapeOf } from '../../../src/clean/shape.ts';
import { createSink } from '../../../src/clean/sink.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { rawModel } from '../../../src/tables/raw-model.ts';
import { context, faultsOf } from './support/check.ts';
import { mark, mutate, randomValue } from './support/mutate.ts';
import { createRandom } from './support/random.ts';

const recordsIn = (file: string): object[] =>
  gunzipSync(readFileSync(new URL(`../../../demo/data/${file}.jsonl.gz`, import.meta.url)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

const records = recordsIn('models');

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

const OTHERS = {
  dataset: recordsIn('datasets').map((line) => (line as { record: object }).record),
  space: recordsIn('spaces'),
};

for (const origin of ['dataset', 'space'] as const) {
  test.describe(`cleaning a ${origin}`, () => {
    const those = OTHERS[origin];
    const keys = [...new Set(those.flatMap((it) => [...Object.keys(it), ...cardKeys(it)]))];

    test('takes every record of the replica and mutated ones, and loses nothing', () => {
      for (const record of those) {
        expect(faultsOf(record, origin), JSON.stringify(record)).toEqual([]);
        expect(faultsOf(mark(record), origin), JSON.stringify(record)).toEqual([]);
      }
      for (let seed = 0; seed < 500; seed += 1) {
        const random = createRandom(seed);
        const mutated = mutate(random.pick(those), random, random.pick(those));
        expect(faultsOf(seed % 3 === 0 ? mark(mutated) : mutated, origin), `seed ${seed}`).toEqual(
          [],
        );
      }
    });

    test('holds its promises for any JSON in any field', () => {
      const fields = fc.dictionary(
        fc.oneof(fc.constantFrom(...keys), fc.string()),
        fc.jsonValue({ maxDepth: 5 }),
        { maxKeys: 5 },
      );
      fc.assert(
        fc.property(fields, fields, fc.jsonValue(), (members, cardData, runtime) => {
          const ids = { _id: '1', id: 'a/b' };
          expect(faultsOf({ ...members, ...ids }, origin)).toEqual([]);
          expect(faultsOf({ ...ids, cardData, runtime }, origin)).toEqual([]);
        }),
        { numRuns: 500 },
      );
    });

    test('answers for any value at all', () => {
      fc.assert(
        fc.property(fc.anything({ withBigInt: true, withSparseArray: true }), (value) => {
          for (const input of [value, { _id: '1', id: 'a/b', cardData: value, siblings: value }])
            expect(typeof CLEANERS[origin](input, context).ok).toBe('boolean');
        }),
      );
    });
  });
}

function cardKeys(record: object): string[] {
  const card: unknown = Reflect.get(record, 'cardData');
  return typeof card === 'object' && card !== null ? Object.keys(card) : [];
}

test.describe('conform alone, without a plan', () => {
  const shape = shapeOf(columnsOf(rawModel));

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
    const plan = { single: new Set(['cardData.licence']) };

    expect(() => shapeOf(columnsOf(rawModel), plan)).toThrow('cardData.licence');
  });
});
