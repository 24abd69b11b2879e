import { EtlError, type ErrorContext } from '../errors.ts';

/** One thing that a page should have shown, and what it did. */
export interface Difference {
  /** `header`, `count`, `rows`, `identity`, `cell` … */
  what: string;
  /** Where on the board, e.g. `row 321, Average`. */
  where?: string;
  expected: string;
  found: string;
}

/** More would hide the first ones, which say what happened. */
const MOST_DIFFERENCES = 24;

/**
 * The board's page, payload and rows do not agree, so nothing of it may be used. `diff` says where;
 * it is cut at two dozen entries, the message has the full number. `since` of the context is the run whose
 * good capture it is compared with.
 */
export class BoardDriftError extends EtlError {
  readonly diff: readonly Difference[];

  constructor(board: string, diff: readonly Difference[], context: ErrorContext = {}) {
    const [first] = diff;
    const where = first?.where === undefined ? '' : ` (${first.where})`;
    const what = first
      ? `${first.what}${where}: expected ${quoted(first.expected)}, found ${quoted(first.found)}`
      : 'unknown';
    const more = diff.length > 1 ? `, and ${diff.length - 1} more` : '';
    const { since } = context;
    const is = since === undefined ? 'is refused' : `is not what it was in run ${since}`;
    super('BOARD_DRIFT', `Board ${board} ${is}: ${what}${more}`, {
      context: { board, differences: diff.length, ...context },
    });
    this.diff = diff.slice(0, MOST_DIFFERENCES);
  }
}

/**
 * A page that cannot be read as it is. Another try is made of one only where `again` of its context is not
 * false, as it is by itself.
 */
export const unreachable = (
  message: string,
  context: ErrorContext = {},
  cause?: unknown,
): EtlError =>
  new EtlError('BOARD_UNREACHABLE', message, { cause, context: { again: false, ...context } });

/** The failure of a board whose site answered 429, with what its `Retry-After` says; '' for nothing. */
export function busy(url: string, retryAfter = ''): EtlError {
  const message = `GET ${url} answered 429, too many requests: come again ${whenOf(retryAfter)}`;
  return new EtlError('BOARD_BUSY', message, { context: { url, status: 429, again: false } });
}

function whenOf(retryAfter: string): string {
  if (/^\d{1,9}$/.test(retryAfter)) return `in ${Number(retryAfter)} s`;
  const atMs = Date.parse(retryAfter);
  return Number.isNaN(atMs) ? 'later' : `after ${new Date(atMs).toISOString()}`;
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 120));

/** A difference in words. */
export const differs = (
  what: string,
  expected: string | number,
  found: string | number,
): Difference => ({ what, expected: String(expected), found: String(found) });
