import { expect } from '@playwright/test';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HubReplica } from '../../demo/hub/index.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import { runCli, type CliOptions } from './cli.ts';

/** Values of settings, by their names. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

export interface PipelineRun {
  report: RunReport;
  /** Log lines, as JSON texts. */
  log: string[];
}

export interface InProcess {
  /** @default run */
  command?: string;
  env?: Record<string, string>;
}

/** Settings as flags of the command line. */
export const flagsOf = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`)}`;
    if (value === false) return [];
    return value === true ? [flag] : [flag, String(value)];
  });

/** `run`, or another command, by the names of the settings, with back-offs of a few milliseconds. */
export async function runInProcess(
  settings: Settings,
  { command = 'run', env = {} }: InProcess = {},
): Promise<PipelineRun> {
  const flags = flagsOf({ retryBase: 0.005, ...settings });
  const logged = ['--json', '--log-level', 'debug', '--log-format', 'json'];
  const { stdout, stderr } = await runCli([command, ...flags, ...logged], { env });
  // One object, as `--json` promises.
  const report = JSON.parse(stdout) as RunReport;
  return { report, log: stderr.split('\n').filter((line) => line.startsWith('{')) };
}

/** Starts a command, and stops it by a signal when the Hub has committed one more of its faults. */
export async function stopAtFault<Result>(
  { counters }: Pick<HubReplica, 'counters'>,
  start: (signals: Pick<CliOptions, 'signal' | 'kill'>) => Promise<Result>,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Result> {
  const [before, stop] = [counters.faults, new AbortController()];
  const stopped = start({ signal: stop.signal, kill: stop.signal });
  await expect.poll(() => counters.faults).toBe(before + 1);
  stop.abort(signal);
  return stopped;
}

/** Columns that say when, not what: they differ between two runs over the same Hub. */
const OF_THE_RUN = new Set([
  ...['update_time', 'captured_at', 'seen_at', 'seen_after', 'at', 'snapshot_date'],
  ...['run', 'run_before'],
]);

const ABOUT_THE_RUN = new Set(['runs', 'completeness']);

/** The rows of all tables of an export (written with `--compress none`), less what tells of the run. */
export async function tableRows(folder: string): Promise<Map<string, unknown[]>> {
  const rows = new Map<string, unknown[]>();
  for (const name of (await readdir(folder)).sort()) {
    const table = /^(\w+?)(?:-\d+)?\.jsonl$/.exec(name)?.[1];
    if (table === undefined || ABOUT_THE_RUN.has(table)) continue;
    // Owners are asked on days of their own.
    const ofRun = table === 'authors' ? OF_THE_RUN : new Set([...OF_THE_RUN, 'observed_at']);
    const lines = (await readFile(path.join(folder, name), 'utf8')).split('\n').slice(0, -1);
    const parsed = lines.map((line): unknown =>
      JSON.parse(line, (key, value: unknown) => (ofRun.has(key) ? undefined : value)),
    );
    rows.set(table, [...(rows.get(table) ?? []), ...parsed]);
  }
  return rows;
}

export type Row = Record<string, unknown>;

/** The rows of one of them. */
export const rowsIn = async ({ report }: PipelineRun, table: string): Promise<Row[]> =>
  ((await tableRows(report.folder ?? '')).get(table) ?? []) as Row[];
