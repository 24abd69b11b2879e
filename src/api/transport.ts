import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import {
  Agent,
  fetch,
  Headers,
  request,
  type Dispatcher,
  type RequestInit,
  type Response,
} from 'undici';
import { EtlError, systemCode, type ErrorCode } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { openAgent } from './proxy.ts';
import { AttemptError, type Answer, type Failure } from './retry.ts';
import { withoutToken } from './token.ts';

interface TransportOptions {
  endpoint: Endpoint;
  /** Sent to the endpoint's own origin only. */
  token: string | undefined;
  userAgent: string;
  /** Hosts that an answer may lead to beside the endpoint's own; `*.hf.co` is any under it. @default none */
  redirectHosts?: readonly string[] | undefined;
  /** For the whole answer. */
  timeoutMs: number;
}

/** Bytes of a file, the last one included. */
export interface ByteRange {
  first: number;
  last: number;
}

/** One attempt at a request; retries and quotas are the caller's. */
export interface Transport {
  /**
   * @throws {AttemptError} when no whole answer came
   */
  get: (url: string, signal?: AbortSignal, range?: ByteRange) => Promise<Answer>;
  /**
   * One attempt as `fetch` makes it, for libraries that take one: the token goes to the endpoint's origin only,
   * whatever they say. An upload may take as long as it moves; `timeoutMs` is for silence.
   *
   * @throws {AttemptError} when no answer came
   */
  send: (url: string, init?: RequestInit) => Promise<Response>;
  close: () => Promise<void>;
}

const MAX_REDIRECTS = 5;
/** Unpacked: a page of 1,000 models has 2 to 6 MB; the largest single record known is under 50 MB. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Speaks HTTP with one Hub over undici: gzip and brotli unpacked, redirects followed by hand and only
 * within the endpoint's origin and to hosts that are named, the token never sent anywhere else.
 */
export function createTransport(options: TransportOptions): Transport {
  // What a token goes to in the clear is this machine, and no other is on the way.
  const isHere = options.endpoint.isPrivate && options.endpoint.origin.startsWith('http:');
  const open = isHere ? (it: Agent.Options) => new Agent(it) : openAgent;
  const dispatcher = open({
    // `attempt` has one limit for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: Math.min(options.timeoutMs, 30_000) },
    connections: 8,
    // A page has some KB of headers (Link echoes every parameter and the cursor).
    maxHeaderSize: 64 * 1024,
  });
  const redact = withoutToken(options.token);
  const get: Transport['get'] = async (url, signal, range) => {
    let target = url;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await attempt({ ...options, dispatcher, redact, url: target, signal, range });
      const location = answer.headers['location'];
      if (answer.status < 300 || answer.status > 399 || location === undefined) {
        return answer;
      }
      target = redirectedTo(new URL(location, target), options);
    }
    throw new EtlError('HTTP_STATUS', `GET ${url} was redirected more than ${MAX_REDIRECTS} times`);
  };
  const { timeoutMs } = options;
  const impatient = dispatcher.compose(
    (dispatch) => (opts, handler) =>
      dispatch({ ...opts, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }, handler),
  );
  const send: Transport['send'] = async (url, init = {}) => {
    const { origin, pathname } = new URL(url);
    const headers = new Headers(init.headers);
    headers.set('user-agent', options.userAgent);
    headers.delete('authorization');
    if (options.token !== undefined && origin === options.endpoint.origin)
      headers.set('authorization', `Bearer ${options.token}`);
    try {
      return await fetch(url, { ...init, headers, dispatcher: impatient });
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      // Without the query, which signs the address of an upload.
      const cause = error instanceof TypeError ? (error.cause ?? error) : error;
      throw failed(cause, `${origin}${pathname}`, init.method);
    }
  };
  return { get, send, close: () => dispatcher.destroy() };
}

function redirectedTo(to: URL, { endpoint, redirectHosts = [] }: TransportOptions): string {
  const isNamed = redirectHosts.some((host) =>
    host.startsWith('*.') ? to.hostname.endsWith(host.slice(1)) : to.hostname === host,
  );
  // Never from https to http.
  const isSafe = to.protocol === 'https:' || endpoint.origin.startsWith('http:');
  return isNamed && isSafe ? to.href : endpoint.at(endpoint.pathOf(to.href));
}

interface Attempt extends TransportOptions {
  dispatcher: Dispatcher;
  redact: (text: string) => string;
  url: string;
  signal: AbortSignal | undefined;
  range: ByteRange | undefined;
}

async function attempt(given: Attempt): Promise<Answer> {
  const { dispatcher, redact, url, signal, range, ...options } = given;
  const ownOrigin = new URL(url).origin === options.endpoint.origin;
  const authorization =
    options.token !== undefined && ownOrigin ? { authorization: `Bearer ${options.token}` } : {};
  // Not `AbortSignal.timeout`: its timer holds what called, a page with its body say, until its time is over.
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(new DOMException('no whole answer', 'TimeoutError')),
    options.timeoutMs,
  );
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]),
      headers: {
        accept: options.redirectHosts ? '*/*' : 'application/json',
        // A part of a packed file cannot be unpacked.
        'accept-encoding': range === undefined ? 'gzip, br' : 'identity',
        ...(range && { range: `bytes=${range.first}-${range.last}` }),
        'user-agent': options.userAgent,
        ...authorization,
      },
    });
    const flat = flatten(headers);
    const bytes = await unpacked(await wholeBody(body), flat['content-encoding']);
    const answer = { url, status: statusCode, headers: flat, body: bytes };
    return options.token === undefined ? answer : redacted(answer, redact);
  } catch (error) {
    throw signal?.aborted === true || error instanceof EtlError ? error : failed(error, url);
  } finally {
    clearTimeout(timer);
  }
}

/** An answer that repeats the token, a proxy's error page say, must not bring it into storage or log. */
function redacted(
  { url, status, headers, body }: Answer,
  redact: (text: string) => string,
): Answer {
  const text = body.toString('latin1');
  const safe = redact(text);
  const pairs = Object.entries(headers).map(([name, value]) => [name, redact(value)]);
  return {
    ...{ url, status, headers: Object.fromEntries(pairs) as Record<string, string> }, // as above
    body: safe === text ? body : Buffer.from(safe, 'latin1'),
  };
}

async function wholeBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined
    ? chunks[0]
    : Buffer.concat(chunks, sizeBytes);
}

const UNPACK = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
};

/** Unpacks off the main thread. (The interceptor of undici does the same, but is experimental.) */
async function unpacked(body: Buffer, encoding = 'identity'): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '' || body.length === 0) return body;
  if (!Object.hasOwn(UNPACK, name)) throw new Error(`content encoding ${name.slice(0, 40)}`);
  // The line above makes sure that the name is one of the keys.
  return UNPACK[name as keyof typeof UNPACK](body, { maxOutputLength: MAX_BODY_BYTES });
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(', ')]],
  );
  return Object.fromEntries(pairs);
}

const TIMEOUT_CODES = new Set([
  ...['TimeoutError', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
]);

function failed(error: unknown, url: string, method = 'GET'): AttemptError {
  const code = systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
  const failure = (kind: Failure['kind'], errorCode: ErrorCode, what: string): AttemptError => {
    const about = { cause: error, context: { url } };
    const told = new EtlError(errorCode, `${method} ${url} ${what}`, about);
    return new AttemptError({ kind, error: told });
  };
  // Of our own limit, or of zlib's `maxOutputLength`.
  if (error instanceof RangeError) {
    return failure('size', 'HTTP_TOO_LARGE', `answered more than ${MAX_BODY_BYTES} bytes`);
  }
  return TIMEOUT_CODES.has(code)
    ? failure('timeout', 'HTTP_TIMEOUT', `gave no whole answer in time (${code})`)
    : failure('network', 'HTTP_NETWORK', `failed: ${code}`);
}
