import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Agent, request, type Dispatcher } from 'undici';
import { EtlError, systemCode } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { AttemptError, type Answer } from './retry.ts';

export interface TransportOptions {
  endpoint: Endpoint;
  /** Sent to the endpoint's own origin only. */
  token: string | undefined;
  userAgent: string;
  /** For headers, and again between two chunks of the body. @default 120_000 */
  timeoutMs: number;
}

/** One attempt at a request; retries and quotas are the caller's. */
export interface Transport {
  /**
   * @throws {AttemptError} when no whole answer came
   */
  get: (url: string, signal?: AbortSignal) => Promise<Answer>;
  close: () => Promise<void>;
}

const MAX_REDIRECTS = 5;
/** A page of 1,000 models has 2 to 6 MB; the largest single record known is under 50 MB. */
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/**
 * Speaks HTTP with one Hub over undici: gzip and brotli unpacked, redirects followed by hand and only
 * within the endpoint's origin, the token never sent anywhere else.
 */
export function createTransport(options: TransportOptions): Transport {
  const dispatcher = new Agent({
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    connect: { timeout: Math.min(options.timeoutMs, 30_000) },
    connections: 8,
    // A page has some KB of headers (Link echoes every parameter and the cursor).
    maxHeaderSize: 64 * 1024,
  });
  const get = async (url: string, signal?: AbortSignal): Promise<Answer> => {
    let target = url;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await attempt({ ...options, dispatcher, url: target, signal });
      const location = answer.headers['location'];
      if (answer.status < 300 || answer.status > 399 || location === undefined) {
        return answer;
      }
      target = options.endpoint.at(options.endpoint.pathOf(new URL(location, target).href));
    }
    throw new EtlError('HTTP_STATUS', `GET ${url} was redirected more than ${MAX_REDIRECTS} times`);
  };
  return { get, close: () => dispatcher.destroy() };
}

interface Attempt extends TransportOptions {
  dispatcher: Dispatcher;
  url: string;
  signal: AbortSignal | undefined;
}

async function attempt({ dispatcher, url, signal, ...options }: Attempt): Promise<Answer> {
  const ownOrigin = new URL(url).origin === options.endpoint.origin;
  const authorization =
    options.token !== undefined && ownOrigin ? { authorization: `Bearer ${options.token}` } : {};
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      signal: signal ?? null,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip, br',
        'user-agent': options.userAgent,
        ...authorization,
      },
    });
    const flat = flatten(headers);
    const bytes = await unpacked(await wholeBody(body, url), flat['content-encoding']);
    return { url, status: statusCode, headers: flat, body: withoutToken(bytes, options.token) };
  } catch (error) {
    throw signal?.aborted === true || error instanceof EtlError ? error : failed(error, url);
  }
}

async function wholeBody(body: AsyncIterable<Buffer>, url: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) {
      throw new EtlError('HTTP_NOT_JSON', `GET ${url} sent more than ${MAX_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined
    ? chunks[0]
    : Buffer.concat(chunks, sizeBytes);
}

/** An answer that repeats the token, from a proxy's error page say, must not bring it into storage. */
function withoutToken(body: Buffer, token: string | undefined): Buffer {
  if (token === undefined || !body.includes(token)) return body;
  return Buffer.from(body.toString('latin1').replaceAll(token, '[redacted]'), 'latin1');
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
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

const TIMEOUT_CODES = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

function failed(error: unknown, url: string): AttemptError {
  const code = systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
  const timeout = TIMEOUT_CODES.has(code);
  return new AttemptError({
    kind: timeout ? 'timeout' : 'network',
    waitMs: undefined,
    error: new EtlError(
      timeout ? 'HTTP_TIMEOUT' : 'HTTP_NETWORK',
      timeout ? `GET ${url} gave no answer in time (${code})` : `GET ${url} failed: ${code}`,
      { cause: error, context: { url } },
    ),
  });
}
