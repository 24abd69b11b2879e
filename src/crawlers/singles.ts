import type { WalkSignals } from '../api/list.ts';
import { repoPath, singlesOf, withExpands } from '../api/repos.ts';
import { field } from '../boards/values.ts';
import { EtlError } from '../errors.ts';
import { captureOf, type HubCrawlDependencies, type HubCrawlInput, type ListFacts } from './hub.ts';
import { askEach, type Had } from './one-by-one.ts';

/** A repository that a list named. */
export interface ListedRepo {
  _id: string;
  id: string;
}

/**
 * Takes repositories one by one, with all fields. One that is not to be had, or that another one has
 * taken the name of, is stated as missed.
 *
 * @throws {EtlError} AUTH_TOKEN, HTTP_…, STORAGE_…
 */
export async function crawlSingles(
  dependencies: HubCrawlDependencies,
  { repos, ...input }: HubCrawlInput & { repos: readonly ListedRepo[] },
  signals: WalkSignals,
): Promise<ListFacts> {
  const { client } = dependencies;
  const { kind, expands, run } = input;
  const source = singlesOf(kind);
  const ids = new Map(repos.map(({ _id, id }) => [id, _id]));
  const ask = async (id: string, signal: AbortSignal): Promise<Had> => {
    const path = withExpands(repoPath(kind, id), expands);
    const { answer, value } = await client.getJson(path, signal);
    if (field(value, '_id') !== ids.get(id))
      throw new EtlError('HTTP_STATUS', `${id} is another repository now`);
    const facts = { source: `${source}/${id}`, next: null, count: 1 };
    return { captures: [captureOf(client, answer, facts)], missed: [] };
  };
  const nameOf = (named: string): string => named.slice(source.length + 1);
  // One that the Hub cannot give is no reason to have no list.
  const walk = { source, run, names: [...ids.keys()], nameOf, ask, mayLackAll: true };
  return askEach(dependencies, walk, signals);
}
