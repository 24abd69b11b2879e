import { encodeCursor, positionOf } from './cursor.ts';
import type { Fault } from './faults.ts';
import { HEAVY_FIELDS } from './listing.ts';
import type { Listing } from './listing.ts';
import { createPager } from './page.ts';
import type { Page, Pager } from './page.ts';
import { parseListQuery } from './query.ts';
import type { ListQuery } from './query.ts';
import { errorReply, htmlReply, jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Store } from './store.ts';

export interface ListOptions {
  /** Largest page, and the page when no `limit` is asked for. */
  pageLimit: number;
  /** 504 for a page that asks for more records than this. */
  overloadAbove: number;
  /** 504 for a page that would hold one of these ids and asks for a heavy field. */
  overloadIds: readonly string[];
  /** 500 for a page that would hold one of these ids and asks for more than `createdAt`. */
  brokenIds: readonly string[];
  /** As `brokenIds`, but a 200 that is no JSON. */
  garbledIds: readonly string[];
}

/** One request for a page. */
export interface ListRequest {
  parameters: URLSearchParams;
  /** Scheme and host of the `Link`. */
  origin: string;
  /** A quiet fault that this page is to show. */
  fault?: Fault | undefined;
}

/** Bytes of finished pages that are kept, so that a second crawl measures the client and not us. */
const KEPT_BYTES = 256 * 1024 * 1024;

/** Answers one list endpoint of the Hub. */
export function createList(
  listing: Listing,
  store: Store,
  options: ListOptions,
): {
  isPage(parameters: URLSearchParams): boolean;
  answer(request: ListRequest): Reply;
} {
  const pager = createPager(store);
  const kept = createKeptReplies();
  const parse = (parameters: URLSearchParams): ReturnType<typeof parseListQuery> =>
    parseListQuery(listing, parameters, options.pageLimit);

  return {
    isPage: (parameters) => !('error' in parse(parameters)),
    answer({ parameters, origin, fault }) {
      const query = parse(parameters);
      if ('error' in query) return errorReply(400, query.error);
      const key = `${origin} ${parameters.toString()}`;
      const known = fault === undefined ? kept.get(key) : undefined;
      if (known !== undefined) return known;

      if (query.limit > options.overloadAbove) return htmlReply(504, '504 Gateway Timeout');
      const page = spoilPage(pager, query, fault);
      if (isOverloaded(page, query, options)) return htmlReply(504, '504 Gateway Timeout');
      if (isBroken(page, query, options.brokenIds)) return errorReply(500, 'Internal error.');
      const link = linkOf(page, { listing, query, parameters, origin, fault });
      const headers = link === null ? {} : { Link: `<${link}>; rel="next"` };
      const end = isBroken(page, query, options.garbledIds) ? '' : ']';
      const reply = jsonReply(200, `[${page.records.join(',')}${end}`, headers);
      reply.records = page.records.length;
      if (fault === undefined) kept.add(key, reply);
      return reply;
    },
  };
}

const isOverloaded = (page: Page, query: ListQuery, { overloadIds }: ListOptions): boolean =>
  query.fields.some((field) => HEAVY_FIELDS.includes(field)) && holdsOne(page, overloadIds);

const isBroken = (page: Page, query: ListQuery, ids: readonly string[]): boolean =>
  query.fields.some((field) => field !== 'createdAt') && holdsOne(page, ids);

const holdsOne = ({ entries }: Page, ids: readonly string[]): boolean =>
  ids.length > 0 && entries.some(({ id, _id }) => ids.includes(id) || ids.includes(_id));

/** How many of its records a page still has. */
function keptOf(kind: Fault['kind'] | undefined, records: number): number {
  if (kind === 'empty-page') return 0;
  return kind === 'lost-records' ? Math.ceil(records / 2) : records;
}

function spoilPage(pager: Pager, query: ListQuery, fault: Fault | undefined): Page {
  const page = pager.read(query);
  const [first = 'null'] = page.records;
  const half = Math.ceil(page.records.length / 2);
  if (fault?.kind === 'short-page') return pager.read({ ...query, limit: Math.max(half, 1) });
  if (fault?.kind === 'duplicate-record') {
    const earlier = pager.read({ ...query, limit: 1, after: null });
    return { ...page, records: [...earlier.records, ...page.records] };
  }
  if (fault?.kind === 'bad-record') {
    const bad = {
      null: 'null',
      string: '"this is no record"',
      'no-id': first.replace(/^\{"_id":"[^"]*",/, '{'),
    }[fault.record ?? 'null'];
    return { ...page, records: page.records.toSpliced(half, 0, bad) };
  }
  const kept = keptOf(fault?.kind, page.records.length);
  return { ...page, records: page.records.slice(0, kept) };
}

interface LinkContext {
  listing: Listing;
  query: ListQuery;
  parameters: URLSearchParams;
  origin: string;
  fault: Fault | undefined;
}

function linkOf(page: Page, context: LinkContext): string | null {
  const { listing, query, parameters, origin, fault } = context;
  const write = (host: string, cursor: string | null): string => {
    const pairs = cursor === null ? query.echo : [...query.echo, ['cursor', cursor] as const];
    const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    return `${host}${listing.path}?${text}`;
  };
  if (fault?.kind === 'no-link' || fault?.kind === 'empty-page') return null;
  if (fault?.kind === 'repeated-cursor') return write(origin, parameters.get('cursor'));
  if (fault?.kind === 'foreign-link') {
    const last = page.entries.at(-1);
    const cursor = last === undefined ? null : encodeCursor(query, positionOf(last, query));
    return write(fault.origin ?? 'https://hub.example', cursor);
  }
  return page.next === null ? null : toOther(fault, write(origin, page.next));
}

function toOther(fault: Fault | undefined, link: string): string {
  if (fault?.kind === 'other-path') return link.replace(/\/api\/\w+/, '/api/spaces');
  return fault?.kind === 'other-sort' ? link.replace(/sort=\w+/, 'sort=likes') : link;
}

function createKeptReplies(): {
  get(key: string): Reply | undefined;
  add(key: string, reply: Reply): void;
} {
  const replies = new Map<string, Reply>();
  let bytes = 0;
  return {
    get: (key) => replies.get(key),
    add(key, reply) {
      replies.set(key, reply);
      bytes += reply.body.length;
      for (const [oldest, { body }] of replies) {
        if (bytes <= KEPT_BYTES) break;
        replies.delete(oldest);
        bytes -= body.length;
      }
    },
  };
}
