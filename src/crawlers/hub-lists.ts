import type { Configuration } from 'crawlee';
import type { HubClient } from '../api/hub-client.ts';
import {
  HEAVY_EXPANDS,
  LIST_EXPANDS,
  modelListPath,
  probeExpands,
  type ExpandDrift,
} from '../api/models.ts';
import { TAGS_PATH } from '../api/tags.ts';
import type { Failure } from '../api/retry-policy.ts';
import { EtlError } from '../errors.ts';
import { itemCapture } from '../storage/capture.ts';
import { openCaptures, type CapturesOut } from '../storage/captures.ts';
import type { MissedRecord, WalkDependencies } from './page-steps.ts';
import { walkPages } from './page-walk.ts';

/** What a crawl of the Hub needs of the world. */
export interface HubCrawlDependencies {
  client: HubClient;
  config: Configuration;
  storageDir: string;
  onRetry: (failure: Failure, waitMs: number) => void;
  onProgress: (source: string, facts: { pages: number; records: number }) => void;
}

export interface HubCrawlInput {
  run: string;
  filter: string | undefined;
  author: string | undefined;
  light: boolean;
  pageSize: number;
  /** Models to take at most. */
  limit: number;
  /** The fields that the probe found valid. */
  expands: readonly string[];
}

export interface HubCrawlSignals {
  /** Aborted: take no new page. */
  signal: AbortSignal;
  /** Aborted: drop the request in flight too. */
  kill: AbortSignal;
}

export interface ListFacts {
  status: 'done' | 'interrupted';
  pages: number;
  records: number;
  /** Pages that were committed before; null for a crawl in one go. */
  resumedFrom: number | null;
}

/** Names of a run's datasets. */
export const datasetName = (source: string, run: string): string => `${source}-${run}`;

/** Asks the Hub for its fields; what it no longer has is left out, not fatal. */
export async function probeFields(
  client: HubClient,
  { light, signal }: { light: boolean; signal: AbortSignal },
): Promise<ExpandDrift & { expands: string[] }> {
  const drift = await probeExpands(client, signal);
  const wanted = LIST_EXPANDS.filter((name) => !light || !HEAVY_EXPANDS.includes(name));
  return { ...drift, expands: wanted.filter((name) => !drift.removed.includes(name)) };
}

/**
 * Lists every model, oldest first, a page of up to 1,000 complete records a request, from where the
 * dataset `models-<run>` stops to the end of the Hub or to `limit`.
 *
 * @throws {EtlError} HUB_EMPTY when the Hub has no model that matches; HTTP_…, AUTH_…, STORAGE_…
 * @see https://huggingface.co/docs/hub/api
 */
export async function crawlModels(
  dependencies: HubCrawlDependencies,
  input: HubCrawlInput,
  signals: HubCrawlSignals,
): Promise<ListFacts> {
  const start = modelListPath({ ...input, sort: 'createdAt', direction: 1 });
  const facts = await crawlList(dependencies, { ...input, source: 'models', start }, signals);
  if (facts.status === 'done' && facts.records === 0) {
    throw new EtlError('HUB_EMPTY', `${dependencies.client.endpoint.url} lists no model`);
  }
  return facts;
}

/**
 * Lists what changed while the crawl ran: newest change first, down to `since`.
 *
 * @throws {EtlError} HTTP_…, AUTH_…, STORAGE_…
 */
export async function crawlCatchup(
  dependencies: HubCrawlDependencies,
  input: HubCrawlInput & { since: string },
  signals: HubCrawlSignals,
): Promise<ListFacts> {
  const start = modelListPath({ ...input, sort: 'lastModified', direction: -1 });
  const sinceMs = Date.parse(input.since);
  const isLast = (records: readonly unknown[]): boolean => changedAt(records.at(-1)) < sinceMs;
  const list = { ...input, limit: Infinity, source: 'catchup', start, isLast };
  return crawlList(dependencies, list, signals);
}

function changedAt(record: unknown): number {
  const named = typeof record === 'object' && record !== null && 'lastModified' in record;
  const time = named ? Date.parse(String(record.lastModified)) : Number.NaN;
  // A record without a date comes last in this order: nothing newer can follow it.
  return Number.isNaN(time) ? -Infinity : time;
}

/**
 * Takes the tag vocabulary, one answer.
 *
 * @throws {EtlError} HTTP_…, AUTH_…, STORAGE_…
 */
export async function crawlTags(
  { client, storageDir }: HubCrawlDependencies,
  run: string,
  { kill }: HubCrawlSignals,
): Promise<ListFacts> {
  const out = await openCaptures(storageDir, datasetName('tags', run));
  try {
    const { pages, records } = out.committed;
    if (pages > 0) return { status: 'done', pages, records, resumedFrom: pages };
    const { answer, value } = await client.getJson(TAGS_PATH, kill);
    const lists = Object.values(typeof value === 'object' && value !== null ? value : {});
    const count = lists.reduce<number>((sum, it) => sum + (Array.isArray(it) ? it.length : 0), 0);
    const { url, status, headers, body } = answer;
    await out.write({
      source: 'tags',
      url,
      status,
      headers: { 'content-type': headers['content-type'] ?? '' },
      fetchedAt: new Date(client.clock.now()).toISOString(),
      next: null,
      count,
      body,
    });
    return { status: 'done', pages: 1, records: count, resumedFrom: null };
  } finally {
    await out.close();
  }
}

interface List extends HubCrawlInput {
  source: string;
  start: string;
  isLast?: (records: readonly unknown[]) => boolean;
}

async function crawlList(
  dependencies: HubCrawlDependencies,
  list: List,
  signals: HubCrawlSignals,
): Promise<ListFacts> {
  const out = await openCaptures(dependencies.storageDir, datasetName(list.source, list.run));
  const missed = missedWriter(dependencies, list.run);
  try {
    return await walkList(dependencies, list, { signals, out, missed });
  } finally {
    await out.close();
    await missed.close();
  }
}

async function walkList(
  dependencies: HubCrawlDependencies,
  list: List,
  { signals, out, missed }: { signals: HubCrawlSignals; out: CapturesOut; missed: MissedWriter },
): Promise<ListFacts> {
  const before = out.committed;
  const resumedFrom = before.pages > 0 ? before.pages : null;
  const ended = before.next === null || before.records >= list.limit;
  if (ended) return { status: 'done', pages: before.pages, records: before.records, resumedFrom };

  let { pages, records } = before;
  const walkDependencies: WalkDependencies = {
    ...dependencies,
    write: out.write,
    missed: missed.write,
    onPage(page) {
      pages += 1;
      records += page.records;
      dependencies.onProgress(list.source, { pages, records });
    },
  };
  const result = await walkPages(
    walkDependencies,
    { source: list.source, start: before.next ?? list.start, cursors: before.cursors },
    {
      pageSize: list.pageSize,
      expands: list.expands,
      maxRecords: list.limit - before.records,
      ...(list.isLast === undefined ? {} : { isLast: list.isLast }),
      ...signals,
    },
  );
  const status = result.status === 'interrupted' ? 'interrupted' : 'done';
  return { status, pages, records, resumedFrom };
}

/** The run's dataset of missed records, made with the first one. */
export interface MissedWriter {
  write: (record: MissedRecord) => Promise<void>;
  close: () => Promise<void>;
}

export function missedWriter(
  { storageDir, client }: HubCrawlDependencies,
  run: string,
): MissedWriter {
  let opened: Promise<CapturesOut> | undefined;
  return {
    async write(record) {
      const out = await (opened ??= openCaptures(storageDir, datasetName('missed', run)));
      await out.write(itemCapture(record, new Date(client.clock.now())));
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
