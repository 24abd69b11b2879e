import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { MAX_RECORD_BYTES } from '../../../src/clean/cleaner.ts';
import { cleanModel } from '../../../src/clean/repos.ts';
import { context } from './support/check.ts';

const ids = { _id: '1', id: 'a/b' };

function modelOf(record: unknown) {
  const cleaned = cleanModel(record, context);
  if (!cleaned.ok) throw new Error(cleaned.reason);
  return cleaned;
}

test.describe('refusals', () => {
  test('what is no object, or has no ids, is none', () => {
    for (const value of [null, undefined, 1, 'x', true, [], [ids]]) {
      expect(cleanModel(value, context)).toMatchObject({ ok: false, reason: 'not_an_object' });
    }
    const noId = [{}, { id: 'a/b' }, { _id: '1' }, { ...ids, _id: 1 }, { ...ids, id: '' }];
    for (const record of [...noId, { ...ids, id: null }]) {
      expect(cleanModel(record, context)).toMatchObject({ ok: false, reason: 'no_id' });
    }
  });

  test('ids of the prototype are none', () => {
    expect(cleanModel(Object.create(ids), context)).toMatchObject({ ok: false, reason: 'no_id' });
  });

  test('the detail never holds a whole body', () => {
    const cleaned = cleanModel('x'.repeat(100_000), context);

    expect(cleaned.ok ? '' : cleaned.detail.length).toBeLessThan(100);
  });
});

test.describe('hostile records', () => {
  test('keys of every object are keys like others', () => {
    const record: unknown = JSON.parse(
      '{"_id":"1","id":"a/b","__proto__":{"likes":7},"constructor":"c","toString":1,"cardData":{"__proto__":{"license":"mit"}}}',
    );

    const { record: model } = modelOf(record);

    expect(model.likes).toBeNull();
    expect(model.extra).toEqual([
      { path: '__proto__', json: '{"likes":7}' },
      { path: 'constructor', json: '"c"' },
      { path: 'toString', json: '1' },
    ]);
    expect(model.cardData[0]?.license).toEqual([]);
    expect(model.cardData[0]?.params).toEqual([{ name: '__proto__', value: '{"license":"mit"}' }]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test('a value nested 200,000 deep is kept as text', () => {
    const depth = 200_000;
    const json = `${'['.repeat(depth)}1${']'.repeat(depth)}`;

    const { record: model } = modelOf({
      ...ids,
      deep: JSON.parse(json) as unknown,
      author: JSON.parse(json) as unknown,
    });

    expect(model.extra).toEqual([{ path: 'deep', json }]);
    expect(model.author).toBe(json);
  });

  test('numbers that JSON lacks are kept by name', () => {
    expect(modelOf({ ...ids, likes: Infinity, x: NaN }).record.extra).toEqual([
      { path: 'likes', json: '"Infinity"' },
      { path: 'x', json: '"NaN"' },
    ]);
  });
});

test.describe('size', () => {
  test('a large record within the bound is left whole', () => {
    const text = 'é'.repeat(4_000_000);

    const { record: model, repairs } = modelOf({ ...ids, gguf: { chat_template: text } });

    expect(model.gguf?.chat_template).toBe(text);
    expect(repairs).toEqual([]);
  });

  for (const [title, text] of [
    ['letters', 'x'.repeat(20 * 1024 * 1024)],
    ['characters of two units', `x${'🤗'.repeat(9_000_000)}`],
    ['characters that JSON escapes', '\u0001'.repeat(4_000_000)],
  ] as const) {
    test(`a text that makes the record too large is cut, its hash kept: ${title}`, () => {
      const { record: model, repairs } = modelOf({
        ...ids,
        gguf: { chat_template: text },
        author: 'me',
      });

      const kept = model.gguf?.chat_template ?? '';
      const sha256 = createHash('sha256').update(text).digest('hex');
      expect(text.startsWith(kept) && kept.isWellFormed()).toBe(true);
      expect(kept.length).toBeGreaterThan(1000);
      expect(repairs).toEqual([{ rule: 'cut', path: 'gguf.chat_template' }]);
      expect(model.extra).toEqual([
        { path: 'gguf.chat_template', json: JSON.stringify({ length: text.length, sha256 }) },
      ]);
      expect(model.author).toBe('me');
      expect(Buffer.byteLength(JSON.stringify(model))).toBeLessThan(MAX_RECORD_BYTES);
    });
  }

  test('a huge value without a column is cut as well', () => {
    const { record: model } = modelOf({
      ...ids,
      blob: ['x'.repeat(20 * 1024 * 1024)],
      [`k${'y'.repeat(1e6)}`]: 1,
    });

    expect(model.extra[0]?.json).toContain('sha256');
    expect(Buffer.byteLength(JSON.stringify(model))).toBeLessThan(MAX_RECORD_BYTES);
  });

  for (const [title, record] of [
    ['many small records', { widgetData: Array.from({ length: 300_000 }, () => ({})) }],
    [
      'many numbers',
      {
        cardData: {
          'model-index': [
            { results: [{ values: Array.from({ length: 2_000_000 }, () => 123456789) }] },
          ],
        },
      },
    ],
  ] as const) {
    test(`a record that is too large without long texts is refused: ${title}`, () => {
      expect(cleanModel({ ...ids, ...record }, context)).toMatchObject({
        ok: false,
        reason: 'too_large',
      });
    });
  }
});
