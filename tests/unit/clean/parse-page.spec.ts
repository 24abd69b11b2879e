import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { deepJsonText, jsonText, paramText } from '../../../src/clean/json-text.ts';
import { parsePage } from '../../../src/clean/parse-page.ts';

test.describe('parsePage', () => {
  test('gives the elements of a list, and a single object as one', () => {
    expect(parsePage('[{"a":1},2]')).toEqual([{ a: 1 }, 2]);
    expect(parsePage('{"a":1}')).toEqual([{ a: 1 }]);
  });

  for (const [number, value] of [
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['9007199254740991', 9007199254740991],
    ['1e400', '1e400'],
    ['-1.5E+999', '-1.5E+999'],
    ['1e22', 1e22],
    ['0.12345678901234567', 0.12345678901234567],
  ] as const) {
    test(`keeps ${number}`, () => {
      for (const text of [
        `[{"a":${number}}]`,
        `[ {\n "a": ${number}\n} ]`,
        `[[${number},${number}]]`,
        `[1, ${number}]`,
        `[1,\t${number}]`,
      ]) {
        expect(JSON.stringify(parsePage(text))).toBe(
          text.replaceAll(number, JSON.stringify(value)).replaceAll(/\s/g, ''),
        );
      }
      expect(parsePage(number)).toEqual([value]);
    });
  }

  test('reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
        const text = JSON.stringify([value], null, indent);
        expect(JSON.stringify(parsePage(text))).toBe(JSON.stringify(JSON.parse(text, large)));
      }),
    );
  });

  for (const text of ['', '[', '{"a":}', '<html>', '[1]]']) {
    test(`throws for ${JSON.stringify(text)}`, () => {
      expect(() => parsePage(text)).toThrow(SyntaxError);
    });
  }
});

/** The same rule, said of the value: fast-check writes integers without an exponent up to 1e21. */
const large = (_key: string, value: unknown): unknown =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(Number(value)) < 1e21
    ? String(value)
    : value;

test.describe('jsonText', () => {
  test('writes what JSON.stringify writes, with its own stack too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonText(value)).toBe(JSON.stringify(value));
        expect(deepJsonText(value)).toBe(JSON.stringify(value));
      }),
    );
  });
});

test.describe('paramText', () => {
  /** How a reader gets back what was sent. */
  const read = (text: string): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  };

  test('is read back as what was sent, text or not', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('8', ' true', '"x"', '{}', '[', 'nul', '\n1', '\u00a01', '\ufeff1'),
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), text), (value) => {
        expect(JSON.stringify(read(paramText(value)))).toBe(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });
});
