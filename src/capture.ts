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

/** A row that a board's page shows: cell text by header, whitespace folded. */
export interface ShownRow {
  identity: string;
  /** Place in the shown order, from 0. */
  index: number;
  cells: Record<string, string>;
  /** Address of the first link in a cell, by header; left out where there are none. */
  links?: Record<string, string>;
}

/** What the capture of a board (`source` `boards/<id>`) holds in `body`, as JSON. */
export interface BoardSnapshot {
  board: string;
  renderer: string;
  /** `verified`: shown rows agreed with loaded ones; `loaded_only`: the page showed its own error. */
  status: 'verified' | 'loaded_only';
  /** Counts that the page states: rows shown by its filters, and all rows. */
  stated: { shown: number | null; total: number | null };
  /** Default filters in force, e.g. `precision=bfloat16,float16,4bit`. */
  filters: string[];
  headers: string[];
  /** Address of the response that carried the rows; null where no payload exists. */
  loadedFrom: string | null;
  /** Rows as the page loaded them, in the page's order of loading; null where no payload exists. */
  loaded: unknown[] | null;
  /** Rows read from the page; all of them where no payload exists. */
  shown: ShownRow[];
  shownChecked: number;
  /** Loaded rows that the default filters hide. */
  hidden: number;
  seconds: number;
  /** What a page that nobody described turned out to be: columns and identity, as data. */
  inferred?: unknown;
}
