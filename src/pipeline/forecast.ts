import { statSync } from 'node:fs';
import { catchupOf, REPO_KINDS, singlesOf, type RepoKind } from '../api/repos.ts';
import { wantedBoards } from '../boards/choice.ts';
import type { Config, Source } from '../config.ts';
import { REQUESTS_A_MODEL } from '../crawlers/details.ts';
import { freeBytesOf } from '../export/duckdb/space.ts';
import { wantedTables } from '../export/wanted-tables.ts';
import { bytesOf } from '../storage/dataset-facts.ts';
import { carriedFrom } from './carried.ts';
import { warehousePath } from './places.ts';
import { knownBoards } from './known-boards.ts';
import { crawlParams, type Command } from './pipeline.ts';
import { newRun, readRuns, unfinishedRun, type HubSource, type RunState } from './state.ts';

/** Requests in five minutes, for who has no token, a free one, or one of PRO. @see docs/sources.md */
const QUOTAS = { anonymous: 500, free: 1000, pro: 2500 } as const;
const WINDOW_MINUTES = 5;

/** Of the Hub in November 2026, for a storage that has seen none of it. @see docs/sources.md */
const KNOWN_RECORDS: Record<RepoKind, number> = {
  models: 3_215_000,
  datasets: 1_000_000,
  spaces: 1_000_000,
};
/** Captures, tables and the DuckDB file: 20 GB of a whole Hub. */
const BYTES_A_RECORD = 4000;

/** What a run would ask of the Hub. */
export interface SourceForecast {
  source: string;
  /** Of a list: for all fields, or only for what moves. */
  walk: 'full' | 'light' | null;
  /** Null where only the run will find out. */
  requests: number | null;
  /** What the number is made of. */
  from: string;
}

export interface Forecast {
  /** The run that would be gone on with; null for a new one. */
  resumes: string | null;
  sources: SourceForecast[];
  /** Of all that can be told before. */
  requests: number;
  /** That the quota makes them take at least. */
  minutes: Record<keyof typeof QUOTAS, number>;
  /** Pages and files of leaderboards, which no quota of the Hub counts. */
  boards: number;
  tables: string[];
  disk: { neededBytes: number; freeBytes: number; from: string };
}

/**
 * What a run would take, asking nobody: from what earlier runs of the same kind counted, else from known figures.
 *
 * @throws {EtlError} STORAGE_CORRUPT
 */
export async function forecast(
  config: Config,
  command: Command,
  { version, now }: { version: string; now: Date },
): Promise<Forecast> {
  const params = crawlParams(config, command);
  const unfinished = config.fresh ? undefined : unfinishedRun(config.storage, params);
  const state = unfinished ?? newRun(config.storage, { params, version, now });
  const earlier = readRuns(config.storage)
    .filter((it) => it.run !== state.run && isLike(it.params, params))
    .reverse();
  const { sources, records } = await sourcesForecast(config, state, earlier);
  const requests = sources.reduce((sum, it) => sum + (it.requests ?? 0), 0);
  return {
    resumes: unfinished?.run ?? null,
    ...{ sources, requests },
    minutes: minutesOf(requests),
    boards: config.sources.includes('boards')
      ? wantedBoards(config, knownBoards(config)).length
      : 0,
    tables: command === 'crawl' ? [] : tablesOf(config),
    disk: await diskForecast(config, earlier, records),
  };
}

async function sourcesForecast(
  config: Config,
  state: RunState,
  earlier: readonly RunState[],
): Promise<{ sources: SourceForecast[]; records: number }> {
  const sources: SourceForecast[] = [];
  let records = 0;
  for (const source of config.sources.filter((it) => it !== 'boards')) {
    const kind = REPO_KINDS.find((it) => it === source);
    const list = kind && (await listForecast(config, { state, earlier, kind }));
    records += list?.records ?? 0;
    sources.push(list?.forecast ?? otherForecast(config, state, { source, earlier }));
  }
  if (config.details !== undefined) sources.push(detailsForecast(config.details));
  return { sources, records };
}

function minutesOf(requests: number): Forecast['minutes'] {
  const of = (quota: number): number => Math.ceil((requests / quota) * WINDOW_MINUTES);
  return { anonymous: of(QUOTAS.anonymous), free: of(QUOTAS.free), pro: of(QUOTAS.pro) };
}

/** How many records each list will have, as far as an earlier run or the Hub's size tells. @throws {EtlError} STORAGE_CORRUPT */
export function expectedRecords(config: Config, command: Command): Partial<Record<string, number>> {
  const params = crawlParams(config, command);
  const earlier = readRuns(config.storage).filter((it) => isLike(it.params, params));
  const isPart = [config.filter, config.author].some((it) => it !== undefined);
  return Object.fromEntries(
    REPO_KINDS.flatMap((kind) => {
      const known = isPart ? undefined : KNOWN_RECORDS[kind];
      const listed = doneBefore(earlier.toReversed(), kind)?.sources[kind]?.listed ?? known;
      return listed === undefined ? [] : [[kind, Math.min(listed, config.limit ?? Infinity)]];
    }),
  );
}

type Params = RunState['params'];
const isLike = (a: Params, b: Params): boolean =>
  (['endpoint', 'limit', 'filter', 'author'] as const).every((it) => a[it] === b[it]);

const doneBefore = (earlier: readonly RunState[], source: HubSource) =>
  earlier.find((it) => it.sources[source]?.status === 'done');

async function listForecast(
  config: Config,
  { state, earlier, kind }: { state: RunState; earlier: readonly RunState[]; kind: RepoKind },
): Promise<{ forecast: SourceForecast; records: number }> {
  const before = doneBefore(earlier, kind);
  const listed = before?.sources[kind]?.listed ?? KNOWN_RECORDS[kind];
  const records = Math.min(listed, config.limit ?? Infinity);
  const around = [catchupOf(kind), singlesOf(kind)].reduce(
    (sum, it) => sum + (before?.sources[it]?.pages ?? 0),
    0,
  );
  const pages = Math.ceil(records / config.pageSize) - (state.sources[kind]?.pages ?? 0);
  const carried = state.carried[kind] ?? (await carriedFrom(config, state, kind));
  const isPart = [config.filter, config.author].some((it) => it !== undefined);
  const known = isPart ? 'all of the Hub: at most' : 'known figures';
  return {
    records,
    forecast: {
      source: kind,
      walk: carried === null ? 'full' : 'light',
      requests: Math.max(0, pages) + around,
      from: before === undefined ? known : `run ${before.run}`,
    },
  };
}

function otherForecast(
  config: Config,
  state: RunState,
  { source, earlier }: { source: Exclude<Source, 'boards'>; earlier: readonly RunState[] },
): SourceForecast {
  const before = doneBefore(earlier, source);
  const forecast = { source, walk: null };
  if (source === 'tags') return { ...forecast, requests: 2, from: 'known figures' };
  if (before !== undefined) {
    const requests = before.sources[source]?.requests ?? null;
    return { ...forecast, requests, from: `run ${before.run}` };
  }
  return source === 'authors'
    ? { ...forecast, requests: state.params.overviews * 2, from: 'known figures: at most' }
    : { ...forecast, requests: null, from: 'what the Hub will list' };
}

function detailsForecast(details: string): SourceForecast {
  const [, top] = /^top:(\d+)$/.exec(details) ?? [];
  const requests = top === undefined ? null : Number(top) * REQUESTS_A_MODEL;
  return { source: 'details', walk: null, requests, from: details };
}

function tablesOf({ sources, tables }: Config): string[] {
  const datasets = Object.fromEntries(sources.map((it) => [it, it]));
  return wantedTables({ datasets, asked: { sources } }, tables).map(({ name }) => name);
}

/** Of the newest run like it whose captures are there; else by the number of records. */
async function diskForecast(
  config: Config,
  earlier: readonly RunState[],
  records: number,
): Promise<Forecast['disk']> {
  const freeBytes = await freeBytesOf(config.storage).catch(() => freeBytesOf('.'));
  const before = earlier.find((it) => it.stage === 'done' && !it.isPruned);
  if (before === undefined)
    return { neededBytes: records * BYTES_A_RECORD, freeBytes, from: 'known figures' };
  const captured = bytesOf(Object.values(before.datasets).flat());
  const warehouse = statSync(warehousePath(config), { throwIfNoEntry: false })?.size ?? 0;
  // A new DuckDB file is built beside the old one; tables as JSON lines are smaller than it is.
  return { neededBytes: captured + 2 * warehouse, freeBytes, from: `run ${before.run}` };
}
