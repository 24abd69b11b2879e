import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { keptOf, sharedRow } from '../../../src/clean/shared-rows.ts';
import { createTagLookup } from '../../../src/clean/tag-lookup.ts';

const entryOf = (id: string) => ({ id, label: id.toUpperCase(), type: 'other', subType: null });

/** Few letters in few places, so that many ids share a place; and ids of any text. */
const id = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

test('finds what a Map finds, however often and in whatever order it is asked', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 60 }), fc.array(id, { maxLength: 200 }), (ids, asked) => {
      const vocabulary = new Map(ids.map((it) => [it, entryOf(it)]));
      const lookup = createTagLookup(vocabulary);
      for (const it of [...asked, ...ids, ...asked]) {
        expect(lookup.get(it)).toEqual(vocabulary.get(it));
      }
    }),
    { seed: 11, numRuns: 500 },
  );
});

test('an entry under another id than its own is found under that one only', () => {
  const lookup = createTagLookup(new Map([['b', entryOf('a')]]));
  expect([lookup.get('a'), lookup.get('b')?.id, lookup.get('a')]).toEqual([
    undefined,
    'a',
    undefined,
  ]);
});

test('a shared row looks like the row: what is kept beside it is no key', () => {
  const row = sharedRow(entryOf('en'));
  expect(Object.keys(row)).toEqual(['id', 'label', 'type', 'subType']);
  expect(JSON.stringify(row)).toBe(JSON.stringify(entryOf('en')));
  expect(structuredClone(row)).toEqual(entryOf('en'));
  expect(Object.isFrozen(row)).toBe(true);
  expect(keptOf(row)).toEqual({ by: undefined, start: 0, end: 0 });
  expect([keptOf({}), keptOf(null), keptOf(7), keptOf('en')]).toEqual(Array(4).fill(undefined));
});
