import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cursorOf } from '../../src/api/models.ts';
import { readCaptures } from '../../src/storage/captures.ts';
import { readRuns } from '../../src/pipeline/state.ts';
import type { HubReplica } from '../../demo/hub/index.ts';
import { startCli, type CliResult } from './cli.ts';

export interface KillOptions {
  hub: HubReplica;
  /** Each run that ends well is followed by one in a new folder of it, until all kills are done. */
  folder: string;
  /** Arguments of `run`, without storage and endpoint. */
  args: readonly string[];
  kills: number;
  /** Milliseconds after the start of a process, at most, until it is killed. */
  withinMs: number;
  random: () => number;
}

export interface KillOutcome {
  /** How the processes ended that nobody killed, one a run. */
  ended: CliResult[];
  killed: number;
  /** Pages that were asked for although they were committed. */
  askedAgain: string[];
  /** Milliseconds from the start of each process to its first request, where it made one. */
  firstRequestMs: number[];
}

/** Gives the same command again and again, killing it each time; what it leaves goes on. */
export async function killRuns(options: KillOptions): Promise<KillOutcome> {
  const { hub, folder, args, kills, random, withinMs } = options;
  const outcome: KillOutcome = { ended: [], killed: 0, askedAgain: [], firstRequestMs: [] };
  for (;;) {
    const storage = path.join(folder, `run-${outcome.ended.length}`);
    const committed = await committedCursors(storage);
    const before = hub.requests.length;
    const startedAt = Date.now();
    const { child, done } = startCli([
      'run',
      ...args,
      '--storage',
      storage,
      '--endpoint',
      hub.url,
      '--json',
    ]);
    const isLast = outcome.killed >= kills;
    const ended = isLast || (await killAfter(child, done, random() * withinMs));
    const result = await done;
    const requests = hub.requests.slice(before);
    if (requests[0] !== undefined) outcome.firstRequestMs.push(requests[0].at - startedAt);
    const again = requests.filter(
      (it) => it.path.includes('sort=createdAt') && committed.has(cursorOf(it.path) ?? 'first'),
    );
    outcome.askedAgain.push(...again.map((it) => it.path));
    if (ended) outcome.ended.push(result);
    else outcome.killed += 1;
    if (ended && (isLast || result.code !== 0)) return outcome;
  }
}

/** True when the process ended before it was to be killed. */
async function killAfter(
  child: { kill: (signal: NodeJS.Signals) => boolean },
  done: Promise<unknown>,
  ms: number,
): Promise<boolean> {
  const ended = await Promise.race([done.then(() => true), delay(ms).then(() => false)]);
  if (!ended) child.kill('SIGKILL');
  return ended;
}

/**
 * Cursors of the pages of models that an unfinished run has on disk; `first` for the page without one.
 * A run that was killed after its end is finished: the same command then starts a new one.
 */
async function committedCursors(storage: string): Promise<Set<string>> {
  const cursors = new Set<string>();
  for (const { run, stage } of readRuns(storage)) {
    if (stage === 'done') continue;
    for await (const { facts } of readCaptures(storage, `models-${run}`)) {
      cursors.add(cursorOf(facts.url) ?? 'first');
    }
  }
  return cursors;
}
