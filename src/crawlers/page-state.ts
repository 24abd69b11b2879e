import { HEAVY_EXPANDS, withExpands, withPageSize } from '../api/models.ts';
import { backoffMs, type Failure, type RetryOptions } from '../api/retry-policy.ts';

/** How one page is asked for now, and how often it failed. */
export interface PageState {
  pageSize: number;
  /** The heavy fields are left out, because the page does not come with them. */
  light: boolean;
  /** Failures of this page in a row. */
  failures: number;
  /** Quota answers of this page in a row. */
  quotaWaits: number;
  /** Failures at the smallest, lightest form of the page. */
  lastResort: number;
}

export const newPageState = (pageSize: number): PageState => ({
  pageSize,
  light: false,
  failures: 0,
  quotaWaits: 0,
  lastResort: 0,
});

/** What to do about a failed page. */
export type Decision =
  | { action: 'again'; waitMs: number }
  /** The record at the cursor cannot be had, but the answer says where the next one is. */
  | { action: 'skip' }
  | { action: 'give_up' };

/** Two tries as it is, then smaller: a page that overloads the Hub once may just be unlucky. */
const TRIES_BEFORE_SHRINKING = 2;
const LAST_RESORT_TRIES = 2;
/** Quota windows (5 minutes each on the Hub) to wait through before we say: later. */
const MAX_QUOTA_WAITS = 6;
/** Tries at an answer whose Link leads nowhere good. */
const LINK_TRIES = 3;

/**
 * Decides about a failed page: wait and ask again; after two time-outs, 5xx or broken bodies, ask for
 * half the page, down to one record, then for that record without its heavy fields.
 */
export function decide(state: PageState, failure: Failure, retry: RetryOptions): Decision {
  switch (failure.kind) {
    case 'final':
      return { action: 'give_up' };
    case 'quota':
      return afterQuota(state, failure, retry);
    case 'network':
      return againUpTo(retry.attempts, state, retry);
    case 'link':
      return againUpTo(LINK_TRIES, state, retry);
    case 'busy':
    case 'timeout':
    case 'shape':
      return smaller(state, failure, retry);
  }
}

function afterQuota(state: PageState, { waitMs }: Failure, retry: RetryOptions): Decision {
  state.quotaWaits += 1;
  if (state.quotaWaits > MAX_QUOTA_WAITS) return { action: 'give_up' };
  return { action: 'again', waitMs: waitMs ?? backoffMs(state.quotaWaits + 1, retry) };
}

function againUpTo(tries: number, state: PageState, retry: RetryOptions): Decision {
  state.failures += 1;
  if (state.failures >= tries) return { action: 'give_up' };
  return { action: 'again', waitMs: backoffMs(state.failures, retry) };
}

function smaller(state: PageState, { kind }: Failure, retry: RetryOptions): Decision {
  state.failures += 1;
  const again: Decision = { action: 'again', waitMs: backoffMs(state.failures, retry) };
  if (state.failures < TRIES_BEFORE_SHRINKING || shrink(state)) return again;
  state.lastResort += 1;
  if (state.lastResort < LAST_RESORT_TRIES) return again;
  return { action: kind === 'shape' ? 'skip' : 'give_up' };
}

function shrink(state: PageState): boolean {
  if (state.pageSize > 1) {
    state.pageSize = Math.floor(state.pageSize / 2);
    return true;
  }
  if (state.light) return false;
  state.light = true;
  return true;
}

/** After a good page: full fields, twice the size, up to what the run asks for. */
export function recovered(state: PageState, fullSize: number): PageState {
  return newPageState(Math.min(fullSize, state.pageSize * 2));
}

/** The address of a page in its present form. */
export function addressOf(path: string, state: PageState, expands: readonly string[]): string {
  const sized = withPageSize(path, state.pageSize);
  if (!state.light) return sized;
  return withExpands(
    sized,
    expands.filter((name) => !HEAVY_EXPANDS.includes(name)),
  );
}

/** A page's address in the form that a run starts with, whatever form the page before had. */
export function normalised(path: string, fullSize: number, expands: readonly string[]): string {
  return withExpands(withPageSize(path, fullSize), expands);
}
