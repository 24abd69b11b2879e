import type { Config, Source } from '../config.ts';
import { EtlError } from '../errors.ts';
import { listDatasets } from '../storage/captures.ts';
import { describeDataset } from '../storage/dataset-facts.ts';
import type { Crawl, CrawlDependencies } from './crawl-stage.ts';
import { saveRun, type HubFacts, type RunState } from './state.ts';
import type { HubCrawlDependencies, HubCrawlInput, ListFacts } from '../crawlers/hub.ts';

/** A source that failed; the others went on. */
export interface SourceFailure {
  source: string;
  error: unknown;
}

type HubSource = 'models' | 'catchup' | 'tags' | 'benchmarks';

const PENDING: HubFacts = {
  status: 'pending',
  requests: 0,
  pages: 0,
  listed: 0,
  resumedFrom: null,
  seconds: 0,
};

/** Milliseconds between two saves of a running crawl's counts; the captures need none of them. */
const SAVE_EVERY_MS = 2000;

/**
 * Takes what is missing of each source into raw captures; what a run before this one committed stays.
 * A source that fails does not stop the others.
 */
export async function crawlStage(
  dependencies: CrawlDependencies,
  config: Config,
  state: RunState,
): Promise<SourceFailure[]> {
  if (dependencies.signal.aborted) return [];
  // Crawlee takes half a second to load: only commands that crawl pay it.
  const { createConfiguration } = await import('../storage/storage-client.ts');
  const failures: SourceFailure[] = [];
  const crawl: Crawl = {
    dependencies,
    config,
    state,
    expands: [],
    configuration: createConfiguration(config.storage),
  };
  const hubSources = await reachHub(crawl, failures);
  const steps: Record<Source, (crawl: Crawl) => Promise<void>> = {
    tags: crawlTagsStep,
    models: crawlModelsStep,
    benchmarks: crawlBenchmarksStep,
    boards: crawlBoardsStep,
  };
  for (const source of ['tags', 'models', 'benchmarks', 'boards'] as const) {
    if (!config.sources.includes(source) || dependencies.signal.aborted) continue;
    if (source !== 'boards' && !hubSources) continue;
    try {
      await steps[source](crawl);
      await rememberDatasets(crawl);
    } catch (error) {
      if (dependencies.signal.aborted && isAbort(error)) break;
      failures.push({ source, error });
      if (isFatal(error)) break;
    }
  }
  // Of a source that failed, too: what it has is exported.
  await rememberDatasets(crawl);
  return failures;
}

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

function hubDependencies({
  dependencies,
  config,
  state,
  configuration,
}: Crawl): HubCrawlDependencies {
  const { client } = dependencies;
  let savedAt = 0;
  return {
    client,
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
  list: () => Promise<ListFacts>,
): Promise<void> {
  const { dependencies, config, state } = crawl;
  const entry = (state.sources[source] ??= { ...PENDING });
  if (entry.status === 'done') return;
  const { client } = dependencies;
  const requestsBefore = entry.requests - client.requests();
  const startedAt = dependencies.now().getTime() - entry.seconds * 1000;
  entry.status = 'running';
  try {
    const facts = await list();
    entry.status = facts.status === 'done' ? 'done' : 'running';
    entry.pages = facts.pages;
    entry.listed = facts.records;
    entry.resumedFrom = facts.resumedFrom ?? entry.resumedFrom;
    if (facts.last !== undefined) entry.last = facts.last;
    if (facts.counted !== undefined) entry.counted = facts.counted;
  } catch (error) {
    entry.status = 'failed';
    throw error;
  } finally {
    entry.requests = requestsBefore + client.requests();
    entry.seconds = Math.round((dependencies.now().getTime() - startedAt) / 1000);
    saveRun(config.storage, state);
  }
}

async function crawlTagsStep(crawl: Crawl): Promise<void> {
  const { crawlTags } = await import('../crawlers/hub.ts');
  const { state, dependencies } = crawl;
  await counted(crawl, 'tags', () => crawlTags(hubDependencies(crawl), state.run, dependencies));
}

async function crawlModelsStep(crawl: Crawl): Promise<void> {
  const { crawlCatchup, crawlModels } = await import('../crawlers/hub.ts');
  const { state, config, dependencies, expands } = crawl;
  const hub = hubDependencies(crawl);
  const input: HubCrawlInput = {
    run: state.run,
    filter: config.filter,
    author: config.author,
    light: config.light,
    pageSize: config.pageSize,
    limit: config.limit ?? Infinity,
    expands,
  };
  await counted(crawl, 'models', () => crawlModels(hub, input, dependencies));
  // A sample is what the first pages hold: changes elsewhere in the Hub are no part of it.
  if (config.limit !== undefined || dependencies.signal.aborted) return;
  const since = state.catchupSince ?? state.startedAt;
  await counted(crawl, 'catchup', () => crawlCatchup(hub, { ...input, since }, dependencies));
}

/**
 * Asks the Hub for its fields, once a run and before anything else: an endpoint that is down or no Hub
 * fails here, with one error. False when no source of the Hub can be read.
 */
async function reachHub(crawl: Crawl, failures: SourceFailure[]): Promise<boolean> {
  const { state, config, dependencies } = crawl;
  const wanted = config.sources.filter((it) => it !== 'boards');
  if (wanted.length === 0) return false;
  const { probeFields } = await import('../crawlers/hub.ts');
  try {
    const options = { light: config.light, signal: dependencies.kill };
    const probed = await probeFields(dependencies.client, options);
    if (wanted.includes('models')) {
      const models = (state.sources.models ??= { ...PENDING });
      models.requests += dependencies.client.requests();
    }
    crawl.expands = probed.expands;
    noteDrift(crawl, probed);
    state.catchupSince ??= probed.serverTime ?? state.startedAt;
    // A crawl that is killed before its first page must not move this time.
    saveRun(config.storage, state);
    return true;
  } catch (error) {
    if (!dependencies.signal.aborted) failures.push({ source: 'hub', error });
    return false;
  }
}

function noteDrift(
  { state, dependencies }: Crawl,
  { removed, added, readable }: { removed: string[]; added: string[]; readable: boolean },
): void {
  const { log } = dependencies;
  if (!readable) log.warn('the Hub did not name its fields: drift of fields is not checked');
  if (removed.length > 0) log.warn({ removed }, 'the Hub no longer has fields that we ask for');
  if (added.length > 0) log.warn({ added }, 'the Hub has fields that we do not ask for');
  if (readable) state.expandDrift = { removed, added };
}

async function crawlBenchmarksStep(crawl: Crawl): Promise<void> {
  const { crawlBenchmarks } = await import('../crawlers/benchmarks.ts');
  const { state, dependencies } = crawl;
  await counted(crawl, 'benchmarks', () =>
    crawlBenchmarks(hubDependencies(crawl), state.run, dependencies),
  );
}

async function crawlBoardsStep(crawl: Crawl): Promise<void> {
  const { crawlBoardsOf } = await import('./boards.ts');
  await crawlBoardsOf(crawl);
}
