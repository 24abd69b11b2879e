import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { bodyOf, listDatasets, openCaptures, readCaptures } from '../../../src/storage/captures.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { capturesOf, collect, fileOf, sampleCapture, samples, writeAll } from './samples.ts';

test('brings back any capture as it was: facts and bytes', async ({ folder }) => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom('{"__proto__":{"a":1},"constructor":null}', 'a\0b', '"\\\n\u2028'),
  );
  const capture = fc.record({
    source: text,
    url: fc.constantFrom('/api/models', '/api/models?cursor=a%3D', 'https://host/x?cursor='),
    status: fc.integer({ min: 100, max: 599 }),
    headers: fc.dictionary(fc.oneof(fc.constant('__proto__'), fc.string()), text),
    fetchedAt: text,
    next: fc.option(text),
    count: fc.nat(),
    body: fc.uint8Array({ maxLength: 5000 }).map((it) => Buffer.from(it)),
  });
  const property = fc.asyncProperty(fc.array(capture, { maxLength: 5 }), async (captures) => {
    const dir = await mkdtemp(join(folder, 'run-'));
    const out = await openCaptures(dir, 'models', { maxFileBytes: 4000 });
    await Promise.all(captures.map(out.write));
    await out.close();
    expect(await capturesOf(dir)).toEqual(captures);
  });
  await fc.assert(property, { numRuns: 25 });
});

for (const [what, body] of [
  ['nothing', Buffer.alloc(0)],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0, 0x80])],
  ['12 MB that do not compress', randomBytes(12_000_000)],
  ['50 MB of zeros', Buffer.alloc(50_000_000)],
] as const) {
  test(`brings back a body of ${what}`, async ({ folder: dir }) => {
    await writeAll(dir, [sampleCapture(0), { ...sampleCapture(1), body }, sampleCapture(2)]);
    const found = await collect(readCaptures(dir, 'models'));
    expect(found.map(({ n }) => n)).toEqual([0, 1, 2]);
    const [, stored] = found;
    expect(stored !== undefined && bodyOf(stored).equals(body)).toBe(true);
  });
}

test('knows how far a dataset is written, and goes on there', async ({ folder: dir }) => {
  const before = await openCaptures(dir, 'models');
  expect(before.committed).toEqual({ pages: 0, records: 0, next: undefined, cursors: [] });
  await before.close();
  await writeAll(dir, [{ ...sampleCapture(0), url: '/api/models' }, sampleCapture(1)]);

  const out = await openCaptures(dir, 'models');
  await out.write({ ...sampleCapture(2), next: null, count: 7 });
  await out.close();

  const { next } = sampleCapture(1);
  expect(out.committed).toEqual({ pages: 2, records: 2000, next, cursors: ['', '1'] });
  const after = await openCaptures(dir, 'models');
  await after.close();
  expect(after.committed).toMatchObject({ pages: 3, records: 2007, next: null });
});

test('reads from a capture on, and backwards', async ({ folder: dir }) => {
  await writeAll(dir, samples(7), { maxFileBytes: 500 });
  const numbers = async (options: { from?: number; desc?: boolean }) =>
    (await collect(readCaptures(dir, 'models', options))).map(({ n }) => n);
  expect(await numbers({ from: 5 })).toEqual([5, 6]);
  expect(await numbers({ from: 7 })).toEqual([]);
  expect(await numbers({ desc: true })).toEqual([6, 5, 4, 3, 2, 1, 0]);
  expect(await numbers({ from: 2, desc: true })).toEqual([2, 1, 0]);
  expect(await collect(readCaptures(dir, 'other'))).toEqual([]);
});

test('reads what is committed while a writer is at work, and after it was left open', async ({
  folder: dir,
}) => {
  const out = await openCaptures(dir, 'models');
  for (const capture of samples(3)) await out.write(capture);
  expect(await capturesOf(dir)).toEqual(samples(3));
  const reading = readCaptures(dir, 'models');
  await reading.next();
  await out.write(sampleCapture(3));
  expect(await collect(reading)).toHaveLength(2);
  expect(await capturesOf(dir)).toEqual(samples(4));
  await out.close();
});

test('a large dataset is several files, of which only the last one changes', async ({
  folder: dir,
}) => {
  await writeAll(dir, samples(20, 1000), { maxFileBytes: 2500 });
  const files = await readdir(`${dir}/datasets/models`);
  expect(files.length).toBeGreaterThan(3);
  // A closed file is alone: nothing beside it belongs to it.
  expect(files.filter((it) => !/^\d{6}\.sqlite$/.test(it))).toEqual([]);
  const database = new DatabaseSync(fileOf(dir), { readOnly: true });
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
  const row = database.prepare('SELECT url, body FROM captures').get();
  database.close();
  expect(zstdDecompressSync(row?.['body'] as Uint8Array)).toEqual(sampleCapture(0, 1000).body);
  expect(await capturesOf(dir)).toEqual(samples(20, 1000));
});

test('refuses a name that leads out of the storage', async ({ folder: dir }) => {
  for (const name of ['../out', 'a/b', '.hidden', 'a\0b', '', 'x'.repeat(101)]) {
    await expect(openCaptures(dir, name)).rejects.toThrow('cannot be the name');
    await expect(readCaptures(dir, name).next()).rejects.toThrow('cannot be the name');
  }
  expect(await listDatasets(dir)).toEqual([]);
});
