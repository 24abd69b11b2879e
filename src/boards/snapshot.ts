/** A row that a board's page shows: cell text by header, whitespace folded. */
export interface ShownRow {
  identity: string;
  /** Place in the shown order, from 0. */
  index: number;
  cells: Record<string, string>;
  /** Address of the first link in a cell, by header; left out where there are none. */
  links?: Record<string, string>;
}

/** A file that a board was read from, as it came. */
export interface SnapshotFile {
  url: string;
  bytes: number;
  sha256: string;
  etag: string | null;
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
  /** Of a board that is a file of data, or several. */
  files?: SnapshotFile[];
  /** What a page that nobody described turned out to be: columns and identity, as data. */
  inferred?: unknown;
}
