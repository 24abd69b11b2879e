import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { factsOf } from '../../../src/storage/record-facts.ts';

const NONE = { url: null, next: null, count: null, fetchedAt: null };

test('reads the facts of any capture without its body', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(',"body":"', '","body":"x', '\\"'),
  );
  const head = fc.record({
    source: text,
    url: text,
    headers: fc.dictionary(text, text),
    fetchedAt: text,
    next: fc.option(text),
    count: fc.integer(),
  });
  fc.assert(
    fc.property(head, text, ({ source, ...facts }, body) => {
      const { headers, ...expected } = facts;
      expect(factsOf(JSON.stringify({ source, ...facts, body }))).toEqual(expected);
      expect(factsOf(JSON.stringify({ body, headers, ...expected }))).toEqual(expected);
    }),
  );
});

test('is total over any item', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (item) => {
      expect(() => factsOf(JSON.stringify(item))).not.toThrow();
    }),
  );
});

test('takes no fact from a value of another type, or from below', () => {
  expect(factsOf('{"a":1}')).toEqual(NONE);
  expect(factsOf('{"url":1,"next":false,"count":"3","fetchedAt":[]}')).toEqual(NONE);
  expect(factsOf('{"a":{"url":"/x","next":null,"count":1,"body":"b"}}')).toEqual(NONE);
  expect(factsOf('{"url":"/x","body":"b","next":"/y","count":2}')).toEqual({
    ...NONE,
    url: '/x',
    next: '/y',
    count: 2,
  });
});

test('lets only the last part of a capture state count and next', () => {
  const part = (number: number): string =>
    JSON.stringify({
      url: '/x',
      fetchedAt: 'f',
      next: '/y',
      count: 5,
      part: number,
      parts: 2,
      body: '',
    });

  expect(factsOf(part(1))).toEqual({ ...NONE, url: '/x', fetchedAt: 'f', part: 1, parts: 2 });
  expect(factsOf(part(2))).toMatchObject({ next: '/y', count: 5, part: 2, parts: 2 });
  expect(factsOf(part(3))).not.toHaveProperty('part');
});
