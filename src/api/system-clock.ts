import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './quota-gate.ts';

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    // An aborted wait is over, not failed: the caller asks the signal.
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};
