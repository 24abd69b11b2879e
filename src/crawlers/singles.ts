import type { WalkSignals } from '../api/list.ts';
import { repoPath } from '../api/repos.ts';
import { field, textOf } from '../boards/values.ts';
import { EtlError } from '../errors.ts';
import { bodyOf, openCaptures, readCaptures } from '../storage/captures.ts';
import {
  captureOf,
  datasetName,
  singlesOf,
  type HubCrawlDependencies,
  type HubCrawlInput,
  type ListFacts,
} from './hub.ts';

/** A repository that a list named. */
export interface ListedRepo {
  _id: string;
  id: string;
}

/** Asked for at a time: the gate lets no more through than the quota allows. */
const SIDE_BY_SIDE = 8;

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
  const { storageDir, onProgress } = dependencies;
  const source = singlesOf(input.kind);
  const dataset = datasetName(source, input.run);
  const had = await idsIn(storageDir, dataset);
  const out = await openCaptures(storageDir, dataset);
  const { pages, records } = out.committed;
  const facts: ListFacts = {
    ...{ status: 'done', pages, records },
    resumedFrom: pages > 0 ? pages : null,
  };
  const waiting = repos.filter(({ _id }) => !had.has(_id)).values();
  const work = async (): Promise<void> => {
    for (const repo of waiting) {
      if (signals.signal.aborted) {
        facts.status = 'interrupted';
        return;
      }
      const found = await ask(dependencies, { ...input, source, repo }, signals.kill);
      if (found === null) continue;
      await out.write(found);
      facts.pages += 1;
      facts.records += 1;
      onProgress(source, facts);
    }
  };
  try {
    const ended = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, work));
    const failed = ended.find((it) => it.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return facts;
  } finally {
    await out.close();
  }
}

async function idsIn(storageDir: string, dataset: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const stored of readCaptures(storageDir, dataset))
    ids.add(textOf(field(JSON.parse(bodyOf(stored).toString()), '_id')) ?? '');
  return ids;
}

async function ask(
  { client, missed }: HubCrawlDependencies,
  { kind, expands, source, repo }: HubCrawlInput & { source: string; repo: ListedRepo },
  signal: AbortSignal,
) {
  const path = repoPath(kind, repo.id, expands);
  let failure: EtlError;
  try {
    const { answer, value } = await client.getJson(path, signal);
    if (textOf(field(value, '_id')) === repo._id)
      return captureOf(client, answer, { source, next: null, count: 1 });
    failure = new EtlError('HTTP_STATUS', `${path} is another repository now`);
  } catch (error) {
    if (!(error instanceof EtlError) || !OF_ONE.has(error.code)) throw error;
    failure = error;
  }
  const isRefused = ['AUTH_DENIED', 'HTTP_STATUS'].includes(failure.code);
  await missed.write({
    ...{ id: repo.id, source, detail: failure.message },
    reason: isRefused ? 'private_or_missing' : 'server_error',
    url: client.endpoint.at(path),
    at: new Date(client.clock.now()).toISOString(),
  });
  return null;
}

/** What says nothing of the others. */
const OF_ONE = new Set([
  'AUTH_DENIED',
  'HTTP_STATUS',
  'HTTP_BUSY',
  'HTTP_NOT_JSON',
  'HTTP_TOO_LARGE',
]);
