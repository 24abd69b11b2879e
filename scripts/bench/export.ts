import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { buildVocabulary } from '../../demo/hub/vocabulary.ts';
import { createStore, readEntries } from '../../demo/hub/store.ts';
import { buildDuckdb } from '../../src/export/duckdb.ts';
import { exportRun } from '../../src/export/export.ts';
import { readManifest } from '../../src/export/manifest.ts';
import { openCaptures } from '../../src/storage/captures.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { median, row } from './report.ts';

const SELF = fileURLToPath(import.meta.url);
const SHIPPED = fileURLToPath(new URL('../../demo/data/models.jsonl.gz', import.meta.url));
const AT = '2026-11-23T00:00:00.000Z';
const PER_PAGE = 1000;
/** The shipped records were chosen for odd shapes; the Hub's have 1.2 KB in the middle. */
const MAX_RECORD_CHARS = 12_000;

interface Measured {
  seconds: number;
  peakMb: number;
}

/**
 * Seconds and peak memory of an export and of the DuckDB file made of it, each in its own process.
 *
 * @param models a file, one a line. @default the shipped ones
 * @param numbers how many records, repeated under ids of their own (@default 25,000, then 100,000), and runs
 */
export async function benchExport(
  models = SHIPPED,
  { records, runs = 3 }: { records?: number; runs?: number } = {},
) {
  for (const count of records === undefined ? [25_000, 100_000] : [records]) {
    const { folder, remove } = await temporaryFolder();
    step('prepare', folder, String(count), models);
    const times = { export: [] as Measured[], load: [] as Measured[] };
    for (let run = 0; run < runs; run += 1) {
      times.export.push(step('export', folder, String(run)));
      times.load.push(step('load', folder, String(run)));
    }
    await remove();
    for (const [name, measured] of Object.entries(times)) {
      const seconds = median(measured.map((it) => it.seconds));
      const peakMb = Math.max(...measured.map((it) => it.peakMb));
      row(
        `${name} of ${count.toLocaleString('en')} records`,
        `${seconds.toFixed(1)} s, ${Math.round(count / seconds).toLocaleString('en')} a second, ${Math.round(peakMb)} MB`,
        `both 420 s of 3.2 M; ${name === 'export' ? '700 MB' : '1,300 MB'}`,
      );
    }
  }
}

function step(...args: string[]): Measured {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SELF, ...args]);
  if (status !== 0) throw new Error(stderr.toString());
  // Our own process wrote it.
  return JSON.parse(stdout.toString() || '{}') as Measured;
}

/** Writes the captures of so many records. */
async function prepare(storageDir: string, records: number, file: string): Promise<void> {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const usual = lines.filter((it) => file !== SHIPPED || it.length <= MAX_RECORD_CHARS);
  const idless = usual.map((line) => line.replace(/^\{"_id":"[0-9a-f]{24}",/, ''));
  const facts = { url: 'http://bench/', status: 200, headers: {}, fetchedAt: AT, next: null };
  const models = await openCaptures(storageDir, 'models');
  for (let from = 0; from < records; from += PER_PAGE) {
    const count = Math.min(PER_PAGE, records - from);
    const page = Array.from({ length: count }, (_, at) => {
      const id = (from + at + 0x10000000).toString(16).padEnd(24, '0');
      return `{"_id":"${id}",${idless[(from + at) % idless.length] ?? ''}`;
    });
    await models.write({
      ...facts,
      source: 'models',
      count,
      body: Buffer.from(`[${page.join()}]`),
    });
  }
  await models.close();
  const tags = await openCaptures(storageDir, 'tags');
  const body = Buffer.from(JSON.stringify(buildVocabulary(createStore(await readEntries(file)))));
  await tags.write({ ...facts, source: 'tags', count: 1, body });
  await tags.close();
}

const WHOLE = { limit: null, filter: null, author: null };

const exportOnce = (storageDir: string, out: string): Promise<unknown> =>
  exportRun(
    {
      ...{ storageDir, run: 'bench', startedAt: AT, finishedAt: AT, version: 'bench' },
      ...{ endpoint: 'http://bench', catchupSince: {}, crawl: {} },
      asked: { sources: ['models', 'tags'], boards: [], ...WHOLE },
      outcome: { status: 'done', exitCode: 0, failures: [] },
      datasets: { models: 'models', catchup: null, tags: 'tags', missed: null, boards: null },
    },
    { out, compress: 'zstd' },
  );

const loadOnce = async (exportDir: string): Promise<unknown> =>
  buildDuckdb({
    manifest: await readManifest(exportDir),
    exportDir,
    path: path.join(exportDir, '..', 'warehouse', 'hub.duckdb'),
  });

if (import.meta.main) {
  const [work = '', folder = '', how = '', file = ''] = process.argv.slice(2);
  const out = path.join(folder, `out-${how}`);
  if (work === 'prepare') await prepare(folder, Number(how), file);
  else {
    const startedAt = performance.now();
    await (work === 'export' ? exportOnce(folder, out) : loadOnce(out));
    const seconds = (performance.now() - startedAt) / 1000;
    const peakMb = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(JSON.stringify({ seconds, peakMb }));
  }
  process.exit(0);
}
