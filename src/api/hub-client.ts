import { isUtf8 } from 'node:buffer';
import { EtlError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { Clock, QuotaGate } from './quota-gate.ts';
import {
  AttemptError,
  backoffMs,
  judgeStatus,
  type Failure,
  type RetryOptions,
} from './retry-policy.ts';
import type { Answer, Transport } from './transport.ts';

/** Told of each attempt that failed and of how long the next one waits. */
export type OnRetry = (failure: Failure, waitMs: number) => void;

export interface HubClient {
  endpoint: Endpoint;
  transport: Transport;
  gate: QuotaGate;
  clock: Clock;
  retry: RetryOptions;
  /** Requests sent so far, each attempt counted. */
  requests: () => number;
  /**
   * One attempt: waits at the gate, asks, learns the quota.
   *
   * @throws {AttemptError} for anything but a 2xx answer
   */
  attempt: (pathAndQuery: string, signal?: AbortSignal) => Promise<Answer>;
  /**
   * The JSON of an address, with retries: exponential back-off with jitter on 408, 429, 5xx, network
   * failures and broken bodies; the server's own waiting time where it gives one.
   *
   * @throws {EtlError} HTTP_…, AUTH_… when it is not to be had
   */
  getJson: (pathAndQuery: string, signal?: AbortSignal) => Promise<JsonAnswer>;
}

export interface JsonAnswer {
  answer: Answer;
  text: string;
  value: unknown;
}

export interface HubClientOptions {
  endpoint: Endpoint;
  transport: Transport;
  gate: QuotaGate;
  clock: Clock;
  retry: RetryOptions;
  onRetry?: OnRetry;
}

/** The Hub over HTTP, polite: one gate, honest retries. */
export function createHubClient(options: HubClientOptions): HubClient {
  const { endpoint, transport, gate, clock, retry, onRetry } = options;
  let sent = 0;
  const attempt = async (path: string, signal?: AbortSignal): Promise<Answer> => {
    await gate.pass(signal);
    signal?.throwIfAborted();
    sent += 1;
    const answer = await transport.get(endpoint.at(path), signal);
    gate.observe(answer.headers);
    const failure = judgeStatus(answer);
    if (failure !== undefined) throw new AttemptError(failure);
    return answer;
  };
  const getJson = async (path: string, signal?: AbortSignal): Promise<JsonAnswer> => {
    for (let n = 1; ; n += 1) {
      try {
        return parseJsonAnswer(await attempt(path, signal));
      } catch (error) {
        if (!(error instanceof AttemptError)) throw error;
        const { failure } = error;
        if (failure.kind === 'final' || n >= retry.attempts) throw failure.error;
        const waitMs = failure.waitMs ?? backoffMs(n, retry);
        onRetry?.(failure, waitMs);
        gate.closeFor(waitMs);
      }
    }
  };
  return { endpoint, transport, gate, clock, retry, requests: () => sent, attempt, getJson };
}

/**
 * The JSON in an answer.
 *
 * @throws {AttemptError} kind `shape`, HTTP_NOT_JSON, when it is HTML, not UTF-8 or broken JSON: a
 * proxy's page or a cut body, so the next attempt may be right
 */
export function parseJsonAnswer(answer: Answer): JsonAnswer {
  const type = answer.headers['content-type'] ?? 'no content type';
  if (!/\bjson\b/i.test(type)) throw notJson(answer, `is ${type.slice(0, 80)}, not JSON`);
  if (!isUtf8(answer.body)) throw notJson(answer, 'is not valid UTF-8');
  const text = answer.body.toString('utf8');
  try {
    return { answer, text, value: JSON.parse(text) as unknown };
  } catch (error) {
    throw notJson(answer, `is broken JSON (${answer.body.length} bytes)`, error);
  }
}

function notJson({ url, status, headers }: Answer, what: string, cause?: unknown): AttemptError {
  const context = { url, status, requestId: headers['x-request-id'] };
  const error = new EtlError('HTTP_NOT_JSON', `GET ${url}: the answer ${what}`, { cause, context });
  return new AttemptError({ kind: 'shape', waitMs: undefined, error });
}
