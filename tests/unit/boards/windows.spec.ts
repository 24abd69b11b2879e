import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { everyWindow, randomWindows } from '../../../src/crawlers/board-windows.ts';

const sizes = fc
  .record({
    rows: fc.integer({ min: 1, max: 6000 }),
    viewPx: fc.integer({ min: 100, max: 20_000 }),
  })
  .map(({ rows, viewPx }) => ({ contentPx: rows * 45 + 56, viewPx, rowPx: 45 }));

test('everyWindow leaves no pixel of the table out', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      let seenPx = 0;
      let gapsPx = 0;
      for (const top of everyWindow(size)) {
        gapsPx += Math.max(0, top - seenPx);
        seenPx = Math.max(seenPx, top + size.viewPx);
      }
      expect(gapsPx).toBe(0);
      expect(seenPx).toBeGreaterThanOrEqual(size.contentPx);
    }),
  );
});

test('randomWindows stays in the table, and repeats itself for a seed only', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 20 }), fc.nat(), (size, windows, seed) => {
      const tops = randomWindows(size, windows, seed);

      expect(tops).toHaveLength(windows);
      expect(tops).toEqual(randomWindows(size, windows, seed));
      const last = Math.max(0, size.contentPx - size.viewPx);
      expect(tops.every((top) => top >= 0 && top <= last)).toBe(true);
    }),
  );
  const size = { contentPx: 205_661, viewPx: 620, rowPx: 45 };
  expect(randomWindows(size, 4, 1)).not.toEqual(randomWindows(size, 4, 2));
});
