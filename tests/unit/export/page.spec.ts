import { expect, test } from '@playwright/test';
import { Readable } from 'node:stream';
import { zstdCompressSync } from 'node:zlib';
import { processPages } from '../../../src/export/page-threads.ts';
import { pageProcessor, type PageJob, type PageSettings } from '../../../src/export/page.ts';
import { tablesOf } from '../../../src/tables/index.ts';
import { realModels } from './captured.ts';

const settings: PageSettings = {
  origin: 'model',
  vocabulary: new Map(),
  tables: tablesOf('model').map(({ table }) => table.name),
  benchmarks: new Set(),
};

const job = (body: string, since: string | null = null): PageJob => ({
  packed: zstdCompressSync(body),
  observedAt: '2026-11-23T10:00:00.000Z',
  since,
});

async function pagesOf(size: number): Promise<PageJob[]> {
  const models = await realModels();
  return Array.from({ length: Math.ceil(models.length / size) }, (_, n) =>
    job(`[${models.slice(n * size, (n + 1) * size).join(',')}]`),
  );
}

/** Typed arrays as what they hold: one that crossed threads is another object. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, it: unknown) =>
      it instanceof Uint8Array ? Buffer.from(it).toString() : it,
    ),
  );

test('pages done here and in threads are the same, in their order', async () => {
  const pages = await pagesOf(20);
  const expected = plain(pages.map((page) => pageProcessor(settings)(page)));
  for (const workers of [0, 1, 2]) {
    const results = [];
    for await (const { job: given, result } of processPages(
      Readable.from(pages),
      settings,
      workers,
    )) {
      expect(given).toBe(pages[results.length]);
      results.push(await result);
    }
    expect(plain(results)).toEqual(expected);
  }
});

test('a page that is no JSON is refused in its turn, wherever it is read', async () => {
  const pages = [job('[{}]'), job('[{"a":1},{"b":}]'), job('[]')];
  for (const workers of [0, 2]) {
    const outcomes: unknown[] = [];
    for await (const { result } of processPages(Readable.from(pages), settings, workers))
      outcomes.push(
        await result.then(({ records }) => records.length).catch((it: Error) => it.name),
      );
    expect(outcomes).toEqual([1, 'SyntaxError', 0]);
  }
});

test('a reader that stops early ends the threads', async () => {
  for await (const { result } of processPages(Readable.from(await pagesOf(20)), settings, 2)) {
    await result;
    break;
  }
});

test('a table alone has the lines that it has among all', async () => {
  const [page = job('[]')] = await pagesOf(400);
  for (const { name, lines, rows } of pageProcessor(settings)(page).tables) {
    const [alone] = pageProcessor({ ...settings, tables: [name] })(page).tables;
    expect(Buffer.from(alone?.lines ?? []).equals(lines), name).toBe(true);
    expect(rows.reduce((sum, it) => sum + it, 0)).toBe(
      Buffer.from(lines).toString().split('\n').length - 1,
    );
  }
});

test('what becomes of each record is told in its place', () => {
  const ids = { _id: '65f0c0ffee65f0c0ffee65f0', id: 'a/b' };
  const old = { ...ids, lastModified: '2026-01-01T00:00:00.000Z' };
  const changed = { ...ids, lastModified: '2026-11-23T09:30:00.000Z', likes: '7' };
  const body = JSON.stringify([old, 7, changed]);
  const { records, tables } = pageProcessor(settings)(job(body, '2026-11-23T09:00:00.000Z'));

  expect(records).toEqual([
    { outcome: 'passed_over' },
    { outcome: 'rejected', reason: 'not_an_object', detail: '7', record: '7' },
    {
      ...{ outcome: 'taken', from: 'page', ...ids },
      repairs: [{ rule: 'number_from_text', count: 1, path: 'likes' }],
      stated: [],
    },
  ]);
  expect(tables.find(({ name }) => name === 'usage')?.rows).toEqual([0, 0, 1]);
});

test('an integer beyond 2^53 comes out digit for digit', () => {
  const body = '[{"_id":"1","id":"a/b","huge":12345678901234567890}]';
  const [{ lines } = { lines: undefined }] = pageProcessor(settings)(job(body)).tables;
  expect(Buffer.from(lines ?? []).toString()).toContain('12345678901234567890');
});

test('a rejected record that is nested more deeply than calls is kept, cut', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const { records } = pageProcessor(settings)(job(`[${deep}]`));
  expect(records).toMatchObject([{ outcome: 'rejected', record: '['.repeat(10_000) }]);
});

test('what models state of benchmarks that have a leaderboard is told, and no more', () => {
  const result = (id: string) => ({
    filename: 'x.yaml',
    data: { dataset: { id, task_id: 't' }, value: 0.5 },
  });
  const record = { _id: '1', id: 'a/b', evalResults: [result('b/one'), result('b/two')] };
  const { records } = pageProcessor({ ...settings, benchmarks: new Set(['b/two']) })(
    job(JSON.stringify([record])),
  );
  const stated = {
    ...{ id: 'a/b', benchmark: 'b/two', task_ids: ['t'], filename: 'x.yaml' },
    ...{ pull_request: null, value_text: '0.5' },
  };
  expect(records).toMatchObject([{ outcome: 'taken', stated: [stated] }]);
});
