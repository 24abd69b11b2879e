import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REPLICA } from './export-data.ts';
import type { ExportOnce } from './export-once.ts';
import { median, row } from './report.ts';

export interface ExportBench {
  /** JSONL of models, gzipped. @default the replica's */
  file?: string;
  /** Records of the whole exports. */
  sizes?: readonly number[];
}

/** Of each export: others are at work too. */
const RUNS = 3;
const WORKERS = ['0', '2'];

const SCRIPT = fileURLToPath(new URL('export-once.ts', import.meta.url));

function run(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SCRIPT, ...args]);
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}

function medianOf(storageDir: string, workers: string): ExportOnce {
  // Our own script wrote it.
  const once = (): ExportOnce => JSON.parse(run('export', storageDir, workers)) as ExportOnce;
  const all = Array.from({ length: RUNS }, once);
  return {
    seconds: median(all.map((it) => it.seconds)),
    cpuSeconds: median(all.map((it) => it.cpuSeconds)),
    peakMb: median(all.map((it) => it.peakMb)),
  };
}

/** Exports so many records, each time in a process of its own; the middle of each figure. */
function exportOf(records: number, file: string): Record<string, ExportOnce> {
  const storageDir = mkdtempSync(join(tmpdir(), 'hfetl-bench-'));
  try {
    run('prepare', storageDir, String(records), file);
    return Object.fromEntries(WORKERS.map((workers) => [workers, medianOf(storageDir, workers)]));
  } finally {
    rmSync(storageDir, { recursive: true });
  }
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** Records a second and peak memory of whole exports, by size, without threads and with two. */
export function benchExport({
  file = REPLICA,
  sizes = [25_000, 100_000, 250_000, 1_000_000],
}: ExportBench = {}): void {
  for (const records of sizes) {
    for (const [workers, { seconds, cpuSeconds, peakMb }] of Object.entries(
      exportOf(records, file),
    )) {
      row(
        `export of ${whole(records)} records, ${workers} threads`,
        `${whole(records / seconds)} records/s, ${cpuSeconds.toFixed(1)} s of CPU, ${whole(peakMb)} MB peak`,
        'with DuckDB 420 s for 3.2 M on two cores; 700 MB, the same within 10 %',
      );
    }
  }
}
