import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  createIdSet,
  hasKey,
  KEY_WORDS,
  writeKey,
  type IdSet,
  type Sight,
} from '../../../src/export/id-set.ts';

/** Adds an id by the key that stands among those of others, or by itself when it has none. */
function add(ids: IdSet, id: string, name: string): Sight {
  const keys = new Uint32Array(3 * KEY_WORDS).fill(0xdeadbeef);
  writeKey(keys, KEY_WORDS, { id, name });
  return hasKey(keys, KEY_WORDS)
    ? ids.add(keys, KEY_WORDS)
    : ids.addOther(id, keys[2 * KEY_WORDS - 1] ?? 0);
}

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));

/** Real ids, ids that differ in one place, and what is no object id at all. */
const id = fc.oneof(
  hex(24),
  hex(1).map((digit) => `65f0c0ffee65f0c0ffee65f${digit}`),
  hex(16).map((rest) => `00000000${rest}`),
  hex(24).map((it) => it.toUpperCase()),
  fc.string({ maxLength: 30 }),
);

test('answers as a Map of names would', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(id, fc.constantFrom('a/b', 'a/c')), { maxLength: 300 }),
      (sights) => {
        const ids = createIdSet(8);
        const names = new Map<string, string>();
        for (const [_id, name] of sights) {
          const known = names.get(_id);
          expect(add(ids, _id, name)).toBe(
            known === undefined ? 'new' : known === name ? 'same' : 'renamed',
          );
          if (known === undefined) names.set(_id, name);
        }
        expect(ids.size).toBe(names.size);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

test('3.2 million ids take less than 80 MB', () => {
  const ids = createIdSet();
  // Ids as the Hub has them: a time that rises, and a counter.
  const idOf = (n: number) =>
    (0x62000000 + n * 23).toString(16) +
    'a1b2c3d4e5'.slice(0, 10) +
    (n & 0xffffff).toString(16).padStart(6, '0');
  for (let n = 0; n < 3_200_000; n += 1) add(ids, idOf(n), 'x');
  expect(ids.size).toBe(3_200_000);
  expect(ids.bytes).toBeLessThan(80e6);
  expect(add(ids, idOf(1_234_567), 'x')).toBe('same');
});
