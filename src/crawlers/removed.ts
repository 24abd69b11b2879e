import type { HubClient } from '../api/client.ts';
import { repoPath, type RepoKind } from '../api/repos.ts';
import { field } from '../boards/values.ts';
import { EtlError } from '../errors.ts';

interface Repo {
  kind: RepoKind;
  _id: string;
  id: string;
}

/** What the Hub says of a repository that its list lacks; undefined when it says nothing that counts. */
export type Answer = 'alive' | 'moved' | 'replaced' | 'gone' | 'hidden' | undefined;

/**
 * Asks the Hub for one repository by the name that it had last, one request and its retries.
 *
 * @see https://huggingface.co/docs/hub/api `GET /api/models/{repo_id}`
 */
export async function askRemoved(
  client: HubClient,
  { kind, _id, id }: Repo,
  signal: AbortSignal,
): Promise<Answer> {
  const path = repoPath(kind, id);
  try {
    const { answer, value } = await client.getJson(`${path}?expand[]=createdAt`, signal);
    // Whatever it is called now: it is the same repository.
    if (field(value, '_id') === _id) return 'alive';
    return new URL(answer.url).pathname.endsWith(path) ? 'replaced' : 'moved';
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    if (error.code === 'AUTH_DENIED') return 'hidden';
    return error.context['status'] === 404 ? 'gone' : undefined;
  }
}
