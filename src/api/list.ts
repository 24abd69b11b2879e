import { EtlError } from '../errors.ts';
import { readJson, type Fetch, type HubClient } from './client.ts';
import { HEAVY_EXPANDS, withExpands, withPageSize } from './models.ts';
import { AttemptError, backoffMs, createTries, type Answer, type Failure } from './retry.ts';

/** A list that comes in pages. */
export interface PagedList {
  /** Path and query of the page to begin with. */
  start: string;
  /** Cursors of the pages that are had already, '' for the first: none may come again. @default none */
  seen?: Iterable<string>;
  /** Records to take at most. @default Infinity */
  limit?: number;
  /** Pages that do not come are asked for smaller, then without heavy fields. @default never */
  resize?: { pageSize: number; expands: readonly string[] };
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
  /** Why its one record could not be had; the answer's body is an empty list then. */
  skipped?: Failure;
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
  for (let path: string | null = list.start; path !== null && left > 0;) {
    const page: Page | undefined = await takePage({ source, list, signals, seen, form }, path);
    if (page === undefined) return;
    seen.add(keyOf(path));
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
  isLight: boolean;
}

const fullForm = ({ resize }: PagedList, left: number): Form => ({
  pageSize: Math.max(1, Math.min(resize?.pageSize ?? 1, left)),
  isLight: false,
});

interface Walk {
  source: HubClient & { fetch?: Fetch };
  list: PagedList;
  signals: WalkSignals;
  seen: ReadonlySet<string>;
  /** Gets smaller while the page does not come. */
  form: Form;
}

/** A page, however often it has to be asked for; undefined when the walk is to stop. */
async function takePage(walk: Walk, path: string): Promise<Page | undefined> {
  const { source, list, signals } = walk;
  const { fetch = source.attempt, gate } = source;
  const waitAfter = list.resize === undefined ? createTries(source.retry) : resizing(walk);
  for (;;) {
    await gate.pass(signals.signal);
    if (signals.signal.aborted) return undefined;
    const asked = inForm(list, path, walk.form);
    try {
      return readPage(walk, asked, await fetch(asked, signals.kill));
    } catch (error) {
      if (!(error instanceof AttemptError)) throw error;
      const { failure } = error;
      const waitMs = waitAfter(failure);
      if (waitMs === undefined) return passOver(walk, asked, failure);
      source.onRetry(failure, waitMs);
      gate.closeFor(waitMs);
    }
  }
}

/** Two tries as it is, then smaller: a page that overloads the Hub once may just be unlucky. */
const TRIES_BEFORE_SHRINKING = 2;
/** Tries at the smallest, lightest form of a page. */
const LAST_TRIES = 2;

/**
 * As `createTries`, but after two time-outs, 5xx or broken bodies the page is asked for at half its
 * size, down to one record, then without its heavy fields.
 */
function resizing({ source: { retry }, form }: Walk): (failure: Failure) => number | undefined {
  const others = createTries(retry);
  let failures = 0;
  let lastTries = 0;
  return (failure) => {
    if (!['busy', 'timeout', 'shape'].includes(failure.kind)) return others(failure);
    failures += 1;
    if (failures >= TRIES_BEFORE_SHRINKING && !shrink(form)) lastTries += 1;
    return lastTries >= LAST_TRIES ? undefined : backoffMs(failures, retry);
  };
}

function shrink(form: Form): boolean {
  if (form.isLight) return false;
  if (form.pageSize > 1) form.pageSize = Math.floor(form.pageSize / 2);
  else form.isLight = true;
  return true;
}

/** The address of a page in a form; the cursor does not depend on it. */
function inForm({ resize }: PagedList, path: string, { pageSize, isLight }: Form): string {
  if (resize === undefined) return path;
  const sized = withPageSize(path, pageSize);
  if (!isLight) return sized;
  const light = resize.expands.filter((name) => !HEAVY_EXPANDS.includes(name));
  return withExpands(sized, light);
}

/** Whatever form a page came in, the next one is stated in that which the walk started with. */
const inFullForm = ({ resize }: PagedList, path: string): string =>
  resize === undefined ? path : withExpands(withPageSize(path, resize.pageSize), resize.expands);

function readPage(walk: Walk, asked: string, answer: Answer): Page {
  const { value } = readJson(answer);
  const { records, next } = (walk.list.read ?? readLinked)(value, answer);
  const path = next === null ? null : nextPath(walk, { asked, answer, link: next });
  return {
    answer,
    records,
    next: path === null ? null : inFullForm(walk.list, path),
    isLight: walk.form.isLight,
  };
}

/** Elements are whatever was sent: cleaning judges them. */
function readLinked(value: unknown, answer: Answer): ReturnType<NonNullable<PagedList['read']>> {
  const { url } = answer;
  const link = nextLink(answer.headers['link']);
  if (Array.isArray(value)) return { records: value as unknown[], next: link ?? null };
  const error = new EtlError('HTTP_NOT_JSON', `GET ${url}: the answer is no list`);
  throw new AttemptError({ kind: 'shape', waitMs: undefined, error, answer });
}

/** @throws {AttemptError} for a next page on another host, of another list, or one that was had */
function nextPath(
  { source, seen }: Walk,
  { asked, answer, link }: { asked: string; answer: Answer; link: string },
): string {
  const refuse = (error: EtlError): AttemptError =>
    new AttemptError({ kind: 'link', waitMs: undefined, error, answer });
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
 * Passes over the one record that stays broken, if the answer says what comes after it.
 *
 * @throws {EtlError} the failure, where that is not known
 */
function passOver(walk: Walk, asked: string, failure: Failure): Page {
  const { answer, kind, error } = failure;
  const link = nextLink(answer?.headers['link']);
  const isOne = walk.form.isLight && kind === 'shape';
  if (!isOne || answer === undefined || link === undefined) throw error;
  try {
    const next = inFullForm(walk.list, nextPath(walk, { asked, answer, link }));
    const empty = { ...answer, body: Buffer.from('[]') };
    return { answer: empty, records: [], next, isLight: false, skipped: failure };
  } catch {
    throw error;
  }
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
