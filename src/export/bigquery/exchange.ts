import type { GoogleAuth } from 'google-auth-library';
import { Agent, request, type Dispatcher } from 'undici';
import { redact } from './failure.ts';

const TIMEOUT_MS = 300_000;
/** Not `fetch`, which copies each piece: the highest memory of a load was 15 % more. */
const dispatcher = new Agent({
  allowH2: false,
  headersTimeout: TIMEOUT_MS,
  bodyTimeout: TIMEOUT_MS,
  connect: { timeout: 30_000 },
});

/** Where requests go, and in whose name. */
export interface Host {
  /** Without a slash at the end. */
  url: string;
  authClient: Pick<GoogleAuth, 'getRequestHeaders'>;
  signal: AbortSignal | undefined;
}

export interface Message {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Statuses that are an answer to the caller. */
  expected: readonly number[];
}

/**
 * One exchange, not retried; the body of the answer is to be read. A status that is not expected is
 * thrown as Google's client would.
 */
export async function exchange(
  { authClient, signal }: Host,
  url: string,
  { expected, headers: given, ...init }: Message,
): Promise<Dispatcher.ResponseData> {
  const headers = { ...given };
  for (const [name, value] of await authClient.getRequestHeaders(url)) headers[name] = value;
  const response = await request(url, {
    ...init,
    headers,
    dispatcher,
    ...(signal === undefined ? {} : { signal }),
  });
  if (expected.includes(response.statusCode)) return response;
  const text = await response.body.text();
  throw Object.assign(new Error(redact(text)), {
    code: response.statusCode,
    errors: errorsOf(text),
  });
}

function errorsOf(text: string): unknown {
  try {
    const { error } = JSON.parse(text) as { error?: { errors?: unknown } };
    return error?.errors;
  } catch {
    // A proxy's page in HTML, say: the status must do.
    return undefined;
  }
}
