import path from 'node:path';
import { catchupOf, REPO_KINDS, singlesOf } from '../api/repos.ts';
import { undescribedBoard, wantedBoards } from '../boards/choice.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';
import type { CheckResult } from '../export/checks/check.ts';
import type { ExportInput } from '../export/export-session.ts';
import type { DuckdbPlan } from '../export/duckdb/plan.ts';
import type { BigqueryLoad } from '../export/bigquery/load.ts';
import type { HubLoad } from '../export/hub/publication.ts';
import type { Asked, CrawlFacts, Manifest } from '../export/manifest.ts';
import type { ReportListener, SourceProgress } from './crawl-stage.ts';
import { listDatasets } from '../storage/captures.ts';
import { bytesOf, checkDataset } from '../storage/dataset-facts.ts';
import { carriedBy, carriedRuns } from './carried.ts';
import { readDevelopers, readNames } from './given-files.ts';
import { knownBoards } from './known-boards.ts';
import { bigqueryPlace, bucketPlace, checkWarehouse, warehousePath } from './places.ts';
import { hubTargets, lacksRelease, publish, type PublishDependencies } from './publish.ts';
import { eventsOf } from './release-before.ts';
import {
  datasetsOf,
  HUB_SOURCES,
  outcomeOf,
  readRuns,
  type CrawlParams,
  type HubFacts,
  type HubSource,
  type RunState,
} from './state.ts';

export interface ExportDependencies extends PublishDependencies, ReportListener {
  onProgress: (source: string, facts: SourceProgress) => void;
}

/** A finished export and, after `loadStage`, where it was loaded. */
export interface Exported {
  folder: string;
  manifest: Manifest;
  warehouse: { kind: 'duckdb'; path: string } | undefined;
  /** What a load into the DuckDB file would do; only of a dry run. */
  plan?: DuckdbPlan;
  bigquery?: BigqueryLoad;
  /** What was published on the Hub, or would be. */
  hub?: HubLoad[];
  /** What the checks of each warehouse said, also when they refused. */
  checks?: Partial<Record<'duckdb' | 'bigquery', readonly CheckResult[]>>;
  /** True when everything that was asked for is published. */
  loaded: boolean;
}

/** Turns the captures of a crawl into the files of all tables; offline and repeatable. */
export async function exportStage(
  { client, signal, onProgress, onWarning }: ExportDependencies,
  config: Config,
  state: RunState,
): Promise<Exported> {
  const { exportRun } = await import('../export/export.ts');
  const { recoverAll } = await import('../export/folder.ts');
  await checkCaptures(config.storage, state);
  const known = knownBoards(config);
  const { crawlFinishedAt } = state;
  if (crawlFinishedAt === null) {
    throw new EtlError('EXPORT_MISSING', `The crawl of run ${state.run} is not finished`);
  }
  const own = path.join(config.storage, 'exports');
  await recoverAll(own);
  const folder = config.out ?? path.join(own, state.run);
  const manifest = await exportRun(
    {
      ...inputOf(config, { ...state, crawlFinishedAt }, known),
      ...(await givenFiles(config)),
      ...(await eventsOf({ client, signal }, config, state)),
    },
    {
      out: folder,
      compress: config.compress,
      signal,
      onProgress: (records) => onProgress('export', { records }),
      formats: config.to.filter((it) => it === 'jsonl' || it === 'parquet' || it === 'csv'),
      ...(config.tables === undefined ? {} : { tables: config.tables }),
      ...(config.workers === undefined ? {} : { workers: config.workers }),
    },
  );
  for (const source of REPO_KINDS) {
    const warnings = manifest.sources[source]?.['warnings'];
    if (warnings !== undefined) onWarning({ source }, String(warnings));
  }
  onProgress('export', { ended: true });
  return { folder, manifest, warehouse: undefined, loaded: false };
}

/** What the user gave beside the captures. */
const givenFiles = async ({ names, developers }: Config) => ({
  names: names === undefined ? undefined : await readNames(names),
  developers: developers === undefined ? undefined : await readDevelopers(developers),
});

/** What an export needs of a run and of the settings. */
function inputOf(
  { storage, publishable }: Config,
  state: RunState & { crawlFinishedAt: string },
  known: readonly BoardDefinition[],
): ExportInput {
  const dataset = (source: string): string | null => {
    const name = `${source}-${state.run}`;
    return state.datasets[name] === undefined ? null : name;
  };
  return {
    storageDir: storage,
    run: state.run,
    startedAt: state.startedAt,
    finishedAt: state.crawlFinishedAt,
    version: state.version,
    endpoint: state.params.endpoint,
    datasets: {
      ...(Object.fromEntries(HUB_SOURCES.map((it) => [it, dataset(it)])) as Record<
        HubSource,
        string | null
      >), // of each name
      missed: dataset('missed'),
      boards: dataset('boards'),
    },
    parts: partsOf(state),
    catchupSince: Object.fromEntries(
      REPO_KINDS.map((kind) => [kind, state.carried[kind]?.since ?? state.catchupSince]),
    ),
    carried: carriedRuns(storage, state),
    crawl: crawlFacts(state),
    asked: askedFor(state.params, known),
    outcome: { ...outcomeOf(state.failures), failures: state.failures },
    bytes: bytesOf(Object.values(state.datasets).flat()),
    boards: known,
    publishable,
  };
}

/** The further datasets of lists that were walked in parts. */
const partsOf = (state: RunState): Record<string, string[]> =>
  Object.fromEntries(
    REPO_KINDS.map((kind) => datasetsOf(state, kind)).flatMap(([first, ...others]) =>
      first === undefined || others.length === 0 ? [] : [[first, others]],
    ),
  );

/**
 * The captures must be those that the crawl left, before anything is written.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`, `EXPORT_COUNT`
 */
async function checkCaptures(storageDir: string, state: RunState): Promise<void> {
  const { run, datasets, sources } = state;
  for (const name of await listDatasets(storageDir)) {
    if (!name.endsWith(`-${run}`) || datasets[name] !== undefined) continue;
    throw new EtlError('STORAGE_CORRUPT', `the crawl of run ${run} wrote no dataset ${name}`);
  }
  const carried = carriedBy([state], readRuns(storageDir));
  for (const [name, files] of [...Object.entries(datasets), ...carried]) {
    await checkDataset(storageDir, name, files);
  }
  for (const source of HUB_SOURCES) {
    const { status, listed } = sources[source] ?? {};
    const files = datasetsOf(state, source).flatMap((name) => datasets[name] ?? []);
    const records = files.reduce((sum, it) => sum + it.records, 0);
    if (status !== 'done' || records === listed) continue;
    const message = `the captures of ${source} hold ${records} records, the crawl counted ${listed}`;
    throw new EtlError('EXPORT_COUNT', message, { context: { source, records, listed } });
  }
}

function askedFor(params: CrawlParams, known: readonly BoardDefinition[]): Asked {
  const { sources, limit, filter, author, board, url, id, ignoreRobots } = params;
  const page = url === null ? [] : [undescribedBoard({ url, id: id ?? undefined }, []).id];
  const followed = page.length > 0 ? [] : wantedBoards({}, known).map((it) => it.id);
  const boards = sources.includes('boards') ? [...(board ?? followed), ...page] : [];
  const overviews = sources.includes('authors') ? { overviews: params.overviews } : {};
  // The path of a file is nobody's business.
  const details =
    params.details === null ? {} : { details: params.details.replace(/^ids:.*/s, 'ids') };
  const asked = { sources, boards, limit, filter, author, ...overviews, ...details };
  return ignoreRobots ? { ...asked, ignoreRobots } : asked;
}

function crawlFacts(state: RunState): CrawlFacts {
  const { sources, datasets } = state;
  const hub = (...names: HubSource[]) => {
    const facts = names.flatMap((name) => sources[name] ?? []);
    const [first] = facts;
    if (first === undefined) return undefined;
    const sum = (count: (it: HubFacts) => number) => facts.reduce((all, it) => all + count(it), 0);
    return {
      status: first.resumedFrom === null ? 'done' : 'resumed',
      resumedFrom: first.resumedFrom,
      requests: sum((it) => it.requests),
      pages: sum((it) => it.pages),
      seconds: sum((it) => it.seconds),
      bytes: bytesOf(
        names.flatMap((name) => datasetsOf(state, name)).flatMap((name) => datasets[name] ?? []),
      ),
      ...(first.counted !== undefined && { counted: first.counted }),
      ...(first.last === undefined ? {} : { proof: 'list_end' }),
    };
  };
  const lists = [
    ...REPO_KINDS.map((kind) => [kind, hub(kind, catchupOf(kind), singlesOf(kind))] as const),
    ...(['tags', 'authors', 'details', 'benchmarks'] as const).map((it) => [it, hub(it)] as const),
  ];
  return {
    ...Object.fromEntries(lists.filter(([, it]) => it !== undefined)),
    boards: Object.fromEntries(
      Object.entries(sources.boards ?? {}).map(
        ([id, { status, stated, seconds, proof, hidden, error }]) => [
          id,
          {
            ...{ status, statedTotal: stated.total, seconds, hidden },
            ...(proof && { proof }),
            ...(error && { error: error.code }),
          },
        ],
      ),
    ),
  };
}

/**
 * Loads the finished files where the config says; `exported` tells afterwards what was published.
 *
 * @throws {EtlError} CHECK_REFUSED, LOAD_FAILED; what was published before is untouched
 */
export async function loadStage(
  dependencies: ExportDependencies,
  config: Config,
  exported: Exported,
): Promise<void> {
  const { onProgress, onWarning, signal, log } = dependencies;
  // Said before anything is built.
  if (config.to.includes('duckdb')) checkWarehouse(config);
  if (config.to.includes('bigquery')) bigqueryPlace(config);
  const hub = await hubTargets(config);
  const place = { manifest: exported.manifest, path: warehousePath(config) };
  if (config.to.includes('duckdb') || (hub.length > 0 && (await lacksRelease(config, place))))
    await loadIntoDuckdb(dependencies, config, exported);
  if (config.to.includes('bigquery')) {
    const { loadBigquery } = await import('../export/bigquery/load.ts');
    onProgress('bigquery', { note: 'loading' });
    const { manifest, folder: exportDir } = exported;
    const { dryRun, minRows } = config;
    const options = {
      ...bigqueryPlace(config),
      ...bucketPlace(config),
      ...{ dryRun, signal, checks: { minRows } },
      onChecks: checksInto(exported, 'bigquery', onWarning),
    };
    exported.bigquery = await loadBigquery({ log }, { manifest, exportDir }, options);
    onProgress('bigquery', { note: exported.bigquery.outcome, ended: true });
  }
  for (const target of hub) {
    onProgress('hub', { note: 'publishing' });
    const load = await publish(dependencies, config, { target, ...place });
    exported.hub = [...(exported.hub ?? []), load];
    onProgress('hub', { note: load.outcome });
  }
  exported.loaded = true;
}

const checksInto =
  (exported: Exported, warehouse: 'duckdb' | 'bigquery', warn: ExportDependencies['onWarning']) =>
  (results: readonly CheckResult[]): void => {
    exported.checks = { ...exported.checks, [warehouse]: results };
    for (const result of results.filter(({ outcome }) => outcome === 'warned')) {
      const { check, table, found, expected, sampleSql } = result;
      warn({ warehouse, check, table, found, expected, sampleSql }, 'a check of the release warns');
    }
  };

async function loadIntoDuckdb(
  { onProgress, onWarning, log }: ExportDependencies,
  config: Config,
  exported: Exported,
): Promise<void> {
  const { buildDuckdb, planDuckdb } = await import('../export/duckdb.ts');
  const file = warehousePath(config);
  const { manifest, folder: exportDir } = exported;
  const options = { manifest, exportDir, path: file };
  if (config.dryRun) {
    exported.plan = await planDuckdb(options);
    return;
  }
  await buildDuckdb({
    ...options,
    checks: { minRows: config.minRows },
    now: new Date().toISOString(),
    onChecks: checksInto(exported, 'duckdb', onWarning),
    onStep: (note) => onProgress('duckdb', { note }),
  }).catch((error: unknown) => {
    // The rows at fault, and the query that shows them: more than fits into a message.
    if (error instanceof EtlError) log.error(error.context, 'nothing was published');
    throw error;
  });
  exported.warehouse = { kind: 'duckdb', path: file };
  onProgress('duckdb', { note: file, ended: true });
}
