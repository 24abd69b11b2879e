/**
 * What was sent, as it was sent: one page of an API or one board page. `body` is the response's text
 * verbatim, so nothing (a number beyond 2^53, a doubled key) is lost before cleaning sees it.
 */
export interface Capture {
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
  body: string;
}

/** Where a record lies in the raw storage: `rejects.jsonl` points with it. */
export interface CapturePointer {
  dataset: string;
  /** Number of the capture's first line in `index.jsonl`, from 0. */
  n: number;
  /** Position in the page, from 0. */
  position: number;
}
