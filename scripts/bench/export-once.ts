import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exportRun } from '../../src/export/export.ts';
import { openCaptures } from '../../src/storage/captures.ts';
import { AT, captureOf, pagesOf, vocabularyOf } from './export-data.ts';

/** What a process of its own tells of one export. */
export interface ExportOnce {
  seconds: number;
  /** User and system, of all threads. */
  cpuSeconds: number;
  peakMb: number;
}

/** Writes the captures of so many records. */
async function prepare(storageDir: string, records: number, file: string): Promise<void> {
  const models = await openCaptures(storageDir, 'models');
  for (const { body, count } of pagesOf(records, file)) {
    await models.write(captureOf('models', body, count));
  }
  const tags = await openCaptures(storageDir, 'tags');
  await tags.write(captureOf('tags', await vocabularyOf(file), 1));
  await Promise.all([models.close(), tags.close()]);
}

async function exportOnce(storageDir: string, workers: string): Promise<ExportOnce> {
  const out = join(storageDir, 'out');
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await exportRun(
    {
      storageDir,
      run: 'bench',
      startedAt: AT,
      finishedAt: AT,
      version: 'bench',
      endpoint: 'http://bench',
      datasets: { models: 'models', catchup: null, tags: 'tags', missed: null, boards: null },
      catchupSince: null,
      crawl: {},
    },
    { out, compress: 'zstd', ...(workers === 'default' ? {} : { workers: Number(workers) }) },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  await rm(out, { recursive: true });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { seconds, cpuSeconds: (user + system) / 1e6, peakMb };
}

// `prepare STORAGE RECORDS FILE`, or `export STORAGE WORKERS`.
const [work = '', storageDir = '', how = '', file = ''] = process.argv.slice(2);
if (work === 'prepare') await prepare(storageDir, Number(how), file);
else process.stdout.write(`${JSON.stringify(await exportOnce(storageDir, how))}\n`);
process.exit(0);
