import { isUtf8 } from 'node:buffer';
import { EtlError } from '../errors.ts';
import { parseEndpoint, type Endpoint } from './endpoint.ts';
import { createQuotaGate, systemClock, type Clock, type QuotaGate } from './quota.ts';
import {
  AttemptError,
  createTries,
  judgeStatus,
  type Answer,
  type Failure,
  type RetryOptions,
  type Tries,
} from './retry.ts';
import { createTransport, type ByteRange, type Transport } from './transport.ts';

/** Told of each attempt that failed and of how long the next one waits. */
type OnRetry = (failure: Failure, waitMs: number) => void;

export interface HubClientOptions {
  /** Address of the Hub. */
  endpoint: string;
  /** Sent to the endpoint's own origin only, and over https or to this machine only. */
  token?: string | undefined;
  userAgent: string;
  /** Other hosts that an answer may lead to, never with the token. @default none */
  redirectHosts?: readonly string[] | undefined;
  /** Milliseconds for a whole answer. @default 120_000 */
  timeoutMs?: number;
  /** @default 1 s doubling to 30 s, five attempts */
  retry?: Partial<RetryOptions>;
  onRetry?: OnRetry;
  clock?: Clock;
}

/** One attempt at a path and query of the Hub. @throws {AttemptError} for anything but a 2xx answer */
export type Fetch = (
  pathAndQuery: string,
  signal?: AbortSignal,
  range?: ByteRange,
) => Promise<Answer>;

export interface HubClient {
  endpoint: Endpoint;
  gate: QuotaGate;
  clock: Clock;
  retry: RetryOptions;
  /** Requests sent so far, each attempt counted. */
  requests: () => number;
  /** The same client, connections and quota, with a count of its own. */
  fork: () => HubClient;
  /** Waits at the gate, asks once, learns the quota. */
  attempt: Fetch;
  /**
   * Tries `once` until it gives something or another try is useless: exponential back-off with jitter
   * on 408, 429, 5xx, network failures and broken bodies; the server's own waiting time where it gives one.
   *
   * @param waitAfter judges failures in another way
   * @throws {EtlError} HTTP_…, AUTH_… when it is not to be had
   */
  retrying: <Value>(once: () => Promise<Value>, waitAfter?: Tries) => Promise<Value>;
  /**
   * `fetch` for libraries: over this client's connections, with its token (to the endpoint's origin only), name
   * and retries. Answers that another try does not mend come as they are.
   *
   * @throws {EtlError} HTTP_… when no answer came, or none but 408, 429, 5xx
   */
  webFetch: typeof fetch;
  /** The JSON of an address, with retries. @throws {EtlError} as `retrying` does */
  getJson: (pathAndQuery: string, signal?: AbortSignal) => Promise<JsonAnswer>;
  close: () => Promise<void>;
}

interface JsonAnswer {
  answer: Answer;
  value: unknown;
}

/** How we name ourselves, and where one can ask about us. */
export const userAgentOf = (version: string, contact: string): string =>
  `huggingface-etl/${version} (+${contact})`;

const RETRY: RetryOptions = { baseMs: 1000, maxMs: 30_000, attempts: 5, random: Math.random };

/**
 * The Hub over HTTP, polite: one gate, honest retries. Close it when done.
 *
 * @throws {EtlError} CONFIG_INVALID for an address that is none, or a token that would go in the clear
 */
export function openHubClient(options: HubClientOptions): HubClient {
  const { token, userAgent, timeoutMs = 120_000, clock = systemClock } = options;
  const { onRetry = () => undefined, redirectHosts } = options;
  const endpoint = parseEndpoint(options.endpoint);
  if (token !== undefined && !endpoint.isPrivate) {
    throw new EtlError('CONFIG_INVALID', 'A token is set and the endpoint is not https');
  }
  const transport = createTransport({ endpoint, token, userAgent, redirectHosts, timeoutMs });
  const retry = { ...RETRY, ...options.retry };
  const gate = createQuotaGate(clock);
  return clientOver({ endpoint, transport, gate, clock, retry, onRetry });
}

type Shared = Pick<HubClient, 'endpoint' | 'gate' | 'clock' | 'retry'> & {
  transport: Transport;
  onRetry: OnRetry;
};

function clientOver(shared: Shared): HubClient {
  const { transport, endpoint, gate, clock, retry, onRetry } = shared;
  let sent = 0;
  const attempt: Fetch = async (path, signal, range) => {
    const leave = await gate.enter(signal);
    try {
      signal?.throwIfAborted();
      sent += 1;
      const answer = await transport.get(endpoint.at(path), signal, range);
      gate.observe(answer.headers);
      const failure = judgeStatus(answer);
      if (failure !== undefined) throw new AttemptError({ ...failure, answer });
      return answer;
    } finally {
      leave();
    }
  };
  const retrying: HubClient['retrying'] = async (once, waitAfter = createTries(retry)) => {
    for (;;) {
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof AttemptError)) throw error;
        const waitMs = waitAfter(error.failure);
        if (waitMs === undefined) throw error.failure.error;
        onRetry(error.failure, waitMs);
        gate.closeFor(waitMs);
      }
    }
  };
  return {
    ...{ endpoint, gate, clock, retry, attempt, retrying },
    webFetch: fetchOver({ transport, endpoint, gate }, retrying),
    requests: () => sent,
    fork: () => clientOver(shared),
    getJson: (path, signal) => retrying(async () => readJson(await attempt(path, signal))),
    close: () => transport.close(),
  };
}

const fetchOver = (
  { transport, endpoint, gate }: Pick<Shared, 'transport' | 'endpoint' | 'gate'>,
  retrying: HubClient['retrying'],
): typeof fetch => {
  const sent: Transport['send'] = (address, init) =>
    retrying(async () => {
      // The quota is of the Hub, not of where files are uploaded to.
      const { origin, pathname } = new URL(address);
      const isHub = origin === endpoint.origin;
      const signal = init?.signal ?? undefined;
      const leave = isHub ? await gate.enter(signal) : void (await gate.pass(signal));
      try {
        signal?.throwIfAborted();
        const response = await transport.send(address, init);
        const headers = Object.fromEntries(response.headers);
        if (isHub) gate.observe(headers);
        const answer = { url: `${origin}${pathname}`, status: response.status, headers };
        const failure = judgeStatus(answer, init?.method);
        if (failure === undefined || failure.kind === 'final') return response;
        await response.body?.cancel();
        throw new AttemptError(failure);
      } finally {
        leave?.();
      }
    });
  // The same interface: undici is what Node.js has built in, in a later version.
  return sent as unknown as typeof fetch;
};

/**
 * The JSON in an answer.
 *
 * @throws {AttemptError} kind `shape`, HTTP_NOT_JSON, when it is HTML, not UTF-8 or broken JSON: a
 * proxy's page or a cut body, so the next attempt may be right
 */
export function readJson(answer: Answer): JsonAnswer {
  const type = answer.headers['content-type'] ?? 'no content type';
  if (!/\bjson\b/i.test(type)) throw misshapen(answer, `is ${type.slice(0, 80)}, not JSON`);
  if (!isUtf8(answer.body)) throw misshapen(answer, 'is not valid UTF-8');
  try {
    return { answer, value: JSON.parse(answer.body.toString('utf8')) as unknown };
  } catch (error) {
    throw misshapen(answer, `is broken JSON (${answer.body.length} bytes)`, error);
  }
}

/**
 * The text in an answer.
 *
 * @throws {AttemptError} kind `shape`, HTTP_NOT_JSON, when it is a web page (a proxy's) or no UTF-8
 */
export function readText(answer: Answer): string {
  const isPage = /\bhtml\b/i.test(answer.headers['content-type'] ?? '');
  if (isPage) throw misshapen(answer, 'is a web page');
  if (!isUtf8(answer.body)) throw misshapen(answer, 'is not valid UTF-8');
  return answer.body.toString('utf8');
}

/** An answer that is not what was asked for; another attempt may be right. */
export function misshapen(answer: Answer, what: string, cause?: unknown): AttemptError {
  const { url, status, headers } = answer;
  const context = { url, status, requestId: headers['x-request-id'] };
  const error = new EtlError('HTTP_NOT_JSON', `GET ${url}: the answer ${what}`, { cause, context });
  return new AttemptError({ kind: 'shape', error, answer });
}
