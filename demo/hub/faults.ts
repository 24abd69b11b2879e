/**
 * What can go wrong on purpose.
 *
 * Loud and transient (the client sees that the answer is bad; the same request asked again is
 * answered right once the fault has run out): `429-r0`, `429-r5`, `500`, `503`, `504`, `html-502`,
 * `reset`, `truncated`, `truncated-chunked`, `invalid-json`, `invalid-utf8`, `hang`.
 *
 * Quiet (a 200 that looks well; no reason to ask again): `short-page` and `duplicate-record` lose
 * nothing; `bad-record` adds an element that is no record; `repeated-cursor` and `foreign-link`
 * answer the right records with a `Link` that must not be followed; `no-link` answers them without
 * one, and `empty-page` answers `[]` without one: the list seems to end.
 *
 * Attacks: `gzip-bomb` unpacks to 80 MB, `drip` sends a byte each 100 ms without an end, `echo-token`
 * is a 500 that repeats the token in its headers and body; the `Link` of `other-path` and `other-sort`
 * leads to another list; `lost-records` leaves half a page out, with a `Link` to the page after it.
 */
export const LOUD_FAULTS = [
  '429-r0',
  '429-r5',
  '500',
  '503',
  '504',
  'html-502',
  'reset',
  'truncated',
  'truncated-chunked',
  'invalid-json',
  'invalid-utf8',
  'hang',
] as const;

/** @see LOUD_FAULTS */
export const QUIET_FAULTS = [
  'short-page',
  'repeated-cursor',
  'foreign-link',
  'duplicate-record',
  'bad-record',
  'no-link',
  'empty-page',
] as const;

/** @see LOUD_FAULTS */
export const ATTACKS = [
  'gzip-bomb',
  'drip',
  'echo-token',
  'other-path',
  'other-sort',
  'lost-records',
] as const;

export type LoudFault = (typeof LOUD_FAULTS)[number];
export type QuietFault = (typeof QUIET_FAULTS)[number];
export type FaultKind = LoudFault | QuietFault | (typeof ATTACKS)[number];

export interface Fault {
  /** Number or numbers of the request, from 1, counted over what `path` says. */
  at: number | readonly number[];
  /** How many requests in a row, from each `at` on. @default 1 */
  times?: number;
  /**
   * Counts requests whose path with query holds this text or matches this expression. Without it,
   * pages of the list of models are counted: `GET /api/models` with a query that is not refused
   * with a 400. Quiet kinds act on lists only.
   */
  path?: string | RegExp;
  kind: FaultKind;
  /** `t` of the `RateLimit` header. @default 1 for `429-r0`, 250 for `429-r5` */
  resetSeconds?: number;
  /** `reset`: before the head, or after half of the body. @default 'before' */
  when?: 'before' | 'during';
  /** `bad-record`: what the added element is. @default 'null' */
  record?: 'null' | 'string' | 'no-id';
  /** `foreign-link`: the origin that the `Link` names. @default 'https://hub.example' */
  origin?: string;
}

/** A request as faults count it. */
export interface Countable {
  pathAndQuery: string;
  isModelPage: boolean;
}

/** Counts requests and says which fault, if any, this one meets; the first of the list wins. */
export interface FaultPlan {
  next(request: Countable): Fault | undefined;
}

/** A plan whose counts start at this moment. */
export function createFaultPlan(faults: readonly Fault[]): FaultPlan {
  const counts = faults.map((fault) => ({ fault, seen: 0 }));
  return {
    next(request) {
      let found: Fault | undefined;
      for (const count of counts) {
        if (!isCounted(count.fault, request)) continue;
        count.seen += 1;
        if (found === undefined && isDue(count.fault, count.seen)) found = count.fault;
      }
      return found;
    },
  };
}

export const isQuiet = (kind: FaultKind): boolean =>
  // `includes` of a tuple of literals wants one of them.
  (QUIET_FAULTS as readonly string[]).includes(kind) || /^(?:other-|lost-)/.test(kind);

/** Whether the client gets no head of an answer at all. */
export const isSilent = ({ kind, when }: Fault): boolean =>
  kind === 'hang' || (kind === 'reset' && when !== 'during');

function isCounted({ path }: Fault, { pathAndQuery, isModelPage }: Countable): boolean {
  if (path === undefined) return isModelPage;
  if (typeof path === 'string') return pathAndQuery.includes(path);
  return pathAndQuery.search(path) >= 0;
}

function isDue({ at, times = 1 }: Fault, seen: number): boolean {
  const starts = typeof at === 'number' ? [at] : at;
  return starts.some((start) => seen >= start && seen < start + times);
}
