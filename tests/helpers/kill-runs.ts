import { expect } from '@playwright/test';
import { globSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HubReplica } from '../../demo/hub/index.ts';
import { cursorOf, REPO_KINDS } from '../../src/api/repos.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import { readRuns } from '../../src/pipeline/state.ts';
import { readCaptures } from '../../src/storage/captures.ts';
import { startCli, type StartedCli } from './cli.ts';

/** What a process has done so far. */
export interface Sight {
  storage: string;
  /** That the Hub had from it. */
  requests: number;
  /** Milliseconds since its start. */
  ms: number;
}

/** When a process is killed; one that ends before is not. */
export type Moment = (sight: Sight) => boolean;

export const atRequest =
  (number: number): Moment =>
  ({ requests }) =>
    requests >= number;
export const onceThereIs =
  (pattern: string): Moment =>
  ({ storage }) =>
    globSync(pattern, { cwd: storage }).length > 0;

interface KillOptions {
  hub: HubReplica;
  /** Each run that ends well is followed by one in a new folder of it, until all kills are done. */
  folder: string;
  /** Arguments of `run`, without storage and endpoint. */
  args: readonly string[];
  /** When each process is killed. */
  moments: readonly Moment[];
}

interface KillOutcome {
  /** How the processes ended that nobody killed, one a run. */
  ended: { code: number | null; stderr: string; report: RunReport }[];
  killed: number;
  /** Pages that were asked for although they were committed. */
  askedAgain: string[];
}

/** Gives the same command again and again, killing it each time; what it leaves goes on. */
export async function killRuns({ hub, folder, args, moments }: KillOptions): Promise<KillOutcome> {
  const outcome: KillOutcome = { ended: [], killed: 0, askedAgain: [] };
  for (;;) {
    const storage = path.join(folder, `run-${outcome.ended.length}`);
    const committed = await committedPages(storage);
    const before = hub.requests.length;
    const startedAt = performance.now();
    const where = ['--storage', storage, '--endpoint', hub.url, '--json'];
    const started = startCli(['run', ...args, ...where]);
    const moment = moments[outcome.killed];
    const { code, signal, stdout, stderr } = await killedWhen(started, () => {
      const requests = hub.requests.length - before;
      return moment?.({ storage, requests, ms: performance.now() - startedAt }) === true;
    });
    const again = hub.requests
      .slice(before)
      .filter(({ path: it }) => it.includes('sort=createdAt&direction=1'))
      .filter(({ path: it }) => committed.has(pageOf(it)));
    outcome.askedAgain.push(...again.map(({ path: it }) => it));
    if (signal === 'SIGKILL') {
      outcome.killed += 1;
      continue;
    }
    // One object, as --json promises.
    outcome.ended.push({ code, stderr, report: JSON.parse(stdout) as RunReport });
    const isVain = outcome.ended.length > 3 * moments.length; // its moment does not come
    if (code !== 0 || outcome.killed === moments.length || isVain) return outcome;
  }
}

/**
 * The pages of lists that an unfinished run has on disk. A run that was killed after its end is
 * finished: the same command then starts a new one.
 */
async function committedPages(storage: string): Promise<Set<string>> {
  const pages = new Set<string>();
  for (const { run, stage } of readRuns(storage)) {
    if (stage === 'done') continue;
    for (const kind of REPO_KINDS) {
      for await (const { facts } of readCaptures(storage, `${kind}-${run}`)) {
        pages.add(pageOf(facts.url));
      }
    }
  }
  return pages;
}

/** Which list, and where in it. */
const pageOf = (url: string): string =>
  `${new URL(url, 'http://hub').pathname} ${cursorOf(url) ?? 'first'}`;

/** How a process ends that is killed once it is time. */
export async function killedWhen(
  { child, done }: StartedCli,
  isTime: () => boolean,
): StartedCli['done'] {
  let isOver = false;
  void done.finally(() => (isOver = true)).catch(() => undefined);
  while (!isOver) {
    if (isTime()) child.kill('SIGKILL');
    await delay(2);
  }
  return done;
}

/** Starts `run`, and kills it when the Hub had so many requests of it. */
export async function killAtRequests(
  hub: HubReplica,
  flags: readonly string[],
  requests: number,
): Promise<void> {
  const from = hub.requests.length;
  const isTime = (): boolean => hub.requests.length - from >= requests;
  const { signal } = await killedWhen(startCli(['run', ...flags]), isTime);
  expect(signal).toBe('SIGKILL');
}
