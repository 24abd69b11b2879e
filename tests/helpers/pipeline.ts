import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHubClient } from '../../src/api/client.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { runPipeline, type Plan } from '../../src/pipeline/pipeline.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import { openStorage } from '../../src/storage/storage-folder.ts';

/** A folder of its own for a test, and its removal. */
export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hfetl-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface PipelineRun {
  report: RunReport;
  /** Log lines, as JSON texts. */
  log: string[];
}

/** Runs the real pipeline in this process, with back-offs of a few milliseconds. */
export async function runInProcess(
  settings: Record<string, unknown>,
  plan: Plan = { command: 'run', crawlOnly: false },
): Promise<PipelineRun> {
  const env = { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' };
  const config: Config = readConfig({ flags: { retryBase: 0.005, ...settings }, env, folder: '/' });
  const client = openHubClient({
    endpoint: config.endpoint,
    token: config.token,
    userAgent: 'huggingface-etl/test',
    timeoutMs: config.timeout * 1000,
    retry: { baseMs: config.retryBase * 1000, maxMs: 50 },
  });
  const log: string[] = [];
  const write = (text: string): void => void log.push(text);
  const never = new AbortController().signal;
  const storage = await openStorage(config.storage, { command: plan.command });
  try {
    const report = await runPipeline(
      {
        client,
        log: createLog({ level: 'debug', format: 'json', redact: (text) => text, write }),
        version: '0.0.0-test',
        env: process.env,
        now: () => new Date(),
        onProgress: () => undefined,
        signal: never,
        kill: never,
        interrupted: () => undefined,
      },
      config,
      plan,
    );
    return { report, log };
  } finally {
    storage.close();
    await client.close();
  }
}

/** Columns that say when, not what: they differ between two runs over the same Hub. */
const OF_THE_RUN = new Set(['update_time', 'captured_at', 'seen_at', 'at', 'run', 'snapshot_date']);

/** The rows of all tables of an export (written with `--compress none`), less what tells of the run. */
export async function tableRows(folder: string): Promise<Map<string, unknown[]>> {
  const rows = new Map<string, unknown[]>();
  for (const name of (await readdir(folder)).sort()) {
    const table = /^(\w+?)(?:-\d+)?\.jsonl$/.exec(name)?.[1];
    if (table === undefined || table === 'runs') continue;
    const lines = (await readFile(path.join(folder, name), 'utf8')).split('\n').slice(0, -1);
    const parsed = lines.map((line): unknown =>
      JSON.parse(line, (key, value: unknown) => (OF_THE_RUN.has(key) ? undefined : value)),
    );
    rows.set(table, [...(rows.get(table) ?? []), ...parsed]);
  }
  return rows;
}
