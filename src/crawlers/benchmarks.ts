import { nextLink } from '../api/link-header.ts';
import { BENCHMARKS_PATH, leaderboardPath } from '../api/benchmarks.ts';
import type { JsonAnswer } from '../api/hub-client.ts';
import type { Capture } from '../capture.ts';
import { EtlError } from '../errors.ts';
import { readCaptures } from '../storage/captures.ts';
import { openCaptures, type CapturesOut } from './captures-out.ts';
import { datasetName, missedWriter } from './hub-lists.ts';
import type { HubCrawlDependencies, HubCrawlSignals, ListFacts } from './hub-lists.ts';

/** What a missing or closed leaderboard answers; the others go on. */
const EXPECTED_FAILURES = new Set(['AUTH_DENIED', 'HTTP_STATUS']);

/**
 * Takes the list of the Hub's official benchmarks and the leaderboard of each, from where the dataset
 * `benchmarks-<run>` stops. A gated leaderboard, or a benchmark without one, is stated as missed.
 *
 * @throws {EtlError} HTTP_…, AUTH_TOKEN, STORAGE_…
 */
export async function crawlBenchmarks(
  dependencies: HubCrawlDependencies,
  run: string,
  signals: HubCrawlSignals,
): Promise<ListFacts> {
  const { config, storageDir } = dependencies;
  const name = datasetName('benchmarks', run);
  const out = await openCaptures(config, storageDir, name);
  const done = await committedSources(storageDir, name);
  const facts: ListFacts = {
    status: 'done',
    pages: out.committed.pages,
    records: out.committed.records,
    resumedFrom: out.committed.pages > 0 ? out.committed.pages : null,
  };
  const missed = missedWriter(dependencies, run);
  const take = async (source: string, path: string): Promise<JsonAnswer> => {
    const answer = await dependencies.client.getJson(path, signals.kill);
    const count = await commit(dependencies, out, { source, answer });
    facts.pages += 1;
    facts.records += count;
    dependencies.onProgress('benchmarks', facts);
    return answer;
  };

  const ids = done.get('benchmarks') ?? idsOf((await take('benchmarks', BENCHMARKS_PATH)).value);
  for (const id of ids) {
    const source = `benchmarks/${id}`;
    if (done.has(source)) continue;
    if (signals.signal.aborted) return { ...facts, status: 'interrupted' };
    try {
      await take(source, leaderboardPath(id));
    } catch (error) {
      if (!(error instanceof EtlError) || !EXPECTED_FAILURES.has(error.code)) throw error;
      const reason = error.code === 'AUTH_DENIED' ? 'gated' : 'private_or_missing';
      const at = new Date(dependencies.client.clock.now()).toISOString();
      await missed({ id, source, reason, detail: error.message, url: urlOf(error), at });
    }
  }
  return facts;
}

const urlOf = ({ context }: EtlError): string =>
  typeof context['url'] === 'string' ? context['url'] : '';

/** The sources that are committed; the list of benchmarks with the ids it names. */
async function committedSources(storageDir: string, name: string): Promise<Map<string, string[]>> {
  const done = new Map<string, string[]>();
  for await (const { capture } of readCaptures(storageDir, name)) {
    const isList = capture.source === 'benchmarks';
    done.set(capture.source, isList ? idsOf(JSON.parse(capture.body)) : []);
  }
  return done;
}

function idsOf(list: unknown): string[] {
  const records: unknown[] = Array.isArray(list) ? list : [];
  return records.flatMap((it) =>
    typeof it === 'object' && it !== null && 'id' in it && typeof it.id === 'string' ? [it.id] : [],
  );
}

async function commit(
  { client }: HubCrawlDependencies,
  out: CapturesOut,
  { source, answer }: { source: string; answer: JsonAnswer },
): Promise<number> {
  const { url, status, headers } = answer.answer;
  const link = nextLink(headers['link']);
  if (link !== undefined) {
    throw new EtlError('HUB_PAGING', `GET ${url}: the list has a second page, which is new to us`);
  }
  const count = Array.isArray(answer.value) ? answer.value.length : 0;
  const capture: Capture = {
    source,
    url,
    status,
    headers: { 'content-type': headers['content-type'] ?? '' },
    fetchedAt: new Date(client.clock.now()).toISOString(),
    next: null,
    count,
    body: answer.text,
  };
  await out.write(capture);
  return count;
}
