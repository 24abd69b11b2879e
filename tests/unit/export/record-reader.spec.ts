import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { endOfFiles, FileList } from '../../../src/clean/file-list.ts';
import { cleanModel, MAX_RECORD_BYTES } from '../../../src/clean/model.ts';
import { modelTables } from '../../../src/clean/model-tables.ts';
import { createTagLookup } from '../../../src/clean/tag-lookup.ts';
import { recordsIn, recordsOf } from '../../../src/export/packed-page.ts';
import { createProcessPage, type PageRecords } from '../../../src/export/page.ts';
import { createRecordReader } from '../../../src/export/record-reader.ts';
import { createBodyReader } from '../../../src/storage/body-reader.ts';
import { mutate } from '../clean/support/mutate.ts';
import { createRandom } from '../clean/support/random.ts';
import { sampleCapture } from '../storage/samples.ts';
import { realModels } from './captured.ts';

const OBSERVED_AT = '2026-11-23T10:00:00.000Z';
const tables = modelTables.map(({ table }) => table.name);
const settings = { run: 'r1', vocabulary: new Map(), tables };

function bodyOf(text: string) {
  const capture = { ...sampleCapture(1), body: text };
  const body = createBodyReader()(Buffer.from(`${JSON.stringify(capture)}\n`));
  if (body?.ends === undefined) throw new Error('no list of records');
  return body;
}

/** All that a page comes to, and how many of its records had their files copied. */
function outcomeOf(records: PageRecords) {
  let copied = 0;
  const at = (position: number): unknown => {
    const record = records.at(position) as { siblings?: unknown };
    if (record.siblings instanceof FileList) copied += 1;
    return record;
  };
  const process = createProcessPage(settings);
  const page = { records: { ...records, at }, observedAt: OBSERVED_AT, since: null };
  const { tables: written, rejects, repairs, names } = process(page);
  const lines = written.map((table) => [table.name, Buffer.from(table.lines).toString('latin1')]);
  return { copied, lines, rejects, repairs, names: Buffer.from(names).toString() };
}

function expectSame(text: string): number {
  const { copied, ...ours } = outcomeOf(recordsOf(bodyOf(text)));
  const { copied: none, ...expected } = outcomeOf(recordsIn(text));
  expect(ours).toEqual(expected);
  expect(none).toBe(0);
  return copied;
}

const FILES = '[{"rfilename":"a.bin"},{"rfilename":"dir/é 😀.json"}]';
const ID = '"_id":"65f0c0ffee65f0c0ffee65f0","id":"org/model"';

test.describe('files of a record, which are copied and not parsed', () => {
  test('come to the same lines, repairs and names as those that are parsed', async () => {
    const models = await realModels();
    let copied = 0;
    for (let start = 0; start < models.length; start += 100)
      copied += expectSame(`[${models.slice(start, start + 100).join(',')}]`);
    // So many of the replica's models have any.
    expect(copied).toBeGreaterThan(0.7 * models.length);
  });

  test('of records with anything in them come to the same, too', async () => {
    const models = (await realModels()).slice(0, 200).map((it) => JSON.parse(it) as object);
    const random = createRandom(7);
    for (let round = 0; round < 60; round += 1) {
      const some = Array.from({ length: 25 }, () =>
        mutate(random.pick(models), random, random.pick(models)),
      );
      const text = JSON.stringify(some.filter((it) => typeof it === 'object' && it !== null));
      const body = createBodyReader()(
        Buffer.from(`${JSON.stringify({ ...sampleCapture(1), body: text })}\n`),
      );
      if (body?.ends !== undefined) expectSame(text);
    }
  });

  const forms: [string, string, number][] = [
    ['a plain list', `{${ID},"siblings":${FILES}}`, 1],
    ['a plain list that comes first', `{"siblings":${FILES},${ID}}`, 1],
    ['an empty list', `{${ID},"siblings":[]}`, 0],
    ['a file with more keys', `{${ID},"siblings":[{"rfilename":"a","size":1}]}`, 0],
    ['a file whose name is no text', `{${ID},"siblings":[{"rfilename":1}]}`, 0],
    ['a file that is a text', `{${ID},"siblings":["a"]}`, 0],
    ['white space', `{${ID},"siblings":[{"rfilename": "a"}]}`, 0],
    ['escapes', `{${ID},"siblings":[{"rfilename":"a\\"b\\\\\\u00e9"}]}`, 0],
    ['half a character', `{${ID},"siblings":[{"rfilename":"a\\ud800"}]}`, 0],
    ['a list in a list', `{${ID},"siblings":[${FILES}]}`, 0],
    ['no list', `{${ID},"siblings":{"rfilename":"a"}}`, 0],
    ['nothing', `{${ID},"siblings":null}`, 0],
    ['the key twice, both plain', `{${ID},"siblings":[{"rfilename":"x"}],"siblings":${FILES}}`, 1],
    ['the key twice, then nothing', `{${ID},"siblings":${FILES},"siblings":null}`, 0],
    ['the key twice, then no list', `{${ID},"siblings":${FILES},"siblings":["b"]}`, 0],
    ['the key twice, then escaped', `{${ID},"siblings":${FILES},"sibling\\u0073":["b"]}`, 0],
    ['the key twice, escaped first', `{${ID},"sibling\\u0073":["b"],"siblings":${FILES}}`, 1],
    ['another record’s', `{${ID},"config":{"siblings":${FILES}}}`, 0],
    ['its own and another one', `{${ID},"siblings":${FILES},"x":{"siblings":${FILES}}}`, 1],
    ['a text that looks like them', `{${ID},"x":"\\"siblings\\":[{\\"rfilename\\":\\"a\\"}]"}`, 0],
    ['the key as a value', `{${ID},"author":"siblings","siblings":${FILES}}`, 1],
    ['a record without a name', `{"x":1,"siblings":${FILES}}`, 1],
    [
      'large numbers beside them',
      `{${ID},"downloads":12345678901234567890,"siblings":${FILES}}`,
      1,
    ],
  ];
  for (const [name, record, copied] of forms) {
    test(`${name}: the same, ${copied === 0 ? 'parsed' : 'copied'}`, () => {
      // Others around it have none and have them.
      const text = `[{${ID}},${record},{${ID},"siblings":${FILES}}]`;
      expect(expectSame(text)).toBe(copied + 1);
    });
  }

  for (const broken of [
    `{${ID},"siblings":[{"rfilename":"a"}`,
    `{${ID},"siblings":${FILES} x}`,
    `{${ID},"siblings":[{"rfilename":"a\u0001b"}]}`,
    `{${ID},["siblings":${FILES}]}`,
    `{${ID},"siblings":${FILES}"b":1}`,
  ]) {
    test(`a record that is no JSON has the error of its own text: ${JSON.stringify(broken)}`, () => {
      const bytes = Buffer.from(`[${broken}]`);
      const ends = [broken.length + 1];
      const siblingsAt = [bytes.indexOf('"siblings":') + '"siblings":'.length];
      const read = createRecordReader({ bytes, ends, siblingsAt, isExact: true }, JSON.parse);
      const message = (work: () => unknown): string => {
        try {
          return String(work());
        } catch (error) {
          return String(error);
        }
      };
      expect(message(() => read(0))).toBe(
        message(() => JSON.parse(bytes.toString('utf8', 1, ends[0]))),
      );
      expect(message(() => read(0))).toContain('SyntaxError');
    });
  }

  test('end where a list of plain names ends, and nowhere else', () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 6 });
    const piece = fc.constantFrom('', ' ', 'x', '"', '\\', '\u0000', '\u001f', '\u007f', 'ÿ');
    fc.assert(
      fc.property(names, piece, fc.nat(6), (some, extra, place) => {
        const all = some.map((it, at) => it.toWellFormed() + (at === place ? extra : ''));
        const list = JSON.stringify(all.map((rfilename) => ({ rfilename })));
        const bytes = Buffer.from(`:${list},{"rfilename":"b"}]`);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const isPlain = all.length > 0 && !list.includes('\\');
        const end = 1 + Buffer.byteLength(list);
        expect(endOfFiles(bytes, view, 1)).toBe(isPlain ? end : -1);
        // Cut anywhere it has no end.
        const ends = Array.from({ length: end - 1 }, (_, at) => {
          const part = bytes.subarray(0, at + 1);
          return endOfFiles(part, new DataView(part.buffer, part.byteOffset, part.length), 1);
        });
        expect(ends.filter((it) => it !== -1)).toEqual([]);
      }),
      { seed: 7, numRuns: 1500 },
    );
  });

  test('are looked at one by one in a record so large that texts are cut', () => {
    const name = 'x'.repeat(100_000);
    const list = JSON.stringify([{ rfilename: name }]);
    const bytes = Buffer.from(list);
    const files = new FileList(bytes, 0, bytes.length);
    const large = 'y'.repeat(MAX_RECORD_BYTES + 1);
    const record = { _id: 'a'.repeat(24), id: 'org/model', siblings: files, author: large };
    const context = { tags: createTagLookup(new Map()), observedAt: OBSERVED_AT, run: 'r1' };
    const cleaned = cleanModel(record, context);
    const parsed = cleanModel({ ...record, siblings: JSON.parse(list) as unknown }, context);

    expect(cleaned.ok && cleaned.model.siblings[0]?.rfilename).toHaveLength(65_536);
    expect(cleaned).toEqual(parsed);
  });

  test('are parsed where a table looks into them', async () => {
    const models = (await realModels()).slice(0, 50);
    const records = recordsOf(bodyOf(`[${models.join(',')}]`), { readsFiles: true });

    const read = models.map((_it, position) => records.at(position));
    expect(read).toEqual(models.map((it) => JSON.parse(it) as unknown));
  });

  test('stand in a rejected record as they were sent', () => {
    const { rejects } = outcomeOf(recordsOf(bodyOf(`[{"id":"org/a","siblings":${FILES}}]`)));

    expect(rejects).toHaveLength(1);
    expect(rejects[0]?.record).toBe(`{"id":"org/a","siblings":${FILES}}`);
  });
});
