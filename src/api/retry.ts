import { EtlError, type ErrorCode } from '../errors.ts';
import { waitAfter429 } from './quota.ts';

/** A whole answer of the Hub. */
export interface Answer {
  /** The address that answered, after redirects. */
  url: string;
  status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  headers: Record<string, string>;
  body: Buffer;
}

/** An answer, or the failure to get one, as one attempt saw it. */
export interface Failure {
  /**
   * `busy` 408, 5xx; `quota` 429; `network`, `timeout` no whole answer; `size` too large; `shape` not what was
   * asked for; `link` a next page that leads nowhere good; `final` asking again is useless.
   */
  kind: 'busy' | 'quota' | 'network' | 'timeout' | 'size' | 'shape' | 'link' | 'final';
  /** Milliseconds that the server asked us to wait; undefined: back off. */
  waitMs?: number | undefined;
  error: EtlError;
  /** What was answered, where something was. */
  answer?: Answer;
}

export interface RetryOptions {
  /** First back-off; doubles each time. @default 1000 */
  baseMs: number;
  /** Longest back-off. @default 30_000 */
  maxMs: number;
  /** Attempts in all. @default 5 */
  attempts: number;
  /** Number in [0, 1): spreads clients that failed together. */
  random: () => number;
}

/** Back-off before attempt n + 1 (n from 1): exponential, half of it jitter. */
export function backoffMs(attempt: number, { baseMs, maxMs, random }: RetryOptions): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 20));
  return full / 2 + (full / 2) * random();
}

/** Quota windows (5 minutes each on the Hub) to wait through before we say: later. */
const MAX_QUOTA_WAITS = 6;
/** Tries at an answer whose next page leads nowhere good. */
const LINK_TRIES = 3;

/** Milliseconds to wait after a failure; undefined when another try is useless. */
export type Tries = (failure: Failure) => number | undefined;

/**
 * Judges the failures of one request: milliseconds to wait before the next attempt (the server's own
 * waiting time where it gives one), or undefined when there is to be none.
 */
export function createTries(options: RetryOptions): Tries {
  let failures = 0;
  let quotaWaits = 0;
  return ({ kind, waitMs }) => {
    if (kind === 'final' || kind === 'size') return undefined;
    if (kind === 'quota') {
      quotaWaits += 1;
      // Later than after another failure: who spent the quota is still there.
      return quotaWaits > MAX_QUOTA_WAITS
        ? undefined
        : (waitMs ?? backoffMs(quotaWaits + 1, options));
    }
    failures += 1;
    const tries = kind === 'link' ? LINK_TRIES : options.attempts;
    return failures >= tries ? undefined : (waitMs ?? backoffMs(failures, options));
  };
}

/** A failed attempt that carries what its reader needs to decide about the next one. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    // Without the system code in its text: Crawlee takes ECONNRESET in a message for a broken proxy.
    super(`attempt failed (${failure.kind})`, { cause: failure.error });
    this.failure = failure;
  }
}

/** Judges a status: undefined when it is a good answer, else what kind of failure it is. */
export function judgeStatus(
  answer: Pick<Answer, 'url' | 'status' | 'headers'>,
  method = 'GET',
): Omit<Failure, 'answer'> | undefined {
  const { status, headers, url } = answer;
  if (status >= 200 && status < 300) return undefined;
  const context = { url, status, requestId: headers['x-request-id'] };
  const failure = (kind: Failure['kind'], code: ErrorCode, waitMs?: number) => ({
    kind,
    waitMs,
    error: new EtlError(code, `${method} ${url} answered ${status}`, { context }),
  });
  if (status === 429) return failure('quota', 'HTTP_QUOTA', waitAfter429(headers));
  if (status === 408 || status >= 500) return failure('busy', 'HTTP_BUSY');
  if (status === 401 && /invalid credentials/i.test(headers['x-error-message'] ?? '')) {
    return failure('final', 'AUTH_TOKEN');
  }
  if (status === 401 || status === 403) return failure('final', 'AUTH_DENIED');
  return failure('final', 'HTTP_STATUS');
}
