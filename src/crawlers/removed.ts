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
 */
export async function askRemoved(
  client: HubClient,
  { kind, _id, id }: Repo,
  signal: AbortSignal,
): Promise<Answer> {
  const path = repoPath(kind, id, ['createdAt']);
  try {
    const { answer, value } = await client.getJson(path, signal);
    // Whatever it is called now: it is the same repository.
    if (field(value, '_id') === _id) return 'alive';
    return new URL(answer.url).pathname.endsWith(path.split('?', 1)[0] ?? '')
      ? 'replaced'
      : 'moved';
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    if (error.code === 'AUTH_DENIED') return 'hidden';
    return error.context['status'] === 404 ? 'gone' : undefined;
  }
}
