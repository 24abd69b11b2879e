import type { WalkSignals } from '../api/list.ts';
import { overviewPath } from '../api/overviews.ts';
import { nameAuthor, OWNER_KINDS, parseAuthor, type OwnerKind } from '../boards/author-source.ts';
import { EtlError } from '../errors.ts';
import type { Capture } from '../storage/capture.ts';
import { bodyOf, openCaptures, readCaptures } from '../storage/captures.ts';
import { captureOf, datasetName, type HubCrawlDependencies, type ListFacts } from './hub.ts';
import { topOwners } from './owners.ts';

export interface AuthorsInput {
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
 * An owner that is not to be had is stated as missed, and the others go on.
 *
 * @throws {EtlError} HTTP_…, AUTH_TOKEN, STORAGE_…; the first failure of the server when nobody was had
 */
export async function crawlAuthors(
  dependencies: HubCrawlDependencies,
  input: AuthorsInput,
  signals: WalkSignals,
): Promise<ListFacts> {
  const { storageDir, client, onProgress } = dependencies;
  const dataset = datasetName('authors', input.run);
  const names = await topOwners(storageDir, input.lists, input.overviews);
  const known = await readOverviews(storageDir, input.earlier);
  const done = await readOverviews(storageDir, [dataset]);
  const out = await openCaptures(storageDir, dataset);
  const { pages, records } = out.committed;
  const resumedFrom = pages > 0 ? pages : null;
  const facts: ListFacts = { status: 'done', pages, records, resumedFrom };
  let failure: EtlError | undefined;
  try {
    for (const name of names.filter((it) => !done.has(it))) {
      if (signals.signal.aborted) return { ...facts, status: 'interrupted' };
      const last = known.get(name);
      const isFresh = last !== undefined && ageMs(client.clock.now(), last) < FRESH_MS;
      const found = isFresh ? last : await ask(dependencies, { name, last }, signals.kill);
      if (found instanceof EtlError) {
        failure ??= isServerFailure(found) ? found : undefined;
        await miss(dependencies, name, found);
        continue;
      }
      await out.write(found);
      facts.pages += 1;
      facts.records += 1;
      onProgress('authors', facts);
    }
  } finally {
    await out.close();
  }
  if (failure !== undefined && facts.records === 0) throw failure;
  return facts;
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
      const author = parseAuthor(stored.facts.source);
      if (author !== null) found.set(author.name, { ...stored.facts, body: bodyOf(stored) });
    }
  }
  return found;
}

/** The overview of an owner, of the kind that it was before first; else why there is none. */
async function ask(
  { client }: HubCrawlDependencies,
  { name, last }: { name: string; last: Capture | undefined },
  signal: AbortSignal,
): Promise<Capture | EtlError> {
  const before = parseAuthor(last?.source ?? '')?.kind;
  const kinds: readonly OwnerKind[] = before === 'user' ? OWNER_KINDS.toReversed() : OWNER_KINDS;
  let refusal: EtlError | undefined;
  for (const kind of kinds) {
    try {
      const { answer } = await client.getJson(overviewPath(kind, name), signal);
      const source = nameAuthor({ kind, name });
      return captureOf(client, answer, { source, next: null, count: 1 });
    } catch (error) {
      if (!(error instanceof EtlError) || !(isRefusal(error) || isServerFailure(error)))
        throw error;
      refusal = error;
      // Only a name that is none of this kind may be one of the other.
      if (error.context['status'] !== 404) break;
    }
  }
  return refusal ?? new EtlError('HTTP_STATUS', `nobody was asked for ${name}`);
}

const isRefusal = ({ code }: EtlError): boolean => code === 'AUTH_DENIED' || code === 'HTTP_STATUS';

const isServerFailure = ({ code }: EtlError): boolean =>
  ['HTTP_BUSY', 'HTTP_NOT_JSON', 'HTTP_TOO_LARGE'].includes(code);

async function miss(
  { client, missed }: HubCrawlDependencies,
  name: string,
  error: EtlError,
): Promise<void> {
  const { url } = error.context;
  await missed.write({
    id: name,
    source: 'authors',
    reason: isServerFailure(error) ? 'server_error' : 'private_or_missing',
    detail: error.message,
    url: typeof url === 'string' ? url : '',
    at: new Date(client.clock.now()).toISOString(),
  });
}
