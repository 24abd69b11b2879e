import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createBodyReader, type PageBody } from '../../../src/storage/body-reader.ts';
import { realModels } from '../export/captured.ts';
import { sampleCapture } from './samples.ts';

const lineOf = (body: string): Buffer =>
  Buffer.from(`${JSON.stringify({ ...sampleCapture(1), body })}\n`);

const textOf = (page: PageBody | undefined): string | undefined => page?.bytes.toString();

/** The records between the ends, each as it stands there. */
function recordsOf({ bytes, ends = [] }: PageBody): string[] {
  return ends.map((end, at) => bytes.toString('utf8', (ends[at - 1] ?? 0) + 1, end));
}

test.describe('createBodyReader', () => {
  test('gives the body of a page of real models, and where each of them ends', async () => {
    const models = await realModels();
    const readBody = createBodyReader();
    for (let start = 0; start < models.length; start += 100) {
      const some = models.slice(start, start + 100);
      const page = readBody(lineOf(`[${some.join(',')}]`));

      expect(textOf(page)).toBe(`[${some.join(',')}]`);
      expect(page?.ends).toHaveLength(some.length);
      expect(page && recordsOf(page)).toEqual(some);
    }
  });

  test('gives any text as it was sent', () => {
    const readBody = createBodyReader();
    const units = fc.constantFrom(
      '"',
      '\\',
      '\\"',
      '\\\\',
      '{',
      '}',
      '},{',
      '\n',
      '\u0001',
      'é',
      '😀',
      'a',
    );
    const text = fc.oneof(
      fc.array(units, { maxLength: 40 }).map((it) => it.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (body) => {
        expect(textOf(readBody(lineOf(body)))).toBe(body);
      }),
      { seed: 7, numRuns: 3000 },
    );
  });

  test('tells the ends of the records of any list of objects', () => {
    const readBody = createBodyReader();
    const record = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (records) => {
        const page = readBody(lineOf(JSON.stringify(records)));
        expect(textOf(page)).toBe(JSON.stringify(records));
        // A body whose escapes are parsed has no ends: then the page is parsed at once.
        if (page?.ends === undefined) return;
        expect(recordsOf(page)).toEqual(records.map((it) => JSON.stringify(it)));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  for (const body of [
    ...[
      '',
      '[]',
      '{}',
      '{"a":1}',
      '[1,2]',
      '[{}',
      '[{}]]',
      '[{},1]',
      '[{}, {}]',
      ' [{}]',
      '[[{}],{}]',
    ],
    ...['[{}]{}', '[{}},{]', '[{"a":"b}]', '[}{]', '[{}]\n', 'plain', '"', '\\', '[{},{}],'],
  ]) {
    test(`tells no ends of ${JSON.stringify(body)}, and gives it as it is`, () => {
      const page = createBodyReader()(lineOf(body));

      expect(page).toMatchObject({ ends: undefined });
      expect(textOf(page)).toBe(body);
    });
  }

  test('says that a page is exact only where JSON.parse gives each number as it was sent', () => {
    const readBody = createBodyReader();
    const digits = fc.string({
      unit: fc.constantFrom('0', '9', '1', '7'),
      minLength: 1,
      maxLength: 25,
    });
    const exponent = fc.constantFrom('', 'e5', 'E400', 'e-3', 'e+30');
    const number = fc
      .tuple(fc.constantFrom('', '-'), digits, fc.option(digits, { nil: '' }), exponent)
      .map(([sign, whole, part, power]) => {
        const integer = whole.replace(/^0+(?=\d)/, '');
        return `${sign}${integer}${part === '' ? '' : `.${part}`}${power}`;
      });
    const value = fc.oneof(
      number,
      fc.constantFrom('true', 'false', 'null', '"1e9"', '"9999999999999999"'),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const page = readBody(lineOf(`[{"a":[${values.join(',')}]},{"b":${values[0] ?? '0'}}]`));
        const isSafe = (text: string): boolean =>
          text.startsWith('"') || !(Math.abs(Number(JSON.parse(text))) > Number.MAX_SAFE_INTEGER);
        if (page?.isExact === true) expect(values.every(isSafe)).toBe(true);
        const isPlain = values.every((it) => !/^-?\d{16}|^-?[\d.]+e/i.test(it));
        if (isPlain) expect(page).toMatchObject({ isExact: true });
      }),
      { seed: 7, numRuns: 3000 },
    );
  });

  test('a page leaves nothing of itself in the next one', () => {
    const readBody = createBodyReader();
    const [long, short] = [`[{"a":"${'x'.repeat(5000)}"}]`, '[{"b":"y"},{"c":"\\"z"}]'];
    for (const body of [short, long, short, '[]', short]) {
      expect(textOf(readBody(lineOf(body)))).toBe(body);
    }
  });

  test('gives nothing for JSON that is no capture', () => {
    const readBody = createBodyReader();
    for (const record of [
      {},
      { body: '[]' },
      { a: { body: '[{"b":"c"}]' } },
      { a: 1, body: '[{"b":"c"}]' },
    ]) {
      expect(readBody(Buffer.from(`${JSON.stringify(record)}\n`))).toBeUndefined();
    }
  });
});
