import { failure, isPassing, refusalOf, type Refusal } from './failure.ts';
import type { Warehouse } from './client.ts';

const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 32_000;
/** 1 + 2 + 4 + … + 32 + 32 seconds: longer than Google's own rate limits last. */
const MAX_TRIES = 8;

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the project: `/datasets/d/tables/t`. */
  path: string;
  query?: Record<string, string>;
  body?: object;
  headers?: Record<string, string>;
}

/** Runs `work` again while it fails for a reason that passes, with growing pauses. */
export async function persist<Result>(
  { clock, log, signal }: Pick<Warehouse, 'clock' | 'log' | 'signal'>,
  doing: string,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const refusal = refusalOf(error);
      if (tries >= MAX_TRIES || !isPassing(refusal)) throw error;
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), MAX_WAIT_MS);
      log.warn({ ...refusal, tries, waitMs }, `${doing}: trying again`);
      await clock.sleep(waitMs, signal);
    }
  }
}

/**
 * One request of the API, retried. `allowed` lists statuses that are an answer to the caller.
 *
 * @throws {EtlError} `AUTH_GOOGLE`, `LOAD_FAILED`
 */
export async function send<Answer>(
  warehouse: Warehouse,
  request: ApiRequest,
  allowed: readonly number[] = [],
): Promise<{ answer: Answer } | { refusal: Refusal }> {
  const doing = `${request.method} ${request.path}`;
  try {
    return {
      answer: await persist(warehouse, doing, () => sendOnce<Answer>(warehouse, request)),
    };
  } catch (error) {
    warehouse.signal?.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal.status !== undefined && allowed.includes(refusal.status)) return { refusal };
    throw failure(refusal, doing);
  }
}

/** The same where only success is an answer. */
export async function ask<Answer>(warehouse: Warehouse, request: ApiRequest): Promise<Answer> {
  const outcome = await send<Answer>(warehouse, request);
  if ('refusal' in outcome) throw failure(outcome.refusal, `${request.method} ${request.path}`);
  return outcome.answer;
}

/** Address of the API's resources; `BIGQUERY_EMULATOR_HOST` would make the client leave a part out. */
export const apiUrl = ({ client, project }: Warehouse, path: string): string =>
  `${client.apiEndpoint}/bigquery/v2/projects/${project}${path}`;

async function sendOnce<Answer>(warehouse: Warehouse, request: ApiRequest): Promise<Answer> {
  const { method, path, query, body, headers } = request;
  return await new Promise((resolve, reject) => {
    warehouse.client.request(
      {
        method,
        uri: apiUrl(warehouse, path),
        ...(query === undefined ? {} : { qs: query }),
        ...(body === undefined ? {} : { json: body }),
        ...(headers === undefined ? {} : { headers }),
      },
      (error, answer) => {
        if (error) reject(error);
        // The shape of an answer is what Google documents for this request.
        else resolve(answer as Answer);
      },
    );
  });
}
