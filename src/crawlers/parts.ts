import type { WalkSignals } from '../api/list.ts';
import { placeOf, repoListPath, withCursor } from '../api/repos.ts';
import { EtlError } from '../errors.ts';
import { bodyOf, readCaptures } from '../storage/captures.ts';
import {
  crawlRepos,
  crawlWhole,
  datasetName,
  type HubCrawlDependencies,
  type HubCrawlInput,
  type List,
  type ListFacts,
} from './hub.ts';

/** Where a part of a list begins: behind a record that an earlier crawl of the same list had. */
export interface PartStart {
  /** The Hub's own, replayed. */
  cursor: string;
  /** Place of that record. */
  after: string;
}

/** Dataset of a part; the first has that of the list. @param n from 1 */
const partDataset = ({ kind, run }: HubCrawlInput, n: number): string =>
  datasetName(n === 1 ? kind : `${kind}-part-${n}`, run);

/** What a part begins with, as the part before it must meet it. */
interface Opening {
  places: ReadonlySet<string>;
  last: string;
}

interface Part {
  dataset: string;
  start: string;
  /** Nothing of the part lies up to there; null for the first part. */
  after: string | null;
  /** Null for a part that does not begin where it should: the one before goes on through it. */
  opening: PromiseWithResolvers<Opening | null>;
}

/**
 * Lists every repository of a kind as `crawlRepos` does, in parts side by side. Each part goes on until
 * it has met a record of the first page of the next one, so that nothing can lie between them; these
 * records are had twice. A part whose cursor the Hub refuses, or that begins elsewhere, is left to the
 * part before it, and one that passes the next without meeting it goes on to the end: at worst, the
 * list is walked serially.
 *
 * @param starts of all parts but the first, in order; none walks serially
 */
export async function crawlParts(
  dependencies: HubCrawlDependencies,
  { input, starts }: { input: HubCrawlInput; starts: readonly PartStart[] },
  signals: WalkSignals,
): Promise<ListFacts> {
  if (starts.length === 0) return crawlRepos(dependencies, input, signals);
  const start = repoListPath({ ...input, sort: 'createdAt', direction: 1 });
  const parts = [{ cursor: '', after: null }, ...starts].map(({ cursor, after }, at): Part => ({
    dataset: partDataset(input, at + 1),
    start: withCursor(start, cursor),
    after,
    opening: Promise.withResolvers(),
  }));
  const stop = new AbortController();
  const own = { ...signals, signal: AbortSignal.any([signals.signal, stop.signal]) };
  const progress = sumProgress(dependencies);
  const walks = parts.map(async (part, at) => {
    try {
      const walk = { input, part, later: parts.slice(at + 1) };
      return await crawlPart({ ...dependencies, onProgress: progress(at) }, walk, own);
    } catch (error) {
      stop.abort();
      throw error;
    } finally {
      part.opening.resolve(null);
    }
  });
  const ended = await Promise.allSettled(walks);
  const failed = ended.find((it) => it.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return sumOf(ended.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : [])));
}

/** What a Hub says to a cursor that it no longer takes. */
const REFUSED = new Set(['HTTP_STATUS', 'HTTP_NOT_JSON', 'HUB_PAGING']);

const NOTHING: ListFacts = { status: 'done', pages: 0, records: 0, resumedFrom: null };

interface PartWalk {
  input: HubCrawlInput;
  part: Part;
  later: readonly Part[];
}

async function crawlPart(
  dependencies: HubCrawlDependencies,
  { input, part, later }: PartWalk,
  signals: WalkSignals,
): Promise<ListFacts> {
  let opening: Opening | null | undefined;
  const open = (records: readonly unknown[]): void => {
    opening = openingOf(records, part.after);
    part.opening.resolve(opening);
  };
  // What a killed process committed of a part that begins elsewhere counts, and nothing is added to it.
  const first = await firstRecords(dependencies.storageDir, part.dataset);
  if (first !== null) open(first);
  const meets = meeting(later);
  const list: List = {
    ...input,
    source: input.kind,
    dataset: part.dataset,
    start: part.start,
    part: later.length > 0 ? 'middle' : 'last',
    again: 'last page',
    isLast: async (records) => {
      if (opening === undefined && records.length > 0) open(records);
      return opening === null || meets(records);
    },
  };
  try {
    return await crawlWhole(dependencies, list, signals);
  } catch (error) {
    const isRefused = error instanceof EtlError && REFUSED.has(error.code);
    if (opening !== undefined || part.after === null || !isRefused) throw error;
    return NOTHING;
  }
}

/** Null when a record stands before the part, or one says not where it stands. */
function openingOf(records: readonly unknown[], after: string | null): Opening | null {
  const places = records.map(placeOf).filter((it) => it !== null);
  const isBehind = places.every((it) => after === null || it > after);
  if (places.length < records.length || !isBehind) return null;
  return { places: new Set(places), last: places.toSorted().at(-1) ?? '' };
}

/** Tells of pages whether the next part that begins where it should has been met. */
function meeting(later: readonly Part[]): (records: readonly unknown[]) => Promise<boolean> {
  let at = 0;
  return async (records) => {
    for (; at < later.length; at += 1) {
      const opening = (await later[at]?.opening.promise) ?? null;
      if (opening === null) continue;
      const places = records.map(placeOf);
      if (places.some((it) => it !== null && opening.places.has(it))) return true;
      const isPast = places.length > 0 && places.every((it) => it !== null && it > opening.last);
      if (!isPast) return false;
    }
    return false;
  };
}

/** The first page with records that a killed process committed; null where there is none. */
async function firstRecords(storageDir: string, dataset: string): Promise<unknown[] | null> {
  for await (const stored of readCaptures(storageDir, dataset)) {
    if (stored.facts.count === 0) continue;
    return JSON.parse(bodyOf(stored).toString()) as unknown[]; // a page of a list
  }
  return null;
}

/** The progress of all parts as that of one list. */
function sumProgress({
  onProgress,
}: HubCrawlDependencies): (part: number) => HubCrawlDependencies['onProgress'] {
  const parts: { pages: number; records: number }[] = [];
  return (part) => (source, facts) => {
    parts[part] = facts;
    const sum = (name: 'pages' | 'records'): number => parts.reduce((all, it) => all + it[name], 0);
    onProgress(source, { pages: sum('pages'), records: sum('records') });
  };
}

/** The last part has the proof of the end. */
function sumOf(parts: readonly ListFacts[]): ListFacts {
  const sum = (count: (it: ListFacts) => number): number =>
    parts.reduce((all, it) => all + count(it), 0);
  const { last, counted } = parts.findLast((it) => it.last !== undefined) ?? {};
  return {
    status: parts.every((it) => it.status === 'done') ? 'done' : 'interrupted',
    pages: sum((it) => it.pages),
    records: sum((it) => it.records),
    resumedFrom: parts.some((it) => it.resumedFrom !== null)
      ? sum((it) => it.resumedFrom ?? 0)
      : null,
    ...(last !== undefined && { last }),
    ...(counted !== undefined && { counted }),
  };
}
