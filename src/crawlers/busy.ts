import { EtlError } from '../errors.ts';

/** The failure of a board whose site answered 429, with what its `Retry-After` says; '' for nothing. */
export function busy(url: string, retryAfter: string): EtlError {
  const message = `GET ${url} answered 429, too many requests: come again ${whenOf(retryAfter)}`;
  return new EtlError('BOARD_BUSY', message, { context: { url, status: 429, again: false } });
}

function whenOf(retryAfter: string): string {
  if (/^\d{1,9}$/.test(retryAfter)) return `in ${Number(retryAfter)} s`;
  const atMs = Date.parse(retryAfter);
  return Number.isNaN(atMs) ? 'later' : `after ${new Date(atMs).toISOString()}`;
}
