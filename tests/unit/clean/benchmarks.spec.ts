import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { cleanBenchmark } from '../../../src/clean/benchmarks.ts';
import { benchmarks } from '../../../src/tables/benchmarks.ts';

const record = {
  _id: '621ffdd236468d709f181d5e',
  id: 'allenai/ai2_arc',
  gated: 'auto',
  lastModified: '2023-12-21T15:09:48+00:00',
  downloads: 220975,
  tags: ['benchmark:official'],
  key: '',
};

test.describe('cleanBenchmark', () => {
  test('reads a dataset of the list, and keeps what has no column', () => {
    expect(cleanBenchmark(record)).toMatchObject({
      ok: true,
      row: {
        id: 'allenai/ai2_arc',
        gated: true,
        gated_mode: 'auto',
        lastModified: '2023-12-21T15:09:48.000Z',
        downloads: 220975,
        tags: ['benchmark:official'],
        description: null,
        extra: [
          { path: 'lastModified', json: '"2023-12-21T15:09:48+00:00"' },
          { path: 'key', json: '""' },
        ],
      },
    });
  });

  test('refuses what is no dataset', () => {
    expect(cleanBenchmark(null)).toMatchObject({ ok: false, reason: 'not_an_object' });
    expect(cleanBenchmark({ id: 'a/b' })).toMatchObject({ ok: false, reason: 'no_id' });
  });

  test('gives a row of the table for any record', () => {
    const names = Object.keys(benchmarks.row.shape).filter((it) => it !== 'id' && it !== '_id');
    const members = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue());
    fc.assert(
      fc.property(members, (it) => {
        const cleaned = cleanBenchmark({ ...it, id: 'a/b', _id: '1' });
        expect(cleaned.ok && benchmarks.row.safeParse(cleaned.row).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
