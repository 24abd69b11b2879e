import type { GradioConfig } from './config.ts';
import type { Replay } from './replay.ts';

/** What a component still waits for. */
export interface Waiting {
  /** Functions that will fill it and have not ended. */
  pending: number[];
  /** Functions that should have filled it and failed. */
  failed: number[];
}

/** Whether all that fills a component by itself (on load, and what follows on that) has ended. */
export function waitingFor(config: GradioConfig, component: number, replay: Replay): Waiting {
  const expected = expectedRuns(config, replay);
  const waiting: Waiting = { pending: [], failed: [] };
  for (const { id, outputs, repeats } of config.dependencies.values()) {
    if (!outputs.includes(component)) continue;
    const runs = replay.runs(id);
    const isRunning = runs.started > runs.completed + runs.failed;
    const isDue = expected.has(id) && runs.completed + runs.failed === 0;
    const hasValue = repeats && runs.generated + runs.completed > 0;
    if ((isRunning || isDue) && !hasValue) waiting.pending.push(id);
    else if (runs.failed > 0 && runs.completed === 0) waiting.failed.push(id);
  }
  return waiting;
}

/** Dependencies that run without anybody doing anything: on load, or after one of those. */
function expectedRuns(config: GradioConfig, replay: Replay): Set<number> {
  const expected = new Set<number>();
  const isExpected = (after: number | null, onlyOnSuccess: boolean): boolean => {
    if (after === null || !expected.has(after)) return false;
    return !onlyOnSuccess || replay.runs(after).failed === 0;
  };
  for (let before = -1; before !== expected.size;) {
    before = expected.size;
    for (const { id, onLoad, after, onlyOnSuccess, onServer } of config.dependencies.values()) {
      if (onServer && (onLoad || isExpected(after, onlyOnSuccess))) expected.add(id);
    }
  }
  return expected;
}
