import { parseJsonAnswer, type HubClient, type JsonAnswer } from '../api/hub-client.ts';
import { nextLink } from '../api/link-header.ts';
import { cursorOf } from '../api/models.ts';
import { AttemptError, type Failure } from '../api/retry-policy.ts';
import type { Answer } from '../api/transport.ts';
import type { Capture } from '../storage/capture.ts';
import type { Configuration } from 'crawlee';
import { EtlError } from '../errors.ts';
import {
  addressOf,
  decide,
  newPageState,
  normalised,
  recovered,
  type PageState,
} from './page-state.ts';

/** A record that could not be had, or not whole. */
export interface MissedRecord {
  id: string | null;
  source: string;
  reason:
    'gated' | 'private_or_missing' | 'bad_record' | 'server_error' | 'rate_limited' | 'too_large';
  detail: string;
  url: string;
  at: string;
}

export interface WalkDependencies {
  client: HubClient;
  config: Configuration;
  /** Commits a page; resolves when it is on disk. */
  write: (capture: Capture) => Promise<void>;
  missed: (record: MissedRecord) => Promise<void>;
  onPage: (page: { records: number; sizeBytes: number }) => void;
  onRetry: (failure: Failure, waitMs: number) => void;
}

export interface WalkInput {
  source: string;
  /** Path and query of the page to begin with. */
  start: string;
  /** Cursors of the pages that are committed already: none of them may come again. */
  cursors: Iterable<string>;
}

export interface WalkOptions {
  pageSize: number;
  expands: readonly string[];
  /** Records to take at most from here on. */
  maxRecords: number;
  /** True when the walk need not go beyond a page with these records. */
  isLast?: (records: readonly unknown[]) => boolean;
  /** Aborted: take no new page; the one in flight is still committed. */
  signal: AbortSignal;
  /** Aborted: drop the request in flight too. */
  kill: AbortSignal;
}

export interface WalkResult {
  /** `end` no page is left; `enough` by `maxRecords` or `isLast`; `interrupted` by the signal. */
  status: 'end' | 'enough' | 'interrupted';
  pages: number;
  records: number;
}

/** Where a walk is. */
export interface Walk {
  dependencies: WalkDependencies;
  input: WalkInput;
  options: WalkOptions;
  /** Cursors of committed pages. */
  seen: Set<string>;
  state: PageState;
  pages: number;
  records: number;
  status: WalkResult['status'] | undefined;
  fatal: Error | undefined;
  fetched: Page | undefined;
  /** The commit of the page before, which runs while the next one is fetched. */
  writing: Promise<void>;
}

interface Page {
  answer: Answer;
  records: readonly unknown[];
  next: string | undefined;
}

export function newWalk(
  dependencies: WalkDependencies,
  input: WalkInput,
  options: WalkOptions,
): Walk {
  return {
    dependencies,
    input,
    options,
    seen: new Set(input.cursors),
    state: newPageState(Math.min(options.pageSize, options.maxRecords)),
    pages: 0,
    records: 0,
    status: undefined,
    fatal: undefined,
    fetched: undefined,
    writing: Promise.resolve(),
  };
}

/** One attempt at the page of an address, in its present form. */
export async function fetchPage(walk: Walk, url: string): Promise<Answer> {
  const { client } = walk.dependencies;
  const path = addressOf(client.endpoint.pathOf(url), walk.state, walk.options.expands);
  const json = parseJsonAnswer(await client.attempt(path, walk.options.kill));
  walk.fetched = readPage(walk, json, path);
  return json.answer;
}

/** Begins to commit the page that was fetched; the address of the next one, or undefined at the end. */
export async function commitFetched(walk: Walk, url: string): Promise<string | undefined> {
  const page = walk.fetched;
  if (page === undefined) throw new Error(`No page was fetched for ${url}`);
  walk.fetched = undefined;
  if (walk.state.light) await noteLight(walk, page);
  const next = await commit(walk, url, page);
  const { maxRecords, pageSize, isLast } = walk.options;
  const left = maxRecords - walk.records;
  walk.state = recovered(walk.state, Math.min(pageSize, Math.max(left, 1)));
  if (next === undefined) walk.status = 'end';
  else if (left <= 0 || isLast?.(page.records) === true) walk.status = 'enough';
  return walk.status === undefined && next !== undefined ? addressIn(walk, next) : undefined;
}

/** What to do about a failure: ask `again`, `stop`, or go on at another address. */
export async function afterFailure(walk: Walk, url: string, error: unknown): Promise<string> {
  const { dependencies, options } = walk;
  if (options.kill.aborted) return 'stop';
  if (!(error instanceof AttemptError)) return stop(walk, error);
  const { failure } = error;
  const decision = decide(walk.state, failure, dependencies.client.retry);
  if (decision.action === 'again') {
    dependencies.onRetry(failure, decision.waitMs);
    dependencies.client.gate.closeFor(decision.waitMs);
    return 'again';
  }
  if (decision.action === 'give_up') return stop(walk, failure.error);
  return skipRecord(walk, url, failure);
}

/**
 * What the walk did, once its last page is on disk.
 *
 * @throws {EtlError} what stopped the walk
 */
export async function walkResult(walk: Walk): Promise<WalkResult> {
  await walk.writing;
  if (walk.fatal !== undefined) throw walk.fatal;
  if (walk.status === undefined && !walk.options.signal.aborted) {
    throw new Error(`The walk over ${walk.input.source} stopped without an end`);
  }
  return { status: walk.status ?? 'interrupted', pages: walk.pages, records: walk.records };
}

function stop(walk: Walk, error: unknown): 'stop' {
  walk.fatal = error instanceof Error ? error : new Error(String(error));
  return 'stop';
}

const addressIn = (walk: Walk, path: string): string => walk.dependencies.client.endpoint.at(path);

/** Headers that a capture keeps. */
const KEPT_HEADERS = [
  'content-type',
  'etag',
  'link',
  'ratelimit',
  'ratelimit-policy',
  'x-request-id',
];

async function commit(walk: Walk, url: string, page: Page): Promise<string | undefined> {
  const { dependencies, input, options } = walk;
  const { answer, records } = page;
  const path = dependencies.client.endpoint.pathOf(url);
  const next =
    page.next === undefined ? undefined : normalised(page.next, options.pageSize, options.expands);
  const kept = Object.entries(answer.headers).filter(([name]) => KEPT_HEADERS.includes(name));
  // One page at most is on its way to the disk; a failure of it stops the walk here.
  await walk.writing;
  walk.writing = dependencies.write({
    source: input.source,
    url: answer.url,
    status: answer.status,
    headers: Object.fromEntries(kept),
    fetchedAt: now(walk),
    next: next ?? null,
    count: records.length,
    body: answer.body,
  });
  walk.writing.catch(() => undefined); // awaited by the next commit, or by `walkResult`
  walk.seen.add(cursorOf(path) ?? '');
  walk.pages += 1;
  walk.records += records.length;
  dependencies.onPage({ records: records.length, sizeBytes: answer.body.length });
  return next;
}

const now = (walk: Walk): string => new Date(walk.dependencies.client.clock.now()).toISOString();

/** Records that came only without their heavy fields are stated as missed in part. */
async function noteLight(walk: Walk, { records, answer }: Page): Promise<void> {
  for (const record of records) {
    const named = typeof record === 'object' && record !== null && 'id' in record;
    await walk.dependencies.missed({
      id: named && typeof record.id === 'string' ? record.id : null,
      source: walk.input.source,
      reason: 'server_error',
      detail: 'The Hub could not answer with siblings, gguf and widgetData; the rest is there.',
      url: answer.url,
      at: now(walk),
    });
  }
}

/** Passes over the one record whose page stays broken, if the answer says what comes after it. */
async function skipRecord(walk: Walk, url: string, failure: Failure): Promise<string> {
  const { dependencies, options, input } = walk;
  const { answer } = failure;
  const link = nextLink(answer?.headers['link']);
  const next = link === undefined ? undefined : dependencies.client.endpoint.pathOf(link);
  if (answer === undefined || next === undefined || walk.seen.has(cursorOf(next) ?? '')) {
    return stop(walk, failure.error);
  }
  const asked = addressOf(dependencies.client.endpoint.pathOf(url), walk.state, options.expands);
  await dependencies.missed({
    id: null,
    source: input.source,
    reason: 'bad_record',
    detail: failure.error.message,
    url: addressIn(walk, asked),
    at: now(walk),
  });
  const nothing = { ...answer, url, redirected: false, body: Buffer.from('[]') };
  const empty = { answer: nothing, records: [], next };
  const after = await commit(walk, url, empty);
  walk.state = recovered(walk.state, options.pageSize);
  return after === undefined ? 'stop' : addressIn(walk, after);
}

/** Records and next page of an answer; refuses what cannot be a page of the list asked for. */
function readPage(walk: Walk, { answer, value }: JsonAnswer, path: string): Page {
  const bad = (kind: Failure['kind'], error: EtlError): AttemptError =>
    new AttemptError({ kind, waitMs: undefined, error, answer });
  if (!Array.isArray(value)) {
    throw bad('shape', new EtlError('HTTP_NOT_JSON', `GET ${answer.url}: the answer is no list`));
  }
  // The elements are whatever was sent: cleaning judges them.
  const records = value as readonly unknown[];
  const link = nextLink(answer.headers['link']);
  if (link === undefined) return { answer, records, next: undefined };
  const next = ownPath(walk.dependencies.client, link, (error) => bad('link', error));
  const cursor = cursorOf(next) ?? '';
  if (cursor === '' || cursor === cursorOf(path) || walk.seen.has(cursor)) {
    const message = `GET ${answer.url}: the next page is one that came before`;
    throw bad('link', new EtlError('HUB_PAGING', message));
  }
  return { answer, records, next };
}

function ownPath(client: HubClient, link: string, refuse: (error: EtlError) => Error): string {
  try {
    return client.endpoint.pathOf(link);
  } catch (error) {
    throw error instanceof EtlError ? refuse(error) : error;
  }
}
