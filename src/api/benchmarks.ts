import { createHash } from 'node:crypto';
import { encodedPath, repoPath } from './repos.ts';
import type { Answer } from './retry.ts';

/**
 * Official benchmarks are data sets with this tag.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export const BENCHMARKS_PATH =
  '/api/datasets?filter=benchmark%3Aofficial&limit=1000&sort=createdAt&direction=1&full=true';

/**
 * A leaderboard of a benchmark, whole: without `base_model=false` the Hub leaves out every model that
 * declares a base model.
 *
 * @param task null for the one that the Hub takes by itself
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/datasets/{namespace}/{repo}/leaderboard`
 */
export function leaderboardPath(datasetId: string, task: string | null = null): string {
  const chosen = task === null ? '' : `&task_id=${encodeURIComponent(task.toWellFormed())}`;
  return `${repoPath('datasets', datasetId)}/leaderboard?base_model=false${chosen}`;
}

/** The leaderboard as the Hub's own page shows it: without models that declare a base model. */
export const shownLeaderboardPath = (datasetId: string): string =>
  `${repoPath('datasets', datasetId)}/leaderboard`;

/**
 * The file that makes a data set a benchmark and names its tasks, each of which has a leaderboard.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export const evalYamlPath = (datasetId: string): string =>
  `/datasets/${encodedPath(datasetId)}/raw/main/eval.yaml`;

/**
 * Whether an answer is the whole file that its ETag names: of a file in a repository the ETag is Git's
 * own name, which is a hash of its bytes. True where the ETag is no such name.
 *
 * @see https://huggingface.co/docs/huggingface_hub/guides/manage-cache `blobs`
 */
export function isWholeFile({ headers, body }: Pick<Answer, 'headers' | 'body'>): boolean {
  const stated = /^(?:W\/)?"([0-9a-f]{40})"$/.exec(headers['etag'] ?? '')?.[1];
  const own = createHash('sha1').update(`blob ${body.length}\0`).update(body).digest('hex');
  return stated === undefined || stated === own;
}
