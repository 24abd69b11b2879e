import { isUtf8 } from 'node:buffer';
import { EtlError } from '../errors.ts';
import type { HubClient } from './hub-client.ts';
import { AttemptError, backoffMs, type Failure } from './retry-policy.ts';
import type { Answer } from './transport.ts';

/**
 * Official benchmarks are data sets with this tag.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export const BENCHMARKS_PATH =
  '/api/datasets?filter=benchmark%3Aofficial&limit=1000&sort=createdAt&direction=1&full=true';

const encoded = (datasetId: string): string =>
  datasetId.split('/').map(encodeURIComponent).join('/');

/**
 * A leaderboard of a benchmark, whole: without `base_model=false` the Hub leaves out every model that
 * declares a base model.
 *
 * @param task null for the one that the Hub takes by itself
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/datasets/{namespace}/{repo}/leaderboard`
 */
export function leaderboardPath(datasetId: string, task: string | null = null): string {
  const chosen = task === null ? '' : `&task_id=${encodeURIComponent(task.toWellFormed())}`;
  return `/api/datasets/${encoded(datasetId)}/leaderboard?base_model=false${chosen}`;
}

/** The leaderboard as the Hub's own page shows it: without models that declare a base model. */
export const shownLeaderboardPath = (datasetId: string): string =>
  `/api/datasets/${encoded(datasetId)}/leaderboard`;

/**
 * The file that makes a data set a benchmark and names its tasks, each of which has a leaderboard.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export const evalYamlPath = (datasetId: string): string =>
  `/datasets/${encoded(datasetId)}/raw/main/eval.yaml`;

export interface TextAnswer {
  answer: Answer;
  text: string;
}

/**
 * The text of an address, with the retries of `HubClient.getJson`.
 *
 * @throws {EtlError} HTTP_…, AUTH_… when it is not to be had; HTTP_NOT_JSON when it is a web page or
 * no UTF-8
 */
export async function getText(
  client: HubClient,
  path: string,
  signal?: AbortSignal,
): Promise<TextAnswer> {
  for (let n = 1; ; n += 1) {
    try {
      return readText(await client.attempt(path, signal));
    } catch (error) {
      if (!(error instanceof AttemptError)) throw error;
      const { failure } = error;
      if (failure.kind === 'final' || n >= client.retry.attempts) throw failure.error;
      client.gate.closeFor(failure.waitMs ?? backoffMs(n, client.retry));
    }
  }
}

/** A page of HTML with status 200 is a proxy's: the next attempt may be right. */
function readText(answer: Answer): TextAnswer {
  const type = answer.headers['content-type'] ?? '';
  const isPage = /\bhtml\b/i.test(type);
  if (!isPage && isUtf8(answer.body)) return { answer, text: answer.body.toString('utf8') };
  const { url, status, headers } = answer;
  const what = isPage ? 'is a web page' : 'is not valid UTF-8';
  const context = { url, status, requestId: headers['x-request-id'] };
  const error = new EtlError('HTTP_NOT_JSON', `GET ${url}: the answer ${what}`, { context });
  const failure: Failure = { kind: 'shape', waitMs: undefined, error };
  throw new AttemptError(failure);
}
