/**
 * Official benchmarks are data sets with this tag.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export const BENCHMARKS_PATH =
  '/api/datasets?filter=benchmark%3Aofficial&limit=1000&sort=createdAt&direction=1&full=true';

/**
 * The leaderboard of a benchmark, whole: without `base_model=false` the Hub leaves out every model
 * that declares a base model.
 *
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/datasets/{namespace}/{repo}/leaderboard`
 */
export function leaderboardPath(datasetId: string): string {
  const id = datasetId.split('/').map(encodeURIComponent).join('/');
  return `/api/datasets/${id}/leaderboard?base_model=false`;
}
