import { EtlError } from '../errors.ts';
import { misshapen, readJson, type Fetch, type HubClient } from './client.ts';
import { withExpands, withPageSize } from './repos.ts';
import {
  AttemptError,
  backoffMs,
  createTries,
  type Answer,
  type Failure,
  type Tries,
} from './retry.ts';

/** A list that comes in pages. */
interface PagedList {
  /** Path and query of the page to begin with. */
  start: string;
  /** Cursors of the pages that are had already, '' for the first: none may come again. @default none */
  seen?: Iterable<string>;
  /** Records to take at most. @default Infinity */
  limit?: number;
  /**
   * Pages that do not come are asked for smaller, then without heavy fields, then passed over: only the
   * record's name and date are asked for. @default never
   */
  resize?: { pageSize: number; expands: readonly string[]; heavy: readonly string[] };
  /** What an answer holds, and where the next page is. @default a JSON array, and its `Link` */
  read?: (value: unknown, answer: Answer) => { records: readonly unknown[]; next: string | null };
}

/** A page of a list, as it was sent. */
export interface Page {
  answer: Answer;
  records: readonly unknown[];
  /** Path and query of the next page, in the form that a walk starts with; null at the end. */
  next: string | null;
  /** It came only without its heavy fields. */
  isLight: boolean;
  /** Its one record could not be had; the answer's body is an empty list then. */
  skipped?: { record: unknown; failure: Failure };
}

export interface WalkSignals {
  /** Aborted: take no new page. */
  signal: AbortSignal;
  /** Aborted: drop the request in flight too. */
  kill: AbortSignal;
}

/**
 * Walks the pages of a list, one after the other: the cursor of a page comes with the one before it.
 * Ends after the last page, with `limit`, or when the signal says so.
 *
 * @param source the client; `fetch` makes each attempt where another does it for the client
 * @throws {EtlError} HTTP_…, AUTH_…; HTTP_FOREIGN_HOST, HUB_PAGING for a next page that is none of
 * this list, or one that was had
 */
export async function* walkList(
  source: HubClient & { fetch?: Fetch },
  list: PagedList,
  signals: WalkSignals,
): AsyncGenerator<Page, void> {
  const seen = new Set(list.seen);
  let left = list.limit ?? Infinity;
  let form = fullForm(list, left);
  let before: unknown;
  for (let path: string | null = list.start; path !== null && left > 0;) {
    const walk = { source, list, signals, seen, form, before };
    const page: Page | undefined = await takePage(walk, path);
    if (page === undefined) return;
    seen.add(keyOf(path));
    before = page.records.at(-1) ?? page.skipped?.record ?? before;
    left -= page.records.length;
    const full = fullForm(list, left);
    form = { ...full, pageSize: Math.min(full.pageSize, form.pageSize * 2) };
    path = page.next;
    yield page;
  }
}

/** How a page is asked for. */
interface Form {
  pageSize: number;
  /** `named`: with what tells where a record is in the list, and no more. */
  fields: 'all' | 'light' | 'named';
  /** Why it is asked for by name only. */
  failure?: Failure;
}

const fullForm = ({ resize }: PagedList, left: number): Form => ({
  pageSize: Math.max(1, Math.min(resize?.pageSize ?? 1, left)),
  fields: 'all',
});

interface Walk {
  source: HubClient & { fetch?: Fetch };
  list: PagedList;
  signals: WalkSignals;
  seen: ReadonlySet<string>;
  /** Gets smaller while the page does not come. */
  form: Form;
  /** The last record before the page; undefined for the first page. */
  before: unknown;
}

/** A page, however often it has to be asked for; undefined when the walk is to stop. */
async function takePage(walk: Walk, path: string): Promise<Page | undefined> {
  const { source, list, signals } = walk;
  const once = async (): Promise<Page | undefined> => {
    await source.gate.pass(signals.signal);
    if (signals.signal.aborted) return undefined;
    const page = await askPage(walk, path);
    return page.skipped === undefined ? page : ((await onceMore(walk, path)) ?? page);
  };
  const waitAfter = list.resize === undefined ? undefined : resizing(walk);
  return source.retrying(once, waitAfter).catch((error: unknown) => {
    throw error instanceof EtlError ? afterRecord(error, walk.before) : error;
  });
}

async function askPage(walk: Walk, path: string): Promise<Page> {
  const { source, list, signals, form } = walk;
  const asked = inForm(list, path, form);
  return readPage(walk, asked, await (source.fetch ?? source.attempt)(asked, signals.kill));
}

/** The record in its light form, for the Hub may have been down; undefined when it stays broken. */
async function onceMore(walk: Walk, path: string): Promise<Page | undefined> {
  await walk.source.gate.pass(walk.signals.signal);
  try {
    return await askPage({ ...walk, form: { pageSize: 1, fields: 'light' } }, path);
  } catch (error) {
    if (error instanceof AttemptError && isOfPage(error.failure)) return undefined;
    throw error;
  }
}

/** Whether a smaller page may come where this one did not. */
const isOfPage = ({ kind }: Failure): boolean =>
  ['busy', 'timeout', 'size', 'shape'].includes(kind);

/** Says where in the list the page was that could not be had. */
function afterRecord(error: EtlError, record: unknown): EtlError {
  if (typeof record !== 'object' || record === null || !('id' in record)) return error;
  const after = String(record.id);
  const about = { cause: error, context: { ...error.context, after } };
  return new EtlError(error.code, `${error.message}, after ${after}`, about);
}

/** Two tries as it is, then smaller: a page that overloads the Hub once may just be unlucky. */
const TRIES_BEFORE_SHRINKING = 2;
/** Tries at the smallest, lightest form of a page. */
const LAST_TRIES = 2;

/**
 * As `createTries`, but after two time-outs, 5xx or broken bodies the page is asked for at half its
 * size, down to one record, then without its heavy fields, then by name.
 */
function resizing({ source: { retry }, form }: Walk): Tries {
  const others = createTries(retry);
  let failures = 0;
  let lastTries = 0;
  return (failure) => {
    if (!isOfPage(failure)) return others(failure);
    failures += 1;
    if (failures >= TRIES_BEFORE_SHRINKING && !shrink(form, failure)) lastTries += 1;
    return lastTries >= LAST_TRIES ? undefined : backoffMs(failures, retry);
  };
}

function shrink(form: Form, failure: Failure): boolean {
  if (form.fields === 'named') return false;
  if (form.pageSize > 1) form.pageSize = Math.floor(form.pageSize / 2);
  else if (form.fields === 'all') form.fields = 'light';
  else Object.assign(form, { fields: 'named', failure });
  return true;
}

/** The address of a page in a form; the cursor does not depend on it. */
function inForm({ resize }: PagedList, path: string, { pageSize, fields }: Form): string {
  if (resize === undefined) return path;
  const sized = withPageSize(path, pageSize);
  const light = resize.expands.filter((name) => !resize.heavy.includes(name));
  return withExpands(sized, { all: resize.expands, light, named: ['createdAt'] }[fields]);
}

function readPage(walk: Walk, asked: string, answer: Answer): Page {
  const { value } = readJson(answer);
  const { records, next } = (walk.list.read ?? readLinked)(value, answer);
  const path = next === null ? null : nextPath(walk, { asked, answer, link: next });
  // Whatever form a page came in, the next one is stated in that which the walk started with.
  const full = path === null ? null : inForm(walk.list, path, fullForm(walk.list, Infinity));
  const page = { answer, records, next: full };
  const { fields, failure } = walk.form;
  if (failure === undefined || records.length === 0)
    return { ...page, isLight: fields === 'light' };
  const empty = { ...answer, body: Buffer.from('[]') };
  const skipped = { record: records[0], failure };
  return { ...page, answer: empty, records: [], isLight: false, skipped };
}

/** Elements are whatever was sent: cleaning judges them. */
function readLinked(value: unknown, answer: Answer): ReturnType<NonNullable<PagedList['read']>> {
  if (!Array.isArray(value)) throw misshapen(answer, 'is no list');
  return { records: value as unknown[], next: nextLink(answer.headers['link']) ?? null };
}

/** @throws {AttemptError} for a next page on another host, of another list, or one that was had */
function nextPath(
  { source, seen }: Walk,
  { asked, answer, link }: { asked: string; answer: Answer; link: string },
): string {
  const refuse = (error: EtlError): AttemptError =>
    new AttemptError({ kind: 'link', error, answer });
  let path: string;
  try {
    path = source.endpoint.pathOf(link);
  } catch (error) {
    throw error instanceof EtlError ? refuse(error) : error;
  }
  const wasHad = seen.has(keyOf(path)) || keyOf(path) === keyOf(asked);
  if (!wasHad && isSameList(asked, path)) return path;
  const why = wasHad ? 'one that came before' : 'of another list';
  throw refuse(new EtlError('HUB_PAGING', `GET ${answer.url}: the next page is ${why}`));
}

/** Parameters that say where in its list a page is. */
const PLACE = ['cursor', 'offset', 'page', 'p'];
/** Parameters that say how much of it is asked for. */
const SIZE = ['limit', 'length'];

/** Where in its list a page is; '' for the first one. */
function keyOf(path: string): string {
  const { searchParams } = new URL(path, 'http://hub.invalid');
  return PLACE.flatMap((name) => searchParams.get(name) ?? []).join('&');
}

/** Whether a page is of the list of another: what it asks for is the same, however it is spelt. */
function isSameList(a: string, b: string): boolean {
  const facts = (path: string): string => {
    const { pathname, searchParams } = new URL(path, 'http://hub.invalid');
    const asked = [...searchParams].filter(([name]) => ![...PLACE, ...SIZE].includes(name));
    // `expand` and `expand[]` are one.
    const pairs = asked.map(([name, value]) => `${name.replace('[]', '')}=${value}`);
    return [pathname, ...pairs.sort()].join('&');
  };
  return facts(a) === facts(b);
}

/**
 * The target of `rel="next"` in a `Link` header, or undefined. The Hub sends
 * `<https://huggingface.co/api/models?limit=1000&…&cursor=eyJ…>; rel="next"`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8288
 */
export function nextLink(header: string | undefined): string | undefined {
  for (const part of header?.split(/,\s*(?=<)/) ?? []) {
    const end = part.indexOf('>');
    if (!part.startsWith('<') || end < 0) continue;
    const parameters = part.slice(end + 1).split(';');
    const rel = parameters.find((it) => /^\s*rel\s*=/i.test(it))?.split('=')[1] ?? '';
    const names = rel.trim().replace(/^"|"$/g, '').toLowerCase().split(/\s+/);
    if (names.includes('next')) return part.slice(1, end);
  }
  return undefined;
}
