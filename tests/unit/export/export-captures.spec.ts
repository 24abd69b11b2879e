import { expect, test } from '@playwright/test';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../../src/config.ts';
import { exportStage, type ExportDependencies } from '../../../src/pipeline/export.ts';
import { newRun } from '../../../src/pipeline/state.ts';
import { describeDataset } from '../../../src/storage/dataset-facts.ts';
import { tinyModel, withTemporaryFolder, writePages } from './captured.ts';

const params = {
  ...{ command: 'run', endpoint: 'http://127.0.0.1', sources: ['models'], board: null },
  ...{ boardUrl: [], limit: null, filter: null, author: null },
  ...{
    url: null,
    id: null,
    renderer: null,
    table: null,
    ignoreRobots: false,
    overviews: 0,
    details: null,
  },
};

test('an export takes the captures that the crawl left, and no others', async () => {
  await withTemporaryFolder(async (storage) => {
    const now = new Date('2026-11-28T00:00:00.000Z');
    const state = newRun(storage, { params, version: '0.1.0', now });
    const name = `models-${state.run}`;
    await writePages(storage, name, [{ records: [tinyModel(1), tinyModel(2)] }]);
    state.crawlFinishedAt = now.toISOString();
    state.sources.models = {
      status: 'done',
      requests: 1,
      pages: 1,
      listed: 2,
      resumedFrom: null,
      seconds: 0,
    };
    state.datasets[name] = await describeDataset(storage, name);
    const out = join(storage, 'out');
    // The stage reads these of it.
    const config = { storage, out, compress: 'none', to: [], workers: 0 } as unknown as Config;
    const dependencies = { signal: new AbortController().signal, onProgress: () => undefined };
    const run = () => exportStage(dependencies as unknown as ExportDependencies, config, state);

    const file = join(storage, 'datasets', name, '000001.sqlite');
    const whole = await readFile(file);
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1);
    for (const damage of [
      () => writeFile(file, flipped),
      () => writeFile(file, whole.subarray(0, whole.length - 30)),
      () => rm(file),
      () => rm(dirname(file), { recursive: true }),
    ]) {
      await damage();
      await expect(run()).rejects.toMatchObject({ code: 'STORAGE_CORRUPT', context: { file } });
      expect(existsSync(out)).toBe(false);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, whole);
    }

    await writePages(storage, `catchup-${state.run}`, [{ records: [tinyModel(3)] }]);
    await expect(run()).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
    await rm(join(storage, 'datasets', `catchup-${state.run}`), { recursive: true });

    state.sources.models.listed = 3;
    await expect(run()).rejects.toMatchObject({ code: 'EXPORT_COUNT' });
    state.sources.models.listed = 2;
    expect((await run()).manifest.tables['raw_model']?.rows).toBe(2);
  });
});
