import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HubReplica } from '../../demo/hub/index.ts';
import { cursorOf, REPO_KINDS } from '../../src/api/repos.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import { readRuns } from '../../src/pipeline/state.ts';
import { readCaptures } from '../../src/storage/captures.ts';
import { startCli } from './cli.ts';

/** What a process has done so far. */
export interface Sight {
  storage: string;
  /** That the Hub had from it. */
  requests: number;
  /** Milliseconds since its start. */
  ms: number;
}

export interface KillOptions {
  hub: HubReplica;
  /** Each run that ends well is followed by one in a new folder of it, until all kills are done. */
  folder: string;
  /** Arguments of `run`, without storage and endpoint. */
  args: readonly string[];
  /** When each process is killed; one that ends before is not counted. */
  moments: readonly ((sight: Sight) => boolean)[];
}

export interface KillOutcome {
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
    const { child, done } = startCli(['run', ...args, ...where]);
    const moment = moments[outcome.killed];
    let isOver = false;
    void done.finally(() => (isOver = true)).catch(() => undefined);
    let killed = false;
    while (moment !== undefined && !isOver && !killed) {
      await delay(2);
      const requests = hub.requests.length - before;
      killed =
        moment({ storage, requests, ms: performance.now() - startedAt }) && child.kill('SIGKILL');
    }
    const { code, signal, stdout, stderr } = await done;
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
