import { parseRateLimit, waitBeforeNext, type RateLimit } from './rate-limit.ts';

/** What touches the world, so that tests turn time by hand. */
export interface Clock {
  now: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * One gate for all requests to a Hub: closed while the quota is spent or a back-off runs. Waiting at
 * the gate happens before a request starts, so no time-out of a request counts it.
 */
export interface QuotaGate {
  /** Milliseconds until the gate opens; 0 when it is open. */
  waitMs: () => number;
  /** Closes the gate for at least `ms` from now. */
  closeFor: (ms: number) => void;
  /** Learns from the headers of an answer. */
  observe: (headers: Record<string, string>) => void;
  /** Resolves when the gate is open (or the signal is aborted). */
  pass: (signal?: AbortSignal) => Promise<void>;
  /** The quota as last seen. */
  last: () => RateLimit | undefined;
}

export function createQuotaGate(clock: Clock): QuotaGate {
  let notBefore = 0;
  let seen: RateLimit | undefined;
  const waitMs = (): number => Math.max(0, notBefore - clock.now());
  const closeFor = (ms: number): void => {
    notBefore = Math.max(notBefore, clock.now() + ms);
  };
  return {
    waitMs,
    closeFor,
    observe(headers) {
      seen = parseRateLimit(headers) ?? seen;
      const wait = waitBeforeNext(parseRateLimit(headers));
      if (wait > 0) closeFor(wait);
    },
    async pass(signal) {
      while (waitMs() > 0 && signal?.aborted !== true) await clock.sleep(waitMs(), signal);
    },
    last: () => seen,
  };
}
