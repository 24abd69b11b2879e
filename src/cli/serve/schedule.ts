import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';
import { EtlError } from '../../errors.ts';

/** What time it is, and waiting for a time. */
export interface Clock {
  now: () => Date;
  /** Resolves at that time, or once the signal is aborted. */
  until: (at: Date, signal: AbortSignal) => Promise<void>;
}

/** Longest single wait: a clock that was set, or a machine that slept, is seen after it. */
const LOOK_EVERY_MS = 30_000;

export const systemClock: Clock = {
  now: () => new Date(),
  async until(at, signal) {
    for (;;) {
      const leftMs = at.getTime() - Date.now();
      if (leftMs <= 0 || signal.aborted) return;
      await delay(Math.min(leftMs, LOOK_EVERY_MS), undefined, { signal }).catch(() => undefined);
    }
  },
};

/** The time zone that schedules are in; undefined where `TZ` names none, which Node.js takes for UTC. */
export const zoneOfProcess = (): string | undefined =>
  new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The next time of a schedule after a time, in the time zone of the process.
 *
 * @throws {EtlError} CONFIG_INVALID for what is no schedule or time zone, or a schedule whose time never comes
 * @see https://croner.56k.guru/usage/pattern/
 */
export function timesOf(schedule: string): (after: Date) => Date {
  const invalid = (why: string, cause?: unknown): EtlError =>
    new EtlError('CONFIG_INVALID', `--schedule: "${schedule}" ${why}`, { cause });
  if (zoneOfProcess() === undefined)
    throw new EtlError('CONFIG_INVALID', `TZ: "${process.env['TZ']}" is no time zone`);
  let cron: Cron;
  try {
    cron = new Cron(schedule, { paused: true });
  } catch (error) {
    throw invalid('is no schedule of cron', error);
  }
  return (after) => {
    const next = cron.nextRun(after);
    if (next === null) throw invalid('has no time to come');
    return next;
  };
}

export interface Schedule {
  next: (after: Date) => Date;
  clock: Clock;
  signal: AbortSignal;
  /** Begins at once, too: a run is to be gone on with. */
  isDue: boolean;
  run: () => Promise<void>;
  /** Told before each wait. */
  onWait: (until: Date) => void;
  /** The time came while a run was still going. */
  onSkip: () => void;
}

/** Runs by time, one at a time, until the signal; the last run has ended then. */
export async function keepSchedule(schedule: Schedule): Promise<void> {
  const { next, clock, signal } = schedule;
  let current: Promise<void> | undefined;
  const begin = (): void => {
    current = schedule.run().finally(() => (current = undefined));
  };
  if (schedule.isDue) begin();
  while (!signal.aborted) {
    const at = next(clock.now());
    schedule.onWait(at);
    await clock.until(at, signal);
    if (signal.aborted) break;
    if (current === undefined) begin();
    else schedule.onSkip();
  }
  await current;
}
