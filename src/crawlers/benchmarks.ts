import { BENCHMARKS_PATH } from '../api/benchmarks.ts';
import { cursorOf } from '../api/repos.ts';
import { walkList, type WalkSignals } from '../api/list.ts';
import { EtlError } from '../errors.ts';
import { isDatasetId, nameSource, parseSource } from '../boards/benchmark-source.ts';
import { readEvalYaml } from '../boards/eval-yaml.ts';
import { field } from '../boards/values.ts';
import { bodyOf, openCaptures, readCaptures } from '../storage/captures.ts';
import {
  readAny,
  takeBoards,
  type BenchmarkWalk,
  type ListedBenchmark,
} from './benchmark-boards.ts';
import { askLast, type LastRecord } from './list-end.ts';
import {
  captureOf,
  datasetName,
  factsSoFar,
  type HubCrawlDependencies,
  type ListFacts,
} from './hub.ts';

/**
 * Takes the list of the Hub's official benchmarks, the `eval.yaml` of each, and its leaderboards: the
 * one of each task and the one that the Hub gives when no task is asked for. It goes on from where the
 * dataset `benchmarks-<run>` stops. A benchmark that is closed, or has no leaderboard, is stated as
 * missed, and the others go on.
 *
 * @throws {EtlError} HTTP_…, AUTH_TOKEN, HUB_PAGING, HUB_INCOMPLETE, STORAGE_…
 */
export async function crawlBenchmarks(
  dependencies: HubCrawlDependencies,
  run: string,
  signals: WalkSignals,
): Promise<ListFacts> {
  const { storageDir } = dependencies;
  const name = datasetName('benchmarks', run);
  const out = await openCaptures(storageDir, name);
  const committed = await readCommitted(storageDir, name);
  const facts = factsSoFar(out.committed);
  const walk: BenchmarkWalk = {
    dependencies,
    signals,
    done: committed.sources,
    rest: committed.rest,
    async write(capture) {
      await out.write(capture);
      facts.pages += 1;
      facts.records += capture.count;
      dependencies.onProgress('benchmarks', facts);
    },
  };
  try {
    const list = await takeList(walk, committed);
    if (list?.last !== undefined && isDatasetId(list.last.id)) facts.last = list.last;
    const finished = list !== null && (await takeBoards(walk, list.listed));
    return finished ? facts : { ...facts, status: 'interrupted' };
  } finally {
    await out.close();
  }
}

interface CommittedBenchmarks {
  /** Of the pages of the list that are committed. */
  listed: ListedBenchmark[];
  /** The page of the list after those; null when it is whole. */
  next: string | null;
  /** Cursors of the pages before it; '' for the first. */
  seen: string[];
  /** Every source that is committed; of an `eval.yaml` the tasks, or null where they are unreadable. */
  sources: Map<string, readonly string[] | null>;
  /** The next page of a leaderboard that is not whole. */
  rest: Map<string, string>;
}

async function readCommitted(storageDir: string, name: string): Promise<CommittedBenchmarks> {
  const committed: CommittedBenchmarks = {
    listed: [],
    next: BENCHMARKS_PATH,
    seen: [],
    sources: new Map(),
    rest: new Map(),
  };
  for await (const stored of readCaptures(storageDir, name)) {
    const { facts } = stored;
    const source = parseSource(facts.source);
    if (source?.kind === 'list') {
      committed.listed.push(...benchmarksIn(JSON.parse(bodyOf(stored).toString())));
      committed.seen.push(cursorOf(facts.url) ?? '');
      committed.next = facts.next;
    }
    if (source?.kind === 'board' && facts.next !== null) {
      committed.rest.set(facts.source, facts.next);
      continue;
    }
    const file = source?.kind === 'eval' ? readEvalYaml(bodyOf(stored).toString()) : { tasks: [] };
    committed.sources.set(facts.source, file?.tasks ?? null);
  }
  return committed;
}

interface BenchmarkList {
  /** All official benchmarks, each once. */
  listed: ListedBenchmark[];
  /** The record that it ends with; undefined for an empty list. */
  last: LastRecord | undefined;
}

/**
 * The list of official benchmarks; null when interrupted.
 *
 * @throws {EtlError} HUB_INCOMPLETE when the newest is not in the list, walked twice
 */
async function takeList(
  { dependencies: { client }, signals, write }: BenchmarkWalk,
  committed: CommittedBenchmarks,
): Promise<BenchmarkList | null> {
  const found = new Map(committed.listed.map((it) => [it.id, it]));
  let { next, seen } = committed;
  for (let isAgain = false; ; isAgain = true) {
    const start = next;
    const walk = start === null ? [] : walkList(client, { start, seen, read: readAny }, signals);
    for await (const page of walk) {
      const source = nameSource({ kind: 'list' });
      const count = page.records.length;
      await write(captureOf(client, page.answer, { source, next: page.next, count }));
      for (const it of benchmarksIn(page.records)) found.set(it.id, it);
      next = page.next;
    }
    if (next !== null) return null;
    const last = await askLast(client, BENCHMARKS_PATH, signals.kill);
    if (endsWith(found, last)) return { listed: [...found.values()], last: last ?? undefined };
    if (isAgain) {
      const id = last?.id ?? 'its last record, which the Hub does not tell';
      throw new EtlError('HUB_INCOMPLETE', `The list of benchmarks ended without ${id}`);
    }
    [next, seen] = [BENCHMARKS_PATH, []];
  }
}

/** A last record that is none is told by the export. */
const endsWith = (found: ReadonlyMap<string, unknown>, last: LastRecord | null): boolean =>
  last === null ? found.size === 0 : !isDatasetId(last.id) || found.has(last.id);

function benchmarksIn(list: unknown): ListedBenchmark[] {
  const records: unknown[] = Array.isArray(list) ? list : [list];
  return records.flatMap((it) => {
    const id = field(it, 'id');
    // An id that is none would be a path of its own making; the record itself is told by the export.
    if (typeof id !== 'string' || !isDatasetId(id)) return [];
    return [{ id, isOpen: field(it, 'gated') === false }];
  });
}
