import type { Configuration } from '@crawlee/http';
import type { HubClient } from '../api/client.ts';
import { walkList, type WalkSignals } from '../api/list.ts';
import { countRepos } from '../api/quicksearch.ts';
import {
  catchupOf,
  LIST_FIELDS,
  placeOf,
  probeExpands,
  repoListPath,
  withCursor,
  type ExpandDrift,
  type RepoKind,
} from '../api/repos.ts';
import type { Answer } from '../api/retry.ts';
import { TAG_VOCABULARIES } from '../api/tags.ts';
import { field } from '../boards/values.ts';
import { EtlError } from '../errors.ts';
import type { Capture } from '../storage/capture.ts';
import { bodyOf, openCaptures, readCaptures, type Committed } from '../storage/captures.ts';
import { openCrawleeFetch } from './crawlee-fetch.ts';
import { missedIn, type MissedWriter } from './missed.ts';
import { askLast, holds, type LastRecord } from './list-end.ts';

/** What a crawl of the Hub needs of the world. */
export interface HubCrawlDependencies {
  client: HubClient;
  config: Configuration;
  storageDir: string;
  onProgress: (source: string, facts: { pages: number; records: number }) => void;
  /** One for all lists of the run, which may be walked side by side. */
  missed: MissedWriter;
}

export interface HubCrawlInput {
  kind: RepoKind;
  run: string;
  filter: string | undefined;
  author: string | undefined;
  pageSize: number;
  /** Repositories to take at most. */
  limit: number;
  /** The fields that the probe found valid. */
  expands: readonly string[];
}

export interface ListFacts {
  status: 'done' | 'interrupted';
  pages: number;
  records: number;
  /** Pages that were committed before; null for a crawl in one go. */
  resumedFrom: number | null;
  /** The record that the list ended with, which proves that end. */
  last?: LastRecord;
  /** How many of them the search of the Hub counted. */
  counted?: number;
}

/** Those of a crawl that goes on from there. */
export const factsSoFar = ({ pages, records }: Committed): ListFacts => ({
  ...{ status: 'done', pages, records, resumedFrom: pages > 0 ? pages : null },
});

/** Names of a run's datasets. */
export const datasetName = (source: string, run: string): string => `${source}-${run}`;

/** Asks the Hub for the fields of a list; what it no longer has is left out, not fatal. */
export async function probeFields(
  client: HubClient,
  kind: RepoKind,
  signal: AbortSignal,
): Promise<ExpandDrift & { expands: string[] }> {
  const drift = await probeExpands(client, kind, signal);
  const expands = LIST_FIELDS[kind].all.filter((name) => !drift.removed.includes(name));
  return { ...drift, expands };
}

/**
 * Lists every repository of a kind, oldest first, a page of up to 1,000 complete records a request,
 * from where the dataset `<kind>-<run>` stops to the end of the Hub or to `limit`. The end is proved:
 * the list holds the newest of them.
 *
 * @throws {EtlError} HUB_EMPTY when the Hub has none at all, HUB_INCOMPLETE when the list ends too soon;
 * HTTP_…, AUTH_…, STORAGE_…
 * @see https://huggingface.co/docs/hub/api
 */
export async function crawlRepos(
  dependencies: HubCrawlDependencies,
  input: HubCrawlInput,
  signals: WalkSignals,
): Promise<ListFacts> {
  const { kind } = input;
  const start = repoListPath({ ...input, sort: 'createdAt', direction: 1 });
  const dataset = datasetName(kind, input.run);
  const list = { ...input, source: kind, dataset, start, again: 'last page' } as const;
  const facts = await crawlWhole(dependencies, list, signals);
  if (facts.status === 'done' && facts.records === 0 && isAll(input)) {
    throw new EtlError('HUB_EMPTY', `${dependencies.client.endpoint.url} lists no ${kind}`);
  }
  return facts;
}

const isAll = ({ filter, author }: HubCrawlInput): boolean =>
  filter === undefined && author === undefined;

/**
 * Lists what changed while the crawl ran: newest change first, down to `since`, or to the one whose
 * last change is the oldest of all.
 *
 * @throws {EtlError} HUB_INCOMPLETE when it ends too soon; HTTP_…, AUTH_…, STORAGE_…
 */
export async function crawlCatchup(
  dependencies: HubCrawlDependencies,
  input: HubCrawlInput & { since: string },
  signals: WalkSignals,
): Promise<ListFacts> {
  const start = repoListPath({ ...input, sort: 'lastModified', direction: -1 });
  const sinceMs = Date.parse(input.since);
  // A page whose one record was passed over says nothing of where the list is.
  const isLast = (records: readonly unknown[]): boolean =>
    records.length > 0 && changedAt(records.at(-1)) < sinceMs;
  const source = catchupOf(input.kind);
  const dataset = datasetName(source, input.run);
  const list = { ...input, limit: Infinity, source, dataset, start, isLast };
  return crawlWhole(dependencies, { ...list, again: 'first page' }, signals);
}

function changedAt(record: unknown): number {
  const time = Date.parse(String(field(record, 'lastModified')));
  // A record without a date comes last in this order: nothing newer can follow it.
  return Number.isNaN(time) ? -Infinity : time;
}

/**
 * Takes the tag vocabularies, one answer each.
 *
 * @throws {EtlError} HTTP_…, AUTH_…, STORAGE_…
 */
export async function crawlTags(
  { client, storageDir }: HubCrawlDependencies,
  run: string,
  { kill }: WalkSignals,
): Promise<ListFacts> {
  const out = await openCaptures(storageDir, datasetName('tags', run));
  try {
    const facts = factsSoFar(out.committed);
    for (const { source, path } of TAG_VOCABULARIES.slice(facts.pages)) {
      const { answer, value } = await client.getJson(path, kill);
      const lists: unknown[] = Object.values(value ?? {});
      const count = lists.filter(Array.isArray).flat().length;
      await out.write(captureOf(client, answer, { source, next: null, count }));
      facts.pages += 1;
      facts.records += count;
    }
    return facts;
  } finally {
    await out.close();
  }
}

/** A list, or a part of one, and where it is kept. */
export interface List extends HubCrawlInput {
  source: string;
  dataset: string;
  start: string;
  /** Told of each page; true ends the list, for what follows is not wanted. */
  isLast?: (records: readonly unknown[]) => boolean | Promise<boolean>;
  /** A part of a list: one that is known to hold records. */
  part?: 'middle' | 'last';
  /** Where it is walked once more when it has ended too soon. */
  again: 'first page' | 'last page';
}

interface Walked extends ListFacts {
  /** The Hub said that no page follows. */
  isEnd: boolean;
}

/** More than two: while one asks for the newest record, there may be a newer one. */
const MOST_WALKS = 5;

/** The end of a list is believed once the list holds the record that it must end with. */
export async function crawlWhole(
  dependencies: HubCrawlDependencies,
  list: List,
  signals: WalkSignals,
): Promise<ListFacts> {
  const { client, storageDir } = dependencies;
  const { source } = list;
  for (let walks = 1; ; walks += 1) {
    const isAgain = walks > 1;
    const { isEnd, ...facts } = await crawlList(dependencies, { ...list, isAgain }, signals);
    if (facts.status !== 'done' || !isEnd) return facts;
    // Counted before the last record is asked for: what is younger than that is not in the number.
    const counted = await countOf(client, list, signals.kill);
    const last = await askLast(client, list.start, signals.kill);
    if (await isProved(storageDir, list, { last, records: facts.records })) {
      return { ...facts, ...(counted !== null && { counted }), ...(last !== null && { last }) };
    }
    if (walks < MOST_WALKS) continue;
    // No record at all, of a list that has some, proves nothing.
    const id = last?.id ?? 'its last record, which the Hub does not tell';
    throw new EtlError('HUB_INCOMPLETE', `The list of ${source} ended without ${id}`, {
      context: { source, id: last?.id },
    });
  }
}

/** Whether a list that ended holds the record that it must end with. */
async function isProved(
  storageDir: string,
  { dataset, run, part }: List,
  { last, records }: { last: LastRecord | null; records: number },
): Promise<boolean> {
  if (last === null) return records === 0 && part === undefined;
  // What is missed at the end of all says nothing of the end of a part.
  const missed = part === 'middle' ? [] : [datasetName('missed', run)];
  return holds(storageDir, [dataset, ...missed], last);
}

/** Of a list of all of a kind only: nothing else is counted. */
async function countOf(client: HubClient, list: List, signal: AbortSignal): Promise<number | null> {
  const { source, kind } = list;
  return source === kind && isAll(list) ? countRepos(client, kind, signal) : null;
}

async function crawlList(
  dependencies: HubCrawlDependencies,
  list: List & { isAgain: boolean },
  signals: WalkSignals,
): Promise<Walked> {
  const { client, config, storageDir } = dependencies;
  const { source, dataset, expands, pageSize, isLast } = list;
  const { heavy } = LIST_FIELDS[list.kind];
  const out = await openCaptures(storageDir, dataset);
  const committed = fromWhere(out.committed, list);
  let { pages, records, next } = committed;
  const resumedFrom = pages > 0 ? pages : null;
  const crawlee = await openCrawleeFetch(client, dataset, config);
  /** The commit of the page before, which runs while the next one is fetched. */
  let writing = Promise.resolve();
  // A process that was killed may have committed the last page that is wanted.
  let isEnough = next === null || (await endsWithLast(storageDir, list));
  try {
    const walk = walkList(
      { ...client, fetch: crawlee.fetch },
      {
        start: next ?? list.start,
        seen: committed.cursors,
        limit: isEnough ? 0 : list.limit - records,
        resize: { pageSize, expands, heavy },
      },
      signals,
    );
    for await (const page of walk) {
      await writing;
      const at = new Date(client.clock.now()).toISOString();
      for (const it of missedIn({ ...list, at }, page)) await dependencies.missed.write(it);
      const count = page.records.length;
      const facts = { source, next: page.next, count, ...spanOf(page.records) };
      const capture = captureOf(client, page.answer, facts);
      writing = out.write(capture);
      writing.catch(() => undefined); // thrown where it is waited for
      pages += 1;
      records += count;
      next = page.next;
      dependencies.onProgress(source, { pages, records });
      isEnough = next === null || (await isLast?.(page.records)) === true;
      if (isEnough) break;
    }
    await writing;
  } finally {
    await crawlee.close();
    await out.close();
  }
  const status = isEnough || records >= list.limit ? 'done' : 'interrupted';
  return { status, pages, records, resumedFrom, isEnd: next === null };
}

function spanOf(records: readonly unknown[]): Pick<Capture, 'span'> {
  const places = records
    .map(placeOf)
    .filter((it) => it !== null)
    .sort();
  const [first, last] = [places[0], places.at(-1)];
  return first === undefined || last === undefined ? {} : { span: [first, last] };
}

/** Whether the last committed page ends the list. */
async function endsWithLast(
  storageDir: string,
  list: List & { isAgain: boolean },
): Promise<boolean> {
  const { dataset, isLast, isAgain } = list;
  if (isLast === undefined || isAgain) return false;
  for await (const stored of readCaptures(storageDir, dataset, { desc: true })) {
    return isLast(JSON.parse(bodyOf(stored).toString()) as unknown[]); // a page of a list
  }
  return false;
}

/** A list that is walked again: as if nothing had been walked beyond the page that it goes back to. */
const fromWhere = (
  committed: Committed,
  { isAgain, again, start }: List & { isAgain: boolean },
): Committed => {
  if (!isAgain) return committed;
  const cursor = again === 'last page' ? committed.cursors.at(-1) : undefined;
  return { ...committed, next: withCursor(start, cursor ?? ''), cursors: [] };
};

/** Headers that a capture keeps. */
const KEPT_HEADERS = [
  'content-type',
  'etag',
  'link',
  'ratelimit',
  'ratelimit-policy',
  'x-request-id',
];

/** What was sent, as it was sent. */
export const captureOf = (
  { clock }: Pick<HubClient, 'clock'>,
  { url, status, headers, body }: Answer,
  facts: Pick<Capture, 'source' | 'next' | 'count' | 'span'>,
): Capture => ({
  ...facts,
  url,
  status,
  headers: Object.fromEntries(
    Object.entries(headers).filter(([name]) => KEPT_HEADERS.includes(name)),
  ),
  fetchedAt: new Date(clock.now()).toISOString(),
  body,
});
