import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createIdSet } from '../../../src/export/id-set.ts';

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

test('answers as a Map would', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(id, fc.constantFrom('A/b', 'a/c')), { maxLength: 300 }),
      (added) => {
        const ids = createIdSet(8);
        const known = new Map<string, { name: string; place: number }>();
        for (const [place, [_id, name]] of added.entries()) {
          const first = known.get(_id);
          expect(ids.add(_id, name, place)).toEqual(
            first && { place: first.place, hasSameName: first.name === name },
          );
          if (first === undefined) known.set(_id, { name, place });
        }
        const found = ids.find(new Set(['a/b', 'no/such']));
        const named = [...known].filter(([, { name }]) => name === 'A/b').map(([_id]) => _id);
        expect(found.size).toBe(Math.min(named.length, 1));
        for (const _id of found.values()) expect(named).toContain(_id);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
