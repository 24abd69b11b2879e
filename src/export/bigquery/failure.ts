import { EtlError, fromSystemError, type ErrorContext } from '../../errors.ts';

/** Google's short words for what went wrong, when waiting may mend it. */
const PASSING = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
]);
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504]);
const DENIED = new Set([
  'accessDenied',
  'authError',
  'forbidden',
  'required',
  'insufficientPermissions',
]);
const NETWORK = /^(E[A-Z_]+|UND_ERR_[A-Z_]+)$/;
const NETWORK_WORDS =
  /fetch failed|socket hang up|other side closed|terminated|network timeout|timed out/i;
const CREDENTIAL_WORDS =
  /default credentials|invalid_grant|invalid_client|unauthorized_client|private key|client_email|metadata server|refresh token/i;

/** A request or a job that Google did not do. */
export interface Refusal {
  /** HTTP status; undefined for a failed job and for a lost connection. */
  status: number | undefined;
  /** `accessDenied`, `duplicate`, `notFound` …; `network` when no answer came; '' when none is given. */
  reason: string;
  message: string;
}

/** What an error of the client, of `fetch` or of a job's status says. */
export function refusalOf(error: unknown): Refusal {
  const first = firstOf(memberOf(error, 'errors'));
  const text = textOf(first, 'message') ?? textOf(error, 'message') ?? String(error);
  const message = redact(text);
  const code = memberOf(error, 'code');
  // The numbers of `DOMException`s (20 aborted, 23 timed out) are no statuses.
  const status = typeof code === 'number' && code >= 100 ? code : undefined;
  const reason = textOf(first, 'reason');
  if (status !== undefined || reason !== undefined) {
    return { status, reason: reason ?? '', message };
  }
  return { status, reason: isLostConnection(error, message) ? 'network' : '', message };
}

function isLostConnection(error: unknown, message: string): boolean {
  const word = textOf(error, 'code') ?? textOf(memberOf(error, 'cause'), 'code') ?? '';
  const isTimeout = textOf(error, 'name') === 'TimeoutError';
  return isTimeout || NETWORK.test(word) || NETWORK_WORDS.test(message);
}

/** Whether the same request may succeed later. A spent quota takes too long to wait for. */
export function isPassing({ status, reason }: Refusal): boolean {
  if (reason === 'quotaExceeded' || reason === 'accessDenied') return false;
  if (reason === 'network' || PASSING.has(reason)) return true;
  return status !== undefined && PASSING_STATUS.has(status);
}

/** The error that the program ends with. It carries no part of the request, which holds a token. */
export function toEtlError(error: unknown, doing: string): unknown {
  const known = fromSystemError(error, doing);
  if (known instanceof EtlError || isAbort(error)) return known;
  return failure(refusalOf(error), doing);
}

/** @see docs/warehouses.md */
export function failure({ status, reason, message }: Refusal, doing: string): EtlError {
  const isDenied =
    DENIED.has(reason) ||
    status === 401 ||
    // Other reasons of 403 speak of quotas and billing.
    (status === 403 && reason === '') ||
    CREDENTIAL_WORDS.test(message);
  const what = status === undefined ? reason : `${status} ${reason}`.trim();
  const context: ErrorContext = { status, reason };
  const text = `${doing}: ${what === '' ? '' : `${what}: `}${message}`;
  return new EtlError(isDenied ? 'AUTH_GOOGLE' : 'LOAD_FAILED', text, { context });
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

const MAX_MESSAGE = 500;

/** Google repeats parts of requests in its messages; what looks like a credential is cut out. */
export const redact = (message: string): string =>
  message
    .replaceAll(/-----BEGIN[\s\S]*?(-----END[^-]*-----|$)/g, '[redacted]')
    .replaceAll(/\b(ya29\.|1\/\/|eyJ)[\w.~+/=-]+/g, '[redacted]')
    .replaceAll(
      /\b(bearer|authorization:?|upload_id=|access_token=)\s*[\w.~+/=-]+/gi,
      '$1[redacted]',
    )
    .slice(0, MAX_MESSAGE);

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
  // Just seen to be a key of an object.
  return (value as Record<string, unknown>)[key];
}

function textOf(value: unknown, key: string): string | undefined {
  const text = memberOf(value, key);
  return typeof text === 'string' && text !== '' ? text : undefined;
}
