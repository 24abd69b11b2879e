import { spawnSync } from 'node:child_process';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { modelTables } from '../../src/clean/model-tables.ts';
import { exportRun } from '../../src/export/export.ts';
import { createProcessPage } from '../../src/export/page.ts';
import { openDataset } from '../../src/storage/dataset-writer.ts';
import { row } from './report.ts';

const PER_PAGE = 1000;
/** The replica's records were chosen for odd shapes; the Hub's have 1.2 KB in the middle. */
const MAX_RECORD_CHARS = 12_000;
const AT = '2026-11-23T00:00:00.000Z';

/** Pages of real records, repeated under ids of their own. */
function* pagesOf(records: number): Generator<string> {
  const file = new URL('../../tests/replica/data/models.jsonl.gz', import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const usual = lines.filter((line) => line.length <= MAX_RECORD_CHARS);
  const idless = usual.map((line) => line.replace(/^\{"_id":"[0-9a-f]{24}",/, '{'));
  for (let from = 0; from < records; from += PER_PAGE) {
    const page = Array.from({ length: Math.min(PER_PAGE, records - from) }, (_, i) => {
      const id = (from + i).toString(16).padStart(24, '0');
      return `{"_id":"${id}",${(idless[(from + i) % idless.length] ?? '').slice(1)}`;
    });
    yield `[${page.join(',')}]`;
  }
}

/** CPU milliseconds of the best of some rounds. */
function cpuMs(work: () => void, rounds = 5): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

function benchSpeed(): void {
  const pages = [...pagesOf(20_000)];
  const tables = modelTables.map(({ table }) => table.name);
  const work = createProcessPage({ run: 'bench', vocabulary: new Map(), tables });
  const parse = cpuMs(() => pages.forEach((page) => void JSON.parse(page)));
  const whole = cpuMs(() => {
    for (const body of pages) {
      const { tables: made } = work({ body, observedAt: AT, since: null });
      for (const { lines } of made) zstdCompressSync(lines);
    }
  });
  const bytes = pages.reduce((sum, page) => sum + page.length, 0);
  row(
    `export, one core, ${(bytes / 20_000 / 1000).toFixed(1)} KB a record`,
    `${(whole / parse).toFixed(1)} × JSON.parse, ${Math.round(20_000 / (whole / 1000))} records/s`,
    'budget 5 ×',
  );
}

/** Exports so many records in a process of its own and prints its peak memory. */
async function exportOnce(records: number): Promise<void> {
  const storageDir = await mkdtemp(path.join(tmpdir(), 'hfetl-bench-'));
  const dataset = await openDataset(storageDir, 'models-bench');
  for (const body of pagesOf(records)) {
    const count = Math.min(PER_PAGE, records);
    const capture = {
      source: 'models',
      url: 'http://bench/',
      status: 200,
      headers: {},
      fetchedAt: AT,
      next: null,
      count,
      body,
    };
    await dataset.append([JSON.stringify(capture)]);
  }
  const startedAt = performance.now();
  await exportRun(
    {
      ...{
        storageDir,
        run: 'bench',
        startedAt: AT,
        finishedAt: AT,
        version: 'bench',
        endpoint: 'http://bench',
      },
      datasets: { models: 'models-bench', catchup: null, tags: null, missed: null, boards: null },
      catchupSince: null,
      crawl: {},
    },
    { out: path.join(storageDir, 'out'), compress: 'zstd' },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await rm(storageDir, { recursive: true });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ seconds, peakMb })}\n`);
}

/** Speed against `JSON.parse`, and peak memory at growing numbers of records. */
export function benchExport(sizes: readonly number[] = [25_000, 250_000]): void {
  benchSpeed();
  for (const records of sizes) {
    const { stdout } = spawnSync(process.execPath, [
      new URL(import.meta.url).pathname,
      String(records),
    ]);
    const { seconds, peakMb } = JSON.parse(stdout.toString()) as {
      seconds: number;
      peakMb: number;
    };
    const rate = Math.round(records / seconds).toLocaleString('en');
    row(
      `export of ${records.toLocaleString('en')} records`,
      `${peakMb.toFixed(0)} MB peak, ${rate} records/s`,
      'budget 700 MB',
    );
  }
}

if (import.meta.main) await exportOnce(Number(process.argv[2]));
