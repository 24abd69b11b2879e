import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { cleanTags } from '../../../src/clean/tags.ts';
import { tags } from '../../../src/tables/tags.ts';

test.describe('cleanTags', () => {
  test('reads the vocabulary by type', () => {
    const cleaned = cleanTags(
      {
        language: [{ id: 'en', label: 'English', type: 'language' }],
        pipeline_tag: [
          {
            id: 'fill-mask',
            label: 'Fill-Mask',
            type: 'pipeline_tag',
            subType: 'nlp',
            clickable: false,
          },
        ],
      },
      'dataset',
    );

    expect(cleaned.rows).toEqual([
      {
        id: 'en',
        label: 'English',
        type: 'language',
        subType: null,
        clickable: true,
        kind: 'dataset',
      },
      {
        id: 'fill-mask',
        label: 'Fill-Mask',
        type: 'pipeline_tag',
        subType: 'nlp',
        clickable: false,
        kind: 'dataset',
      },
    ]);
    expect(cleaned.vocabulary.get('fill-mask')).toEqual({
      id: 'fill-mask',
      label: 'Fill-Mask',
      type: 'pipeline_tag',
      subType: 'nlp',
    });
    expect(cleaned.rejected).toBe(0);
  });

  test('counts what is no tag, and takes a doubled one once', () => {
    const cleaned = cleanTags(
      { other: [{ id: 'a' }, { id: 'a' }, { label: 'b' }, 7, null] },
      'model',
    );

    expect(cleaned.rows).toEqual([
      { id: 'a', label: 'a', type: 'other', subType: null, clickable: true, kind: 'model' },
    ]);
    expect(cleaned.rejected).toBe(3);
  });

  test('gives rows of the table for any body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        for (const row of cleanTags(body, 'model').rows)
          expect(tags.row.safeParse(row).success).toBe(true);
      }),
    );
  });
});
