export interface Quota {
  /** Requests a window. */
  limit: number;
  windowMs: number;
}

/** What is left after a request, as the `RateLimit` headers tell it. */
export interface QuotaState {
  /** False: this request is over the quota and gets a 429. */
  granted: boolean;
  remaining: number;
  /** Whole seconds until the window ends, rounded up. */
  resetSeconds: number;
}

/** Far above what a test or a benchmark asks for: the Hub's own largest quota. */
export const LARGE_QUOTA: Quota = { limit: 100_000, windowMs: 300_000 };

/** Fixed windows, one for each bucket (an anonymous caller, a token), begun by its first request. */
export function createQuotas(quota: Quota, now: () => number): (bucket: string) => QuotaState {
  const windows = new Map<string, { endsAt: number; used: number }>();
  return (bucket) => {
    const at = now();
    let window = windows.get(bucket);
    if (window === undefined || at >= window.endsAt) {
      window = { endsAt: at + quota.windowMs, used: 0 };
      windows.set(bucket, window);
    }
    const granted = window.used < quota.limit;
    if (granted) window.used += 1;
    return {
      granted,
      remaining: quota.limit - window.used,
      resetSeconds: Math.ceil((window.endsAt - at) / 1000),
    };
  };
}

/** The two headers that the Hub sends with every response. */
export function quotaHeaders(quota: Quota, state: QuotaState): Record<string, string> {
  return {
    RateLimit: `"api";r=${state.remaining};t=${state.resetSeconds}`,
    'RateLimit-Policy': `"fixed window";"api";q=${quota.limit};w=${Math.ceil(quota.windowMs / 1000)}`,
  };
}
