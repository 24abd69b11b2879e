import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportRun } from '../../../src/export/export.ts';
import { bytesOf, capture, inputOf, tinyModel, writeDataset, writePages } from './captured.ts';
import { expect, test } from '../../helpers/fixtures.ts';

test('a page with another number of records than the crawl counted is refused; the old export stays', async ({
  folder,
}) => {
  const storage = join(folder, 'storage');
  const out = join(folder, 'out');
  await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
  await writePages(storage, 'lies', [
    { records: [tinyModel(1)] },
    { records: [tinyModel(2)], count: 2 },
  ]);
  await exportRun(inputOf(storage, { models: 'models' }), { out, compress: 'none' });
  const before = await bytesOf(out);
  for (const workers of [0, 2]) {
    const refused = exportRun(inputOf(storage, { models: 'lies' }), {
      out,
      compress: 'none',
      workers,
    });
    await expect(refused).rejects.toMatchObject({ code: 'EXPORT_COUNT', context: { n: 1 } });
  }
  expect(await bytesOf(out)).toEqual(before);
  expect(await readdir(folder)).toEqual(['out', 'storage']);
});

test('a page that is no JSON is named and refused; the old export and the captures stay', async ({
  folder,
}) => {
  const storage = join(folder, 'storage');
  const out = join(folder, 'out');
  await writePages(storage, 'good', [{ records: [tinyModel(1)] }]);
  await exportRun(inputOf(storage, { models: 'good' }), { out, compress: 'none' });
  const before = await bytesOf(out);
  const half = '[{"_id":"1","id":"a/b"';
  await writeDataset(storage, 'models', [
    capture('models', `[${tinyModel(1)}]`),
    capture('models', half),
  ]);
  await writeDataset(storage, 'tags', [capture('tags', half)]);
  const stored = await bytesOf(join(storage, 'datasets', 'models'));
  for (const options of [{ workers: 0 }, { workers: 2 }, {}]) {
    const refused = exportRun(inputOf(storage, { models: 'models' }), {
      ...options,
      out,
      compress: 'none',
    });
    await expect(refused).rejects.toMatchObject({
      code: 'CAPTURE_NOT_JSON',
      exitCode: 3,
      context: { dataset: 'models', n: 1, url: 'http://127.0.0.1/models' },
    });
  }
  await writeDataset(storage, 'boards', [capture('boards/open-llm', half)]);
  await writeDataset(storage, 'benchmarks', [capture('benchmarks/a/b', half)]);
  for (const dataset of ['tags', 'boards', 'benchmarks']) {
    const refused = exportRun(inputOf(storage, { [dataset]: dataset }), {
      out,
      compress: 'none',
    });
    const context = { dataset, n: 0 };
    await expect(refused).rejects.toMatchObject({ code: 'CAPTURE_NOT_JSON', context });
  }
  expect(await bytesOf(out)).toEqual(before);
  expect(await bytesOf(join(storage, 'datasets', 'models'))).toEqual(stored);
});

test('a capture that the disk changed is STORAGE_CORRUPT', async ({ folder }) => {
  await writePages(folder, 'models', [{ records: [tinyModel(1)] }, { records: [tinyModel(2)] }]);
  const segment = join(folder, 'datasets', 'models', '000001.sqlite');
  const bytes = await readFile(segment);
  bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
  await truncate(segment, 0);
  await writeFile(segment, bytes);
  const refused = exportRun(inputOf(folder, { models: 'models' }), {
    out: join(folder, 'out'),
    compress: 'none',
  });
  await expect(refused).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
});

test('a signal ends it, and nothing is left', async ({ folder }) => {
  const storage = join(folder, 'storage');
  await writePages(
    storage,
    'models',
    [1, 2, 3].map((n) => ({ records: [tinyModel(n)] })),
  );
  const stop = new AbortController();
  const options = { out: join(folder, 'out'), compress: 'none', signal: stop.signal } as const;
  const stopped = exportRun(inputOf(storage, { models: 'models' }), {
    ...options,
    onProgress: () => stop.abort(new Error('enough')),
  });
  await expect(stopped).rejects.toThrow('enough');
  expect(await readdir(folder)).toEqual(['storage']);
});

test('progress counts the records of all kinds together', async ({ folder }) => {
  const storage = join(folder, 'storage');
  await writePages(storage, 'models', [
    { records: [tinyModel(1), tinyModel(2)] },
    { records: [tinyModel(3)] },
  ]);
  await writePages(storage, 'datasets', [{ records: [tinyModel(4)] }]);
  const told: number[] = [];
  await exportRun(inputOf(storage, { models: 'models', datasets: 'datasets' }), {
    ...{ out: join(folder, 'out'), compress: 'none' },
    onProgress: (records) => void told.push(records),
  });
  expect(told).toEqual([2, 3, 4]);
});
