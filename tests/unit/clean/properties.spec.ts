import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { field } from '../../../src/boards/values.ts';
import { CLEANERS } from '../../../src/clean/repos.ts';
import { conform } from '../../../src/clean/conform.ts';
import { shapeOf } from '../../../src/clean/shape.ts';
import { createSink } from '../../../src/clean/sink.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { rawModel } from '../../../src/tables/raw-model.ts';
import { RECORD_ORIGINS } from '../../../src/tables/table.ts';
import { context, faultsOf } from './support/check.ts';
import { mark, mutate, randomValue } from './support/mutate.ts';
import { createRandom } from './support/random.ts';

const recordsIn = (file: string): object[] =>
  gunzipSync(readFileSync(new URL(`../../../demo/data/${file}.jsonl.gz`, import.meta.url)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

const KEYS = columnsOf(rawModel)
  .map(({ name }) => name)
  .filter((name) => name !== 'id' && name !== '_id');

/** Keys of records and of their cards. */
const keysOf = (records: readonly object[]): string[] => [
  ...new Set(
    records.flatMap((it) => [it, field(it, 'cardData') ?? {}]).flatMap((it) => Object.keys(it)),
  ),
];

const datasets = recordsIn('datasets').map((line) => (line as { record: object }).record);
const spaces = recordsIn('spaces');

/** Real records of each kind, the keys that mean something in one, and how many are mutated; many more in `npm run test:soak`. */
const KINDS = {
  model: { records: recordsIn('models'), keys: KEYS, mutated: 300 },
  dataset: { records: datasets, keys: keysOf(datasets), mutated: 150 },
  space: { records: spaces, keys: keysOf(spaces), mutated: 150 },
};
const IDS = { _id: '1', id: 'a/b' };

for (const origin of RECORD_ORIGINS) {
  test.describe(`cleaning a ${origin}`, () => {
    const { records, keys, mutated } = KINDS[origin];
    const sound = (input: unknown, of: string): void =>
      expect(faultsOf(input, origin), of).toEqual([]);

    test('takes every real record, changes no meaning twice and loses nothing', () => {
      expect(records.flatMap((it) => faultsOf(it, origin))).toEqual([]);
    });

    test('takes every real record with all its scalars made different', () => {
      expect(records.flatMap((it) => faultsOf(mark(it), origin))).toEqual([]);
    });

    test('holds its promises for mutated real records', () => {
      for (let seed = 0; seed < mutated; seed += 1) {
        const random = createRandom(seed);
        const changed = mutate(random.pick(records), random, random.pick(records));
        sound(seed % 3 === 0 ? mark(changed) : changed, `seed ${seed}`);
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
          sound({ ...members, ...IDS }, 'a record');
          sound({ ...IDS, cardData, runtime }, 'a card');
        }),
        { numRuns: 150 },
      );
    });

    test('answers for any value at all', () => {
      const anything = fc.anything({
        ...{ withNullPrototype: true, withBigInt: true, withDate: true },
        ...{ withMap: true, withSparseArray: true },
      });
      fc.assert(
        fc.property(anything, (value) => {
          const fields = { config: value, cardData: value, siblings: value, x: value };
          for (const input of [value, { ...IDS, ...fields }])
            expect(typeof CLEANERS[origin](input, context).ok).toBe('boolean');
        }),
        { numRuns: 150 },
      );
    });
  });
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
