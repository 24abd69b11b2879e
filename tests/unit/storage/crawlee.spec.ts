import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Dataset, HttpCrawler, KeyValueStore, log, LogLevel, RequestQueue } from 'crawlee';
import { listDatasets } from '../../../src/storage/captures.ts';
import { createConfiguration } from '../../../src/storage/storage-client.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { capturesOf, collect, sampleCapture, writeAll } from './samples.ts';

test('Dataset keeps what it is given, across processes as far as they can tell', async ({
  folder: dir,
}) => {
  const dataset = await Dataset.open('items', { config: createConfiguration(dir) });
  await dataset.pushData({ a: 'é😀\ud800' });
  await dataset.pushData([{ b: 1 }, { b: [null, {}] }]);
  await dataset.pushData([{ last: true }]);

  const again = await Dataset.open('items', { config: createConfiguration(dir) });
  const items = [{ a: 'é😀\ud800' }, { b: 1 }, { b: [null, {}] }, { last: true }];
  const seen: unknown[] = [];
  await again.forEach((item, index) => void seen.push([index, item]));

  expect(await again.getInfo()).toMatchObject({ id: 'items', name: 'items', itemCount: 4 });
  expect(seen).toEqual(items.map((item, index) => [index, item]));
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
  expect(await again.export()).toEqual(items);
});

test('an item of a capture is its facts and its body: text, or base64 and said so', async ({
  folder: dir,
}) => {
  const binary = { ...sampleCapture(1), body: Buffer.from([0xff, 0, 0x80]) };
  await writeAll(dir, [sampleCapture(0), binary]);
  const dataset = await Dataset.open('models', { config: createConfiguration(dir) });
  const { body, ...facts } = sampleCapture(0);
  const { body: bytes, ...binaryFacts } = binary;
  expect((await dataset.getData()).items).toEqual([
    { ...facts, body: body.toString() },
    { ...binaryFacts, body: bytes.toString('base64'), encoding: 'base64' },
  ]);
});

test('a page of items is bounded by bytes, says so by its limit, and forEach misses none', async ({
  folder: dir,
}) => {
  const body = Buffer.alloc(25 * 1024 * 1024, 'x');
  await writeAll(
    dir,
    [0, 1, 2].map((page) => ({ ...sampleCapture(page), body })),
  );
  const dataset = await Dataset.open('models', { config: createConfiguration(dir) });
  const page = await dataset.getData();
  expect([page.count, page.limit, page.total]).toEqual([2, 2, 3]);
  const urls: unknown[] = [];
  await dataset.forEach(({ url }) => void urls.push(url));
  expect(urls).toEqual([0, 1, 2].map((it) => sampleCapture(it).url));
  expect((await collect(dataset.values())).length).toBe(3);
});

test('drops a dataset for good and begins a new one under its name', async ({ folder: dir }) => {
  const config = createConfiguration(dir);
  const dataset = await Dataset.open('items', { config });
  await dataset.pushData({ a: 1 });
  await dataset.drop();
  expect(await listDatasets(dir)).toEqual([]);
  expect(await readdir(`${dir}/datasets`)).toEqual([]);
  const next = await Dataset.open('items', { config });
  await next.pushData({ a: 2 });
  expect((await next.getData()).items).toEqual([{ a: 2 }]);
});

test('queues and key-value stores are in memory, and nothing is purged', async ({
  folder: dir,
}) => {
  const before = await Dataset.open(undefined, { config: createConfiguration(dir) });
  await before.pushData({ a: 1 });
  process.env['CRAWLEE_PURGE_ON_START'] = 'true';
  try {
    const config = createConfiguration(dir);
    const store = await KeyValueStore.open('state', { config });
    await store.setValue('key', { a: 1 });
    await store.setValue('text', 'plain', { contentType: 'text/plain' });
    const queue = await RequestQueue.open(undefined, { config });
    await queue.addRequest({ url: 'http://localhost/' });
    const dataset = await Dataset.open(undefined, { config });

    expect((await dataset.getData()).items).toEqual([{ a: 1 }]);
    expect(await store.getValue('key')).toEqual({ a: 1 });
    expect(await store.getValue('text')).toBe('plain');
    expect(await store.getValue('none')).toBe(null);
    const keys: string[] = [];
    await store.forEachKey((key) => void keys.push(key));
    expect(keys).toEqual(['key', 'text']);
    expect(await readdir(dir)).toEqual(['datasets']);
  } finally {
    delete process.env['CRAWLEE_PURGE_ON_START'];
  }
});

test('a queue gives each request once, the urgent and the failed before the others', async ({
  folder: dir,
}) => {
  const queue = await RequestQueue.open('walk', { config: createConfiguration(dir) });
  const url = (name: string) => `http://localhost/${name}`;
  await queue.addRequests(['a', 'b', 'c'].map((name) => ({ url: url(name) })));
  const again = await queue.addRequest({ url: url('b') });
  expect(again).toMatchObject({ wasAlreadyPresent: true, wasAlreadyHandled: false });
  await queue.addRequest({ url: url('now') }, { forefront: true });
  const first = await queue.fetchNextRequest();
  expect(first?.url).toBe(url('now'));
  if (first === null) return;
  await queue.reclaimRequest(first, { forefront: true });
  const handled: string[] = [];
  for (let it = await queue.fetchNextRequest(); it !== null; it = await queue.fetchNextRequest()) {
    expect(await queue.isFinished()).toBe(false);
    await queue.markRequestHandled(it);
    handled.push(it.url);
  }
  expect(handled).toEqual(['now', 'a', 'b', 'c'].map(url));
  expect(await queue.isFinished()).toBe(true);
  expect(await queue.getInfo()).toMatchObject({ totalRequestCount: 4, handledRequestCount: 4 });
});

test('a crawler of Crawlee runs over it, and stores what it finds', async ({ folder: dir }) => {
  log.setLevel(LogLevel.OFF);
  let failures = 2;
  const server = createServer((request, response) => {
    failures -= 1;
    response.writeHead(failures >= 0 ? 500 : 200, { 'content-type': 'text/html' });
    response.end(`page ${String(request.url)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const config = createConfiguration(dir);
    const dataset = await Dataset.open('pages', { config });
    const crawler = new HttpCrawler(
      {
        useSessionPool: false,
        async requestHandler({ body, request }) {
          await dataset.pushData({ body: body.toString() });
          const at = Number(new URL(request.url).pathname.slice(1));
          if (at < 5)
            await crawler.addRequests([`http://127.0.0.1:${String(port)}/${String(at + 1)}`]);
        },
      },
      config,
    );
    await crawler.run([`http://127.0.0.1:${String(port)}/0`]);
    const bodies = (await dataset.getData()).items.map(({ body }) => String(body));
    expect(bodies).toEqual([0, 1, 2, 3, 4, 5].map((at) => `page /${String(at)}`));
  } finally {
    server.close();
  }
  expect(await capturesOf(dir, 'pages')).toHaveLength(6);
});
