import type { HubClient } from '../api/client.ts';
import type { WalkSignals } from '../api/list.ts';
import { overviewPath } from '../api/overviews.ts';
import { nameAsked, parseAsked, type OwnerKind } from '../boards/asked-source.ts';
import type { Capture } from '../storage/capture.ts';
import { bodyOf, readCaptures } from '../storage/captures.ts';
import { captureOf, type HubCrawlDependencies, type ListFacts } from './hub.ts';
import { topOwners } from './listed.ts';
import { askEach, ownFailure, type Had } from './one-by-one.ts';

interface AuthorsInput {
  run: string;
  /** How many owners are asked for, those of most downloads first. */
  overviews: number;
  /** The captures of this run's lists. */
  lists: readonly string[];
  /** Overviews that earlier runs took, the newest dataset last. */
  earlier: readonly string[];
}

/** An overview that is younger is not asked for again. */
const FRESH_MS = 7 * 86_400_000;

/**
 * Takes the overviews of the owners of most downloads, one request each, two where the name is not what
 * it is taken for; those of an earlier run are taken over while they are young, as they were captured.
 *
 * @throws {EtlError} as `askEach` does
 */
export async function crawlAuthors(
  dependencies: HubCrawlDependencies,
  input: AuthorsInput,
  signals: WalkSignals,
): Promise<ListFacts> {
  const { storageDir, client } = dependencies;
  const names = await topOwners(storageDir, input.lists, input.overviews);
  const known = await readOverviews(storageDir, input.earlier);
  const ask = async (name: string, signal: AbortSignal): Promise<Had> => {
    const last = known.get(name);
    const isFresh = last !== undefined && ageMs(client.clock.now(), last) < FRESH_MS;
    return isFresh
      ? { captures: [last], missed: [] }
      : askOwner(client, { name, last: parseAsked('authors', last?.source ?? '')?.kind }, signal);
  };
  const nameOf = (source: string) => parseAsked('authors', source)?.name;
  return askEach(dependencies, { source: 'authors', run: input.run, names, nameOf, ask }, signals);
}

/** One from the future is of a clock that was wrong: it is asked for again. */
const ageMs = (now: number, { fetchedAt }: Capture): number => {
  const age = now - Date.parse(fetchedAt);
  return age >= 0 ? age : Infinity;
};

/** The newest overview of each owner. */
async function readOverviews(
  storageDir: string,
  datasets: readonly string[],
): Promise<Map<string, Capture>> {
  const found = new Map<string, Capture>();
  for (const dataset of datasets) {
    for await (const stored of readCaptures(storageDir, dataset)) {
      const author = parseAsked('authors', stored.facts.source);
      if (author !== null) found.set(author.name, { ...stored.facts, body: bodyOf(stored) });
    }
  }
  return found;
}

/** The overview of an owner, of the kind that it was before first. */
async function askOwner(
  client: HubClient,
  { name, last }: { name: string; last: OwnerKind | undefined },
  signal: AbortSignal,
): Promise<Had> {
  const ask = async (kind: OwnerKind): Promise<Had> => {
    const { answer } = await client.getJson(overviewPath(kind, name), signal);
    const facts = { source: nameAsked('authors', { kind, name }), next: null, count: 1 };
    return { captures: [captureOf(client, answer, facts)], missed: [] };
  };
  const first = last ?? 'organization';
  return ask(first).catch((error: unknown) => {
    // Only a name that is none of this kind may be one of the other.
    if (ownFailure(error).context['status'] !== 404) throw error;
    return ask(first === 'user' ? 'organization' : 'user');
  });
}
