import type { BOARD_STATUSES, PROOFS } from '../tables/leaderboard-entries.ts';

/** A row that a board's page shows: cell text by header, whitespace folded. */
export interface ShownRow {
  identity: string;
  /** Place in the shown order, from 0. */
  index: number;
  cells: Record<string, string>;
  /** Address of the first link in a cell, by header; left out where there are none. */
  links?: Record<string, string>;
}

/** As in the column `status` of `leaderboard_entries`, which holds the meanings. */
export type BoardStatus = (typeof BOARD_STATUSES)[number];
/** As in its column `proof`. */
export type Proof = (typeof PROOFS)[number];

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
  status: BoardStatus;
  /** Null for `loaded_only`: its rows were not seen. */
  proof: Proof | null;
  /** Counts that the page states: rows shown by its filters, and all rows. */
  stated: { shown: number | null; total: number | null };
  /** Default filters in force, e.g. `precision=bfloat16,float16,4bit`. */
  filters: string[];
  /** Every control of the page that had a state, as `label=value`. */
  controls: string[];
  /** Those of them that may choose rows or one table of several; '' for none. */
  variant: string;
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
  files?: readonly SnapshotFile[];
  /** What a page that nobody described turned out to be: columns and identity, as data. */
  inferred?: unknown;
  /** It was read whatever its site's robots.txt says. */
  robots?: 'ignored';
}
