import { EtlError } from '../errors.ts';
import { readJson, type HubClient } from './client.ts';
import type { RepoKind } from './repos.ts';
import { AttemptError } from './retry.ts';

/**
 * How many repositories of a kind the Hub's own search counts: a second opinion about a list of them,
 * asked for once. Null when it gives no number.
 *
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/quicksearch`
 */
export async function countRepos(
  client: HubClient,
  kind: RepoKind,
  signal: AbortSignal,
): Promise<number | null> {
  // A search for nothing, which should find all.
  const path = `/api/quicksearch?q=&type=${kind.slice(0, -1)}&limit=1`;
  try {
    const { value } = readJson(await client.attempt(path, signal));
    const count: unknown = Reflect.get(Object(value) as object, `${kind}Count`);
    return typeof count === 'number' ? count : null;
  } catch (error) {
    if (error instanceof AttemptError || error instanceof EtlError) return null;
    throw error;
  }
}
