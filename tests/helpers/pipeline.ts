import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEndpoint } from '../../src/api/endpoint.ts';
import { createHubClient } from '../../src/api/hub-client.ts';
import { createQuotaGate } from '../../src/api/quota-gate.ts';
import { systemClock } from '../../src/api/system-clock.ts';
import { createTransport } from '../../src/api/transport.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { runPipeline, type Plan } from '../../src/pipeline/pipeline.ts';
import type { RunReport } from '../../src/pipeline/report.ts';

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
  const endpoint = parseEndpoint(config.endpoint);
  const timeoutMs = config.timeout * 1000;
  const userAgent = 'huggingface-etl/test';
  const transport = createTransport({ endpoint, token: config.token, userAgent, timeoutMs });
  const retry = { baseMs: config.retryBase * 1000, maxMs: 50, attempts: 5, random: Math.random };
  const gate = createQuotaGate(systemClock);
  const client = createHubClient({ endpoint, transport, gate, clock: systemClock, retry });
  const log: string[] = [];
  const write = (text: string): void => void log.push(text);
  const never = new AbortController().signal;
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
    await transport.close();
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
