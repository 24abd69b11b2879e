import type { HubClient } from '../api/client.ts';
import { catchupOf, LIST_FIELDS, REPO_KINDS, singlesOf, type RepoKind } from '../api/repos.ts';
import type { Config, Source } from '../config.ts';
import { EtlError } from '../errors.ts';
import { crawlAuthors } from '../crawlers/authors.ts';
import { crawlBenchmarks } from '../crawlers/benchmarks.ts';
import { crawlDetails } from '../crawlers/details.ts';
import {
  crawlCatchup,
  crawlTags,
  type HubCrawlDependencies,
  type HubCrawlInput,
  type ListFacts,
} from '../crawlers/hub.ts';
import { missedWriter } from '../crawlers/missed.ts';
import { crawlParts } from '../crawlers/parts.ts';
import { crawlSingles } from '../crawlers/singles.ts';
import { listDatasets } from '../storage/captures.ts';
import { describeDataset } from '../storage/dataset-facts.ts';
import { dropDataset } from '../storage/dataset-folder.ts';
import { createConfiguration } from '../storage/storage-client.ts';
import { crawlBoardsOf } from './boards.ts';
import { carriedFrom, unseenChanges } from './carried.ts';
import { PENDING, type Crawl, type CrawlDependencies, type SourceFailure } from './crawl-stage.ts';
import { detailsOf } from './details.ts';
import { partStarts } from './parts.ts';
import { probe, reachHub } from './probe.ts';
import { span } from './telemetry.ts';
import { datasetsAmong, datasetsOf, runsBefore, saveRun } from './state.ts';
import type { HubSource, RunState } from './state.ts';

/** Milliseconds between two saves of a running crawl's counts; the captures need none of them. */
const SAVE_EVERY_MS = 2000;

type Step = Source | 'details';

/** Sources of one step are taken side by side, under the one quota; each step needs the one before. */
const STEPS: readonly (readonly Step[])[] = [
  ['tags'],
  REPO_KINDS,
  ['benchmarks', 'authors', 'details'],
  ['boards'],
];

/**
 * Takes what is missing of each source into raw captures; what a run before this one committed stays.
 * A source that fails does not stop the others.
 */
export async function crawlStage(
  dependencies: CrawlDependencies,
  config: Config,
  state: RunState,
): Promise<SourceFailure[]> {
  const { signal, now } = dependencies;
  if (signal.aborted) return [];
  const failures: SourceFailure[] = [];
  const crawl: Crawl = {
    dependencies,
    config,
    state,
    expands: {},
    configuration: createConfiguration(config.storage),
    missed: missedWriter(config.storage, `missed-${state.run}`, now),
  };
  const hubSources = await reachHub(crawl, failures);
  for (const step of STEPS) {
    const wanted = step
      .filter((it) =>
        it === 'details' ? config.details !== undefined : config.sources.includes(it),
      )
      .filter((it) => it === 'boards' || hubSources);
    if (wanted.length === 0 || signal.aborted) continue;
    const failed = await takeStep(crawl, wanted);
    failures.push(...failed.filter(({ error }) => !signal.aborted || !isAbort(error)));
    // Of a source that failed, too: what it has is exported.
    await rememberDatasets(crawl);
    if (failed.some(({ error }) => isFatal(error))) break;
  }
  return failures;
}

async function takeStep(crawl: Crawl, sources: readonly Step[]): Promise<SourceFailure[]> {
  const { state, dependencies } = crawl;
  const takers: Record<Exclude<Step, RepoKind>, () => Promise<void>> = {
    tags: () => counted(crawl, 'tags', (hub) => crawlTags(hub, state.run, dependencies)),
    authors: () => crawlAuthorsStep(crawl),
    details: () =>
      counted(crawl, 'details', async (hub) =>
        crawlDetails(hub, { run: state.run, ids: await detailsOf(crawl) }, dependencies),
      ),
    benchmarks: () =>
      counted(crawl, 'benchmarks', (hub) => crawlBenchmarks(hub, state.run, dependencies)),
    boards: () => crawlBoardsOf(crawl),
  };
  const results = await Promise.allSettled(
    sources.map((it) => (isKind(it) ? crawlReposStep(crawl, it) : takers[it]())),
  );
  await crawl.missed.close();
  const failures = results.flatMap((it, at) =>
    it.status === 'rejected' ? [{ source: sources[at] ?? '', error: it.reason as unknown }] : [],
  );
  if (!crawl.dependencies.signal.aborted)
    for (const it of failures) crawl.dependencies.onFailure(it, 'source failed');
  const lists = sources.filter(isKind).map((it) => crawl.state.sources[it]);
  const isEmpty = lists.every((it) => it?.status === 'done' && it.listed === 0);
  if (lists.length === 0 || !isEmpty || crawl.dependencies.signal.aborted) return failures;
  const error = new EtlError(
    'HUB_EMPTY',
    `${crawl.config.endpoint} lists nothing that was asked for`,
  );
  return [{ source: sources[0] ?? '', error }];
}

const isKind = (source: Step): source is RepoKind => REPO_KINDS.some((it) => it === source);

/** Keeps in the run's state what its datasets hold: an export takes nothing else. */
async function rememberDatasets({ dependencies, config, state }: Crawl): Promise<void> {
  // Five seconds are left at most; the next process of this run does it.
  if (dependencies.signal.aborted) return;
  for (const name of await listDatasets(config.storage)) {
    if (!name.endsWith(`-${state.run}`)) continue;
    state.datasets[name] = await describeDataset(config.storage, name, state.datasets[name]);
  }
  saveRun(config.storage, state);
}

const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');

/** Nothing else can work either: the disk, the token. */
const isFatal = (error: unknown): boolean =>
  error instanceof EtlError && /^(?:STORAGE|AUTH_TOKEN)/.test(error.code);

function hubDependencies(
  { dependencies, config, state, configuration, missed }: Crawl,
  client: HubClient,
): HubCrawlDependencies {
  let savedAt = 0;
  return {
    ...{ client, missed },
    config: configuration,
    storageDir: config.storage,
    onProgress(source, facts) {
      dependencies.onProgress(source, facts);
      const entry = state.sources[source as HubSource];
      if (entry === undefined) return;
      Object.assign(entry, { pages: facts.pages, listed: facts.records });
      const now = dependencies.now().getTime();
      if (now - savedAt < SAVE_EVERY_MS) return;
      savedAt = now;
      saveRun(config.storage, state);
    },
  };
}

/** Runs one list, keeping its counts in the run's state. */
async function counted(
  crawl: Crawl,
  source: HubSource,
  list: (hub: HubCrawlDependencies) => Promise<ListFacts>,
): Promise<void> {
  const { dependencies, config, state } = crawl;
  const entry = (state.sources[source] ??= { ...PENDING });
  if (entry.status === 'done') return;
  const client = dependencies.client.fork();
  const requestsBefore = entry.requests;
  const startedAt = dependencies.now().getTime() - entry.seconds * 1000;
  entry.status = 'running';
  try {
    const facts = await span(source, { run: state.run }, () =>
      list(hubDependencies(crawl, client)),
    );
    entry.status = facts.status === 'done' ? 'done' : 'running';
    entry.pages = facts.pages;
    entry.listed = facts.records;
    entry.resumedFrom = facts.resumedFrom ?? entry.resumedFrom;
    if (facts.last !== undefined) entry.last = facts.last;
    if (facts.counted !== undefined) entry.counted = facts.counted;
    const { pages, records } = facts;
    dependencies.onProgress(source, { pages, records, ended: entry.status === 'done' });
  } catch (error) {
    entry.status = 'failed';
    dependencies.onProgress(source, { note: 'failed', ended: true });
    throw error;
  } finally {
    entry.requests = requestsBefore + client.requests();
    entry.seconds = Math.round((dependencies.now().getTime() - startedAt) / 1000);
    saveRun(config.storage, state);
  }
}

async function crawlReposStep(crawl: Crawl, kind: RepoKind): Promise<void> {
  const { state, config, dependencies } = crawl;
  await chooseWay(crawl, kind);
  const carried = state.carried[kind];
  const inputOf = async ({ client }: HubCrawlDependencies): Promise<HubCrawlInput> => ({
    kind,
    run: state.run,
    filter: config.filter,
    author: config.author,
    pageSize: config.pageSize,
    limit: config.limit ?? Infinity,
    expands: crawl.expands[kind] ?? (await probe(crawl, client, kind)).expands,
  });
  await counted(crawl, kind, async (hub) => {
    const input = await inputOf(hub);
    const { light } = LIST_FIELDS[kind];
    if (carried !== undefined) input.expands = input.expands.filter((it) => light.includes(it));
    return crawlParts(hub, { input, starts: state.parts[kind] ?? [] }, dependencies);
  });
  // A sample is what the first pages hold: changes elsewhere in the Hub are no part of it.
  if (config.limit !== undefined || dependencies.signal.aborted) return;
  const since = carried?.since ?? state.catchupSince ?? state.startedAt;
  await counted(crawl, catchupOf(kind), async (hub) =>
    crawlCatchup(hub, { ...(await inputOf(hub)), since }, dependencies),
  );
  const isAsked = state.sources[singlesOf(kind)]?.status === 'done';
  if (carried === undefined || isAsked || dependencies.signal.aborted) return;
  const repos = await unseenChanges(config, state, kind);
  if (repos === null) return crawlInFull(crawl, kind);
  await counted(crawl, singlesOf(kind), async (hub) =>
    crawlSingles(hub, { ...(await inputOf(hub)), repos }, dependencies),
  );
}

/** A light list that cannot be completed record by record is thrown away. */
async function crawlInFull(crawl: Crawl, kind: RepoKind): Promise<void> {
  const { state, config, dependencies } = crawl;
  dependencies.log.warn(
    { kind },
    'what changed is too much, or cannot be told: all fields are asked for',
  );
  const sources = [kind, catchupOf(kind)] as const;
  // A process that dies before the last line walks the light list once more.
  for (const source of sources) delete state.sources[source];
  saveRun(config.storage, state);
  const names = await listDatasets(config.storage);
  for (const source of sources)
    for (const name of datasetsAmong(names, { run: state.run, source })) {
      await dropDataset(config.storage, name);
      delete state.datasets[name];
    }
  delete state.carried[kind];
  saveRun(config.storage, state);
  await crawlReposStep(crawl, kind);
}

/** Chosen before the first page, and kept: a run that goes on has the parts, and the fields, that it began with. */
async function chooseWay({ state, config, dependencies }: Crawl, kind: RepoKind): Promise<void> {
  if (state.parts[kind] !== undefined) return;
  const carried = await carriedFrom(config, state, kind);
  if (carried !== null) state.carried[kind] = carried;
  const limit = dependencies.client.gate.last();
  state.parts[kind] = await partStarts(config, state, { kind, limit });
  saveRun(config.storage, state);
}

/** Runs whose overviews may be taken over: one that was interrupted has few. */
const EARLIER_RUNS = 3;

async function crawlAuthorsStep(crawl: Crawl): Promise<void> {
  const { state, config, dependencies } = crawl;
  const earlier = runsBefore(config.storage, state)
    .filter(({ params }) => params.endpoint === config.endpoint)
    .flatMap((it) => datasetsOf(it, 'authors'))
    .slice(-EARLIER_RUNS);
  const lists = REPO_KINDS.flatMap((it) => datasetsOf(state, it));
  const { overviews } = state.params;
  const input = { run: state.run, overviews, lists, earlier };
  await counted(crawl, 'authors', (hub) => crawlAuthors(hub, input, dependencies));
}
