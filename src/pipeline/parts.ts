import type { RateLimit } from '../api/quota.ts';
import { cursorOf, type RepoKind } from '../api/repos.ts';
import type { Config } from '../config.ts';
import type { PartStart } from '../crawlers/parts.ts';
import { captureFacts, listDatasets } from '../storage/captures.ts';
import { datasetsOf, isSample, runsBefore, type RunState } from './state.ts';

/** Of a part: fewer end as soon without parts. */
const LEAST_PAGES = 4;
/** Where the Hub does not tell its quota. */
const SOME_PARTS = 4;
/** As many as the client has connections. */
const MOST_PARTS = 8;
/** What a large page takes. */
const PAGE_SECS = 2;

/**
 * Where the parts of a list begin: at pages of the newest earlier crawl that was whole, as many records
 * apart. None for a first crawl, or a part of the Hub.
 *
 * @param limit the quota as last seen: as many parts as keep it busy, unless the settings say how many
 * @throws {EtlError} `STORAGE_CORRUPT` when a file of the earlier crawl is none
 */
export async function partStarts(
  config: Config,
  state: RunState,
  { kind, limit }: { kind: RepoKind; limit: RateLimit | undefined },
): Promise<PartStart[]> {
  if (isSample(config) || config.parts === 1) return [];
  const had = new Set(await listDatasets(config.storage));
  const before = runsBefore(config.storage, state).findLast(
    (it) =>
      it.params.endpoint === state.params.endpoint &&
      it.params.limit === null &&
      it.params.filter === null &&
      it.params.author === null &&
      it.sources[kind]?.status === 'done' &&
      it.sources[kind].last !== undefined &&
      !it.isPruned &&
      datasetsOf(it, kind).every((name) => had.has(name)),
  );
  if (before === undefined) return [];
  return startsIn(config.storage, datasetsOf(before, kind), config.parts ?? partsFor(limit));
}

/** So many pages at once use up the quota. */
function partsFor(limit: RateLimit | undefined): number {
  const { quota, windowSecs } = limit ?? {};
  if (quota === undefined || windowSecs === undefined) return SOME_PARTS;
  return Math.min(MOST_PARTS, Math.ceil((quota / windowSecs) * PAGE_SECS));
}

async function startsIn(
  storageDir: string,
  datasets: readonly string[],
  wanted: number,
): Promise<PartStart[]> {
  const pages = (await Promise.all(datasets.map((name) => captureFacts(storageDir, name)))).flat();
  const count = Math.min(wanted, Math.floor(pages.length / LEAST_PAGES));
  const starts: PartStart[] = [];
  for (let part = 1; part < count; part += 1) {
    const page = pages[Math.floor((part * pages.length) / count) - 1];
    const { next = null, last: after = null } = page ?? {};
    const cursor = next === null ? null : cursorOf(next);
    if (cursor === null || after === null) continue;
    if (after > (starts.at(-1)?.after ?? '')) starts.push({ cursor, after });
  }
  return starts;
}
