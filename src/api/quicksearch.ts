import { EtlError } from '../errors.ts';
import { readJson, type HubClient } from './client.ts';
import type { RepoKind } from './repos.ts';
import { AttemptError } from './retry.ts';

/**
 * A search for nothing, which should find all.
 *
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/quicksearch`
 */
const path = (kind: RepoKind): string => `/api/quicksearch?q=&type=${kind.slice(0, -1)}&limit=1`;

/**
 * How many repositories of a kind the Hub's own search counts: a second opinion about a list of them,
 * asked for once. Null when it gives no number.
 */
export async function countRepos(
  client: HubClient,
  kind: RepoKind,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const { value } = readJson(await client.attempt(path(kind), signal));
    const named = new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));
    const count: unknown = named.get(`${kind}Count`);
    return typeof count === 'number' ? count : null;
  } catch (error) {
    if (error instanceof AttemptError || error instanceof EtlError) return null;
    throw error;
  }
}
