import type { Configuration } from '@crawlee/http';
import type { BoardDefinition } from '../boards/definition.ts';
import type { UndescribedBoard } from '../boards/infer.ts';
import type { BoardMemory } from '../boards/last-good.ts';
import type { FoundTable } from '../boards/reading.ts';
import type { BoardShape } from '../boards/shape.ts';
import type { BoardStatus, Proof } from '../boards/snapshot.ts';
import type { TableBoard } from '../boards/table-board.ts';
import { BoardDriftError } from '../boards/drift.ts';
import type { EtlError } from '../errors.ts';
import type { Capture } from '../storage/capture.ts';
import type { Resolve } from './network-guard.ts';
import type { MayVisit } from './robots.ts';

export interface BoardDependencies {
  /** Crawlee's configuration, with the storage client of the run. */
  config: Configuration;
  /** From `ensureBrowser` and `tryBrowser`. */
  browser: { executablePath: string; sandbox: boolean };
  /** Of which a browser gets the few variables that it needs. @default that of the process */
  env?: Readonly<Record<string, string | undefined>>;
  /** The browser's own name, and who we are: name, version and an address. */
  userAgent: string;
  /** Asked again where a page leads to. @default everything may be visited */
  mayVisit?: MayVisit | undefined;
  /** Is kept with each board that is read. @default they were asked */
  robots?: 'ignored' | undefined;
  /** Stores a capture; what it throws ends the crawl. */
  write: (capture: Capture) => Promise<void>;
  /** Addresses of the hosts that pages ask for. @default the system's */
  resolve?: Resolve;
  /** Gets one line a board. @default nothing */
  log?: (message: string, facts: Record<string, unknown>) => void;
}

export interface BoardCrawlInput {
  /** Boards that are known, and pages that nobody described. */
  boards: readonly (BoardDefinition | UndescribedBoard)[];
  /** Addresses to use instead of the definitions', by board id. */
  urls?: Readonly<Record<string, string>>;
  /** Each board has a folder of its id in it; an earlier one's content is removed. */
  evidenceFolder: string;
  /** The last good capture of a board, which its reading is compared with. @default none is known */
  last?: (board: string) => BoardMemory | undefined;
  /** Told of each board as soon as it is decided, in that order; its failure ends the crawl. */
  onOutcome?: (outcome: BoardOutcome) => void | Promise<void>;
}

export interface BoardCrawlOptions {
  /** `all` compares every shown row, `sample` first, last and random ones. @default 'sample' */
  verify?: 'sample' | 'all';
  /** @default 200 */
  sampleRows?: number;
  /** Chooses the random rows. @default one of the clock */
  seed?: number;
  /** Shows the browser, images and all. @default false */
  headed?: boolean;
  /** Waits so long after each step of the browser, in milliseconds. @default 0 */
  slowMoMs?: number;
  /** Opens Playwright's inspector before a page is read; needs `headed`. @default false */
  pause?: boolean;
  /** Leaves the page of a refused board open until it is closed by hand; needs `headed`. @default false */
  keepOpen?: boolean;
  /** How long a page may take to show its rows, in milliseconds. @default 120_000 */
  timeoutMs?: number;
  /**
   * How long a board may take in all, tries again included, in milliseconds: whatever its page does,
   * it is refused then. @default 3 minutes beside `timeoutMs`, 30 to read every row; none while
   * somebody looks on
   */
  deadlineMs?: number;
  /** Boards that are read side by side, each in a context of its own. @default 3; 1 while somebody looks on */
  atOnce?: number;
  /** Stops the crawl within seconds; boards that were written stay. */
  signal?: AbortSignal | undefined;
}

export interface BoardOutcome {
  board: string;
  url: string;
  /** Kind of the page; null when it could not be told. */
  renderer: string | null;
  /** What a page that nobody described turned out to be. */
  inferred?: TableBoard;
  /** Tables of the page that could have been meant. */
  tables?: FoundTable[];
  /** Of `drifted` and `failed` nothing was written. */
  status: BoardStatus | 'drifted' | 'failed';
  /** What its rows agreed with; null of a board that was refused, or that was loaded and not seen. */
  proof: Proof | null;
  stated: { shown: number | null; total: number | null };
  /** Rows that the page loaded; null where it loads none. */
  loaded: number | null;
  /** Controls of the page that chose these rows; '' for none. */
  variant: string;
  /** Loaded rows that the page does not show, and that were not taken. */
  hidden: number;
  shownChecked: number;
  /** Rows that were taken; 0 for a refused board. */
  rows: number;
  /** From navigation to the decision. */
  seconds: number;
  warnings: string[];
  /** What the board looks like now; only of one that was taken. */
  shape?: BoardShape;
  /** Folder of the screenshot, and of what explains a refusal. */
  evidence?: string;
  error?: EtlError;
}

/** The outcome of a board of which nothing was read. */
export const refusedOutcome = (
  of: Pick<BoardOutcome, 'board' | 'url' | 'renderer' | 'seconds'>,
  error: EtlError,
): BoardOutcome => ({
  ...of,
  status: error instanceof BoardDriftError ? 'drifted' : 'failed',
  ...{ proof: null, stated: { shown: null, total: null }, loaded: null },
  ...{ variant: '', hidden: 0, shownChecked: 0, rows: 0, warnings: [], error },
});
