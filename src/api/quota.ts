import { setTimeout as delay } from 'node:timers/promises';

/** What the `RateLimit` and `RateLimit-Policy` headers of an answer say. */
export interface RateLimit {
  /** Requests left in the window. */
  remaining: number;
  /** Seconds until the window is new. */
  resetSecs: number;
  /** Requests a window; undefined when the policy header is absent. */
  quota: number | undefined;
  /** Seconds of a window; undefined as above. */
  windowSecs: number | undefined;
}

/** Longest wait that a header can ask for; the Hub's window is 300 s. */
const MAX_RESET_SECS = 3600;

/**
 * Reads the quota headers (`"api";r=499;t=295` and `"fixed window";"api";q=500;w=300`), or undefined
 * when there are none or they do not parse: then nothing is known, which is not the same as zero.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/09/
 */
export function parseRateLimit(headers: Record<string, string>): RateLimit | undefined {
  const value = headers['ratelimit'];
  if (value === undefined) return undefined;
  const remaining = parameter(value, 'r');
  const resetSecs = parameter(value, 't');
  if (remaining === undefined || resetSecs === undefined) return undefined;
  const policy = headers['ratelimit-policy'] ?? '';
  const [quota, windowSecs] = [parameter(policy, 'q'), parameter(policy, 'w')];
  return { remaining, resetSecs: Math.min(resetSecs, MAX_RESET_SECS), quota, windowSecs };
}

function parameter(value: string, name: string): number | undefined {
  const digits = new RegExp(`;\\s*${name}=(\\d{1,9})(?:\\s*(?:;|,|$))`).exec(value)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** How many requests to leave unspent: another client may share our address. */
const RESERVE = 1;

/**
 * Milliseconds to wait before the next request so that the quota is never overdrawn; 0 while some is
 * left. One second is added because the header counts whole seconds.
 */
export function waitBeforeNext(limit: RateLimit | undefined): number {
  if (limit === undefined || limit.remaining > RESERVE) return 0;
  return (limit.resetSecs + 1) * 1000;
}

/**
 * Milliseconds to wait after a 429: the window's rest when the answer says that it is spent (r=0), a
 * `Retry-After` in whole seconds, else undefined: another quota was hit, back off instead.
 */
export function waitAfter429(headers: Record<string, string>): number | undefined {
  const limit = parseRateLimit(headers);
  if (limit?.remaining === 0) return waitBeforeNext(limit);
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter)) {
    return Math.min(Number(retryAfter), MAX_RESET_SECS) * 1000;
  }
  return undefined;
}

/** What touches the world, so that tests turn time by hand. */
export interface Clock {
  now: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    // An aborted wait is over, not failed: the caller asks the signal.
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};

/**
 * One gate for all requests to a Hub: closed while the quota is spent or a back-off runs. Waiting at
 * the gate happens before a request starts, so no time-out of a request counts it.
 */
export interface QuotaGate {
  /** Closes the gate for at least `ms` from now. */
  closeFor: (ms: number) => void;
  /** Learns from the headers of an answer. */
  observe: (headers: Record<string, string>) => void;
  /** Resolves when the gate is open (or the signal is aborted). */
  pass: (signal?: AbortSignal) => Promise<void>;
  /**
   * Resolves when a request may start: the gate is open, and what is left of the quota is enough for it
   * and for those under way (or the signal is aborted). Call what it gives when the request has ended.
   */
  enter: (signal?: AbortSignal) => Promise<() => void>;
  /** The quota as last seen. */
  last: () => RateLimit | undefined;
}

export function createQuotaGate(clock: Clock): QuotaGate {
  let notBefore = 0;
  let seen: (RateLimit & { endsAt: number }) | undefined;
  let underWay = 0;
  let ended = Promise.withResolvers<void>();
  const waitMs = (): number => Math.max(0, notBefore - clock.now());
  const closeFor = (ms: number): void => {
    notBefore = Math.max(notBefore, clock.now() + ms);
  };
  const pass = async (signal?: AbortSignal): Promise<void> => {
    while (waitMs() > 0 && signal?.aborted !== true) await clock.sleep(waitMs(), signal);
  };
  // After a window has ended, one request has to tell of the next.
  const hasRoom = (): boolean =>
    underWay === 0 || seen === undefined || seen.remaining - underWay > RESERVE;
  return {
    closeFor,
    pass,
    observe(headers) {
      const limit = parseRateLimit(headers);
      if (limit === undefined) return;
      const endsAt = clock.now() + limit.resetSecs * 1000;
      // Answers of one window may come in another order than they were counted in.
      const before = seen !== undefined && endsAt <= seen.endsAt + 1000 ? seen.remaining : Infinity;
      seen = { ...limit, remaining: Math.min(limit.remaining, before), endsAt };
      const wait = waitBeforeNext(seen);
      if (wait > 0) closeFor(wait);
    },
    async enter(signal) {
      await pass(signal);
      while (!hasRoom() && signal?.aborted !== true) {
        await ended.promise;
        await pass(signal);
      }
      underWay += 1;
      return () => {
        underWay -= 1;
        ended.resolve();
        ended = Promise.withResolvers();
      };
    },
    last: () => seen,
  };
}
