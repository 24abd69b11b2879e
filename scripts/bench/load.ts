import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { buildDuckdb } from '../../src/export/duckdb.ts';
import { readJsonSql, withDuckdb } from '../../src/export/duckdb/session.ts';
import { exportRun } from '../../src/export/export.ts';
import { readManifest } from '../../src/export/manifest.ts';
import { openCaptures } from '../../src/storage/captures.ts';
import { rawModel } from '../../src/tables/raw-model.ts';
import { median, row } from './report.ts';

const SELF = fileURLToPath(import.meta.url);
const SHIPPED = fileURLToPath(new URL('../../demo/data/models.jsonl.gz', import.meta.url));
const PER_PAGE = 1000;
const AT = '2026-11-23T00:00:00.000Z';

export interface LoadBenchOptions {
  /** Models, one a line; `.gz` too. @default the replica's */
  models?: string | undefined;
  /** They are repeated under ids of their own up to this number. @default 100,000 */
  records?: number;
  /** Pairs of the bare load and ours. @default 3 */
  runs?: number;
}

interface Measured {
  seconds: number;
  peakMb: number;
  /** Largest size of the folder that is written to. */
  diskMb: number;
}

/** Our whole load of `raw_model` (checks, key, sync, rename) against DuckDB's own reading of its files. */
export async function benchLoad(options: LoadBenchOptions = {}): Promise<void> {
  const { models = SHIPPED, records = 100_000, runs = 3 } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'hfetl-bench-'));
  child('make', folder, models, String(records));
  const bare: Measured[] = [];
  const ours: Measured[] = [];
  for (let run = 0; run < runs; run += 1) {
    bare.push(child('bare', folder));
    ours.push(child('ours', folder));
  }
  const seconds = (measured: Measured[]) => median(measured.map((it) => it.seconds));
  const { tables } = await readManifest(path.join(folder, 'out'));
  const jsonlMb = (tables['raw_model']?.bytes ?? 0) / 1e6;
  await rm(folder, { recursive: true });
  row(
    `load of ${records.toLocaleString('en')} raw_model records (${Math.round(jsonlMb)} MB)`,
    `${(seconds(ours) / seconds(bare)).toFixed(2)} × read_json (${seconds(ours).toFixed(1)} s, ${seconds(bare).toFixed(1)} s)`,
    'budget 1.5 ×',
  );
  const peak = Math.max(...ours.map((it) => it.peakMb));
  const bareMb = Math.max(...bare.map((it) => it.peakMb)).toFixed(0);
  row('  peak memory', `${peak.toFixed(0)} MB (bare ${bareMb} MB)`, 'budget 1,300 MB');
  const disk = Math.max(...ours.map((it) => it.diskMb));
  row('  peak disk', `${disk.toFixed(0)} MB, ${(disk / jsonlMb).toFixed(2)} of the JSONL`);
}

function child(...args: string[]): Measured {
  const { status, stdout } = spawnSync(process.execPath, [SELF, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${args[0] ?? ''} ended with ${String(status)}`);
  return JSON.parse(stdout.toString() || '{}') as Measured;
}

/** A finished export of so many records, with one table. */
async function make(folder: string, models: string, records: number): Promise<void> {
  const bytes = readFileSync(models);
  const text = (models.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const idless = text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { _id, id, ...rest } = JSON.parse(line) as Record<string, unknown>;
      return [_id, id].includes(undefined) ? '' : JSON.stringify(rest).slice(1);
    })
    .filter((rest) => rest !== '');
  const storageDir = path.join(folder, 'storage');
  const out = await openCaptures(storageDir, 'models');
  for (let from = 0; from < records; from += PER_PAGE) {
    const count = Math.min(PER_PAGE, records - from);
    const page = Array.from({ length: count }, (_, at) => {
      const n = from + at;
      const id = n.toString(16).padStart(24, '0');
      return `{"_id":"${id}","id":"bench/model-${n}",${idless[n % idless.length] ?? ''}`;
    });
    const facts = { source: 'models', url: 'http://bench/', status: 200, headers: {} };
    const body = Buffer.from(`[${page.join(',')}]`);
    await out.write({ ...facts, fetchedAt: AT, next: null, count, body });
  }
  await out.close();
  const run = { run: 'bench', startedAt: AT, finishedAt: AT, version: 'bench' };
  const none = { catchup: null, tags: null, missed: null, boards: null };
  const datasets = { models: 'models', ...none };
  await exportRun(
    { storageDir, ...run, endpoint: 'http://bench', datasets, catchupSince: null, crawl: {} },
    { out: path.join(folder, 'out'), compress: 'zstd', tables: ['raw_model'] },
  );
  await rm(storageDir, { recursive: true });
}

/** What DuckDB alone does: the same files, columns and settings into a table, and a checkpoint. */
async function loadBare(out: string, file: string): Promise<void> {
  const entry = (await readManifest(out)).tables['raw_model'];
  if (entry === undefined) throw new Error('no raw_model');
  await withDuckdb(file, { spillFolder: `${file}.spill` }, async (connection) => {
    await connection.run(
      `CREATE TABLE raw_model AS SELECT * FROM ${readJsonSql(rawModel, entry, out)}`,
    );
    await connection.run('CHECKPOINT');
  });
}

async function measure(folder: string, work: (out: string, file: string) => Promise<unknown>) {
  const target = await mkdtemp(path.join(folder, 'warehouse-'));
  let diskBytes = 0;
  const timer = setInterval(() => (diskBytes = Math.max(diskBytes, bytesIn(target))), 100);
  const startedAt = performance.now();
  await work(path.join(folder, 'out'), path.join(target, 'hub.duckdb'));
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(timer);
  await rm(target, { recursive: true });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ seconds, peakMb, diskMb: diskBytes / 1e6 }));
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(path.join(folder, name), { throwIfNoEntry: false }))
    .reduce((sum, it) => sum + (it?.isFile() === true ? it.size : 0), 0);

if (import.meta.main) {
  const [command, folder = '', models = '', records = ''] = process.argv.slice(2);
  if (command === 'make') await make(folder, models, Number(records));
  else if (command === 'bare') await measure(folder, loadBare);
  else {
    await measure(folder, async (exportDir, file) =>
      buildDuckdb({ manifest: await readManifest(exportDir), exportDir, path: file }),
    );
  }
}
