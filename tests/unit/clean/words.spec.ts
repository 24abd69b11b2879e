import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { bytesBefore, marksOf, WORD, wordOf } from '../../../src/words.ts';

/** Bytes next to each other, where a borrow would show, and any others. */
const near = (byte: number) =>
  fc.oneof(fc.constantFrom(byte, byte ^ 1, (byte + 1) & 0xff, 0, 0x80, 0xff), fc.nat(0xff));

test('the first of four bytes that is one of two is found, whatever stands around it', () => {
  fc.assert(
    fc.property(
      fc
        .nat(0xff)
        .chain((one) =>
          fc.tuple(
            fc.constant(one),
            fc.nat(0xff),
            fc.array(near(one), { minLength: WORD, maxLength: WORD }),
          ),
        ),
      ([one, other, bytes]) => {
        const word = Buffer.from(bytes).readInt32LE(0);
        const marks = marksOf(word, wordOf(one)) | marksOf(word, wordOf(other));
        const first = bytes.findIndex((byte) => byte === one || byte === other);
        expect(bytesBefore(marks)).toBe(first === -1 ? WORD : first);
      },
    ),
    { numRuns: 5000 },
  );
});
