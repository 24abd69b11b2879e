/** What is known of a capture beside its body. */
export interface CaptureFacts {
  /** `models`, `catchup`, `tags`, `boards/<id>` … */
  source: string;
  url: string;
  status: number;
  /** Lower-case names; only content-type, etag, link, ratelimit, ratelimit-policy, x-request-id. */
  headers: Record<string, string>;
  /** ISO 8601, UTC. */
  fetchedAt: string;
  /** Path and query of the page after this one, without the host; null at the end. */
  next: string | null;
  /** How many records or rows the body holds. */
  count: number;
  /** Of a page of a list: where its first record stands among all, and its last; see `placeOf`. */
  span?: readonly [first: string, last: string];
}

/**
 * What was sent, as it was sent: one page of an API or one board page. The body is the bytes that
 * came, so nothing (a number beyond 2^53, a doubled key) is lost before cleaning sees it.
 */
export interface Capture extends CaptureFacts {
  body: Buffer;
}

/** Source of an item that was given to a dataset as it is: its body is the item's JSON. */
export const ITEM = 'pushData';

/** The capture that an item is kept as: of Crawlee's `pushData`, or a statement of our own. */
export const itemCapture = (item: object, now: Date): Capture => ({
  source: ITEM,
  url: '',
  status: 0,
  headers: { 'content-type': 'application/json' },
  fetchedAt: now.toISOString(),
  next: null,
  count: 1,
  body: Buffer.from(JSON.stringify(item)),
});

/** Where a record lies in the raw storage: `rejects.jsonl` points with it. */
export interface CapturePointer {
  dataset: string;
  /** Number of the capture in its dataset, from 0. */
  n: number;
  /** Position in the page, from 0. */
  position: number;
}
