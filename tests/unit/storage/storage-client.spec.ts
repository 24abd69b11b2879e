import { readdir, readFile, truncate } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { DuckDBInstance } from '@duckdb/node-api';
import { Dataset, KeyValueStore, RequestQueue } from 'crawlee';
import fc from 'fast-check';
import type { Capture } from '../../../src/storage/capture.ts';
import { listDatasets, readCaptures, readIndex } from '../../../src/storage/captures.ts';
import { openDataset } from '../../../src/storage/dataset-writer.ts';
import { createConfiguration, writeCapture } from '../../../src/storage/storage-client.ts';
import {
  capturesOf,
  collect,
  indexFile,
  inFolder,
  noise,
  recordsOf,
  sampleCapture,
  segmentFile,
} from './samples.ts';

test.describe('Crawlee over the storage', () => {
  test('keeps what its Dataset is given, across processes as far as they can tell', () =>
    inFolder(async (dir) => {
      const dataset = await Dataset.open('items', { config: createConfiguration(dir) });
      await dataset.pushData({ a: 'é😀' });
      await dataset.pushData([{ b: 1 }, { b: [null, {}] }]);
      await dataset.pushData([{ last: true }]);

      const again = await Dataset.open('items', { config: createConfiguration(dir) });
      const items = [{ a: 'é😀' }, { b: 1 }, { b: [null, {}] }, { last: true }];
      const seen: unknown[] = [];
      await again.forEach((item, index) => void seen.push([index, item]));

      expect(await again.getInfo()).toMatchObject({ id: 'items', name: 'items', itemCount: 4 });
      expect(seen).toEqual(items.map((item, index) => [index, item]));
      expect((await again.getData()).items).toEqual(items);
      expect(await again.getData({ offset: 1, limit: 2 })).toMatchObject({
        items: items.slice(1, 3),
        total: 4,
        count: 2,
        offset: 1,
        limit: 2,
      });
      expect((await again.getData({ desc: true, offset: 1, limit: 2 })).items).toEqual(
        items.slice(1, 3).reverse(),
      );
      expect((await again.getData({ offset: 9 })).items).toEqual([]);
      expect(await collect(again.values({ limit: 3 }))).toEqual(items.slice(0, 3));
      expect(await collect(again.entries({ offset: 2 }))).toEqual([
        [2, items[2]],
        [3, items[3]],
      ]);
      expect(await again.map((item) => Object.keys(item).length)).toEqual([1, 1, 1, 1]);
      expect(await again.export()).toEqual(items);
    }));

  test('drops a dataset for good and begins a new one under its name', () =>
    inFolder(async (dir) => {
      const config = createConfiguration(dir);
      const dataset = await Dataset.open('items', { config });
      await dataset.pushData({ a: 1 });
      await dataset.drop();
      expect(await listDatasets(dir)).toEqual([]);
      expect(await readdir(`${dir}/datasets`)).toEqual([]);

      const next = await Dataset.open('items', { config });
      await next.pushData({ a: 2 });

      expect((await next.getData()).items).toEqual([{ a: 2 }]);
    }));

  test('keeps queues and key-value stores in memory, and purges nothing', () =>
    inFolder(async (dir) => {
      const before = await Dataset.open(undefined, { config: createConfiguration(dir) });
      await before.pushData({ a: 1 });
      process.env['CRAWLEE_PURGE_ON_START'] = 'true';
      try {
        const config = createConfiguration(dir);
        const store = await KeyValueStore.open('state', { config });
        await store.setValue('key', { a: 1 });
        const queue = await RequestQueue.open(undefined, { config });
        await queue.addRequest({ url: 'http://localhost/' });
        const dataset = await Dataset.open(undefined, { config });

        expect((await dataset.getData()).items).toEqual([{ a: 1 }]);
        expect(await store.getValue('key')).toEqual({ a: 1 });
        expect(await readdir(dir)).toEqual(['datasets']);
      } finally {
        delete process.env['CRAWLEE_PURGE_ON_START'];
      }
    }));

  test('says what it cut, and finds a damaged dataset before anything is pushed', () =>
    inFolder(async (dir) => {
      const writer = await openDataset(dir, 'models');
      await writer.append(recordsOf(sampleCapture(1)));
      await writer.append(recordsOf(sampleCapture(2), 2).slice(0, 1));
      const cuts: unknown[] = [];
      const config = createConfiguration(dir, {
        onRecovery: (name, { cutBytes }) => cuts.push([name, cutBytes > 0]),
      });

      const dataset = await Dataset.open('models', { config });

      expect(cuts).toEqual([['models', true]]);
      expect(await dataset.getInfo()).toMatchObject({ itemCount: 1 });
      await truncate(segmentFile(dir), 5);
      const damaged = Dataset.open('models', { config: createConfiguration(dir) });
      await expect(damaged).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
    }));

  test('refuses a name that leads out of the storage', () =>
    inFolder(async (dir) => {
      const config = createConfiguration(dir);
      for (const name of ['../out', 'a/b', '.hidden', 'a\0b', 'x'.repeat(101)]) {
        await expect(Dataset.open(name, { config })).rejects.toThrow('cannot be the name');
      }
    }));
});

test.describe('writeCapture', () => {
  test('brings back any capture as it was', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(
        '{"__proto__":{"a":1},"constructor":null}',
        '\ud800',
        '\udc00x',
        '"\\\n\u2028',
      ),
    );
    const capture = fc.record({
      source: text,
      url: text,
      status: fc.integer({ min: 100, max: 599 }),
      headers: fc.dictionary(fc.oneof(fc.constant('__proto__'), fc.string()), text),
      fetchedAt: text,
      next: fc.option(text),
      count: fc.nat(),
      body: text,
    });
    const property = fc.asyncProperty(fc.array(capture, { maxLength: 5 }), (captures) =>
      inFolder(async (dir) => {
        const dataset = await Dataset.open('models', { config: createConfiguration(dir) });
        await Promise.all(captures.map((it) => writeCapture(dataset, it)));

        const found = await capturesOf(dir);
        expect(found.map((it) => JSON.stringify(it))).toEqual(
          captures.map((it) => JSON.stringify(it)),
        );
        expect(
          (await collect(readIndex(dir, 'models'))).map(({ url, next, count }) => [
            url,
            next,
            count,
          ]),
        ).toEqual(captures.map(({ url, next, count }) => [url, next, count]));
      }),
    );
    await fc.assert(property, { numRuns: 25 });
  });

  const megabytes = (text: string, count: number): string =>
    text.repeat(Math.ceil((count * 1e6) / text.length));
  for (const [what, body] of [
    ['a page just under the limit', megabytes('x', 9.3)],
    ['a page over 9.4 MB', `[${JSON.stringify({ a: noise('page', 9_500_000) })}]`],
    ['a record of 20 MB', JSON.stringify({ card: noise('record', 20_000_000) })],
    ['20 MB of pairs', megabytes('x😀', 20)],
    ['5 MB of quotes', megabytes('"', 5)],
    ['2 MB of control characters', megabytes('\u0001', 2)],
    ['2 MB of half pairs', megabytes('\udc00', 2)],
    ['9 MB of quotes, control characters and half pairs', megabytes('"\u0000\n\ud800é', 9)],
  ] as const) {
    test(`brings back ${what}`, () =>
      inFolder(async (dir) => {
        const dataset = await Dataset.open('models', { config: createConfiguration(dir) });
        const captures: Capture[] = [1, 2, 3].map((page) => sampleCapture(page));
        captures.splice(1, 1, { ...sampleCapture(2), body });

        // All at once: the parts of one must stay together.
        await Promise.all(captures.map((capture) => writeCapture(dataset, capture)));

        const found = await collect(readCaptures(dir, 'models'));
        expect(found.map(({ capture }) => capture.body.length)).toEqual(
          captures.map((it) => it.body.length),
        );
        expect(found[1]?.capture.body === body).toBe(true);
        const lines = await collect(readIndex(dir, 'models'));
        expect(lines.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(3000);
        expect(lines[found[1]?.n ?? -1]?.part ?? 1).toBe(1);
        for (const text of zstdDecompressSync(await readFile(segmentFile(dir)))
          .toString()
          .split('\n')) {
          expect(text.length).toBeLessThan(9_436_240);
        }
      }));
  }
});

test('DuckDB reads a segment as it is', () =>
  inFolder(async (dir) => {
    const dataset = await Dataset.open('models', { config: createConfiguration(dir) });
    for (const page of [1, 2, 3]) await writeCapture(dataset, sampleCapture(page));

    const connection = await (await DuckDBInstance.create()).connect();
    const sql = `SELECT url, count, body FROM read_json('${segmentFile(dir)}') ORDER BY url`;
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
    connection.closeSync();

    expect(rows.map(({ url, body }) => [url, body])).toEqual(
      [1, 2, 3].map((page) => [sampleCapture(page).url, sampleCapture(page).body]),
    );
    expect((await readFile(indexFile(dir), 'utf8')).split('\n').length).toBe(4);
  }));
