import type { Frame, Page } from 'playwright';
import type { TableCell } from '../../board-table.ts';
import type { ShownRow } from '../../capture.ts';
import type { BoardDefinition } from '../boards/definition.ts';

/** A row whose place is not known yet. */
export type UnplacedRow = Omit<ShownRow, 'index'>;

/** Rows that the page shows one below the other, in its order. */
export interface ShownRun {
  rows: UnplacedRow[];
  /** No row comes before the first, or after the last. */
  isStart: boolean;
  isEnd: boolean;
}

/** What a renderer found on a page; `reconcile.ts` compares the three: stated, loaded, shown. */
export interface BoardReading {
  stated: { shown: number | null; total: number | null };
  /**
   * Rows as the page loaded them, in its order of loading; null where no payload exists. Of a board
   * that is a table they are `TableRow`s, whose texts are what the page should show.
   */
  loaded: unknown[] | null;
  loadedFrom: string | null;
  /** As in the row of headers, those that occur twice numbered (`uniqueHeaders`). */
  headers: string[];
  /** Rows as shown; `index` is the place among the rows that the page shows, from 0. */
  shown: ShownRow[];
  /** Instead of `shown`, where the ranks that rows show have to say their places. */
  runs?: ShownRun[];
  /** True when every shown row was read. */
  complete: boolean;
  /** Filters in force, default ones too, as `name=value`. */
  filters: string[];
  /**
   * Places in `loaded` of the rows that the filters in force keep, in the page's order, where the
   * renderer knows what those filters do; left out, the definition must know.
   */
  kept?: readonly number[];
  /** Rows that the virtual height has room for; null where the page is not virtual. */
  virtualRows: number | null;
  /** A sentence that the page shows instead of its table, or null. */
  pageError: string | null;
  /** Whether a shown cell is what a loaded one looks like. @default the texts are equal */
  agrees?: (loaded: TableCell, shown: TableCell) => boolean;
  /** There is no page to compare with: the stated total is the proof. @default false */
  pageless?: boolean;
  /** Every table that could have been meant, for who describes a new board. @default none */
  tables?: FoundTable[];
}

/** A table on a page, as a candidate for the leaderboard. */
export interface FoundTable {
  headers: string[];
  rows: number;
  /** Where it is: a label, a tab or an id, as the page has it. */
  place: string;
  chosen: boolean;
}

export interface ReadOptions {
  /** Null for a page that nobody described: the renderer takes the table most like a leaderboard. */
  definition: BoardDefinition | null;
  /** `all` reads every shown row, `sample` first, last and random windows. */
  verify: 'sample' | 'all';
  /** Rows to check at least when sampling. @default 200 */
  sampleRows: number;
  /** Seeds the choice of random windows, so that a failure can be repeated. */
  seed: number;
  timeoutMs: number;
  /**
   * Told of rows that the page loaded while it draws them still: what is to be said of them alone can
   * be said meanwhile. They may turn out not to be the ones. @default nobody is told
   */
  onLoaded?: (rows: unknown[]) => void;
}

export interface ListenOptions {
  /** Somebody looks at the page: it must look as ever while it is read. @default false */
  isSeen?: boolean;
}

/** Knows one kind of page. One file a kind. */
export interface Renderer {
  id: string;
  /** The address that makes the page show every column of the definition. @default the board's */
  address?: (definition: BoardDefinition, url: string) => string;
  /** Starts listening to the page's own responses; to be awaited before navigation. */
  listen: (page: Page, how?: ListenOptions) => BoardSession | Promise<BoardSession>;
  /**
   * Whether the document in `frame` is of this kind; asked again and again while a page that nobody
   * described loads. A kind without it is only read by name.
   */
  recognises?: (frame: Frame) => Promise<boolean>;
}

export interface BoardSession {
  /**
   * Reads the board in `frame`: the page's own, or that of a Space inside the Hub's page.
   *
   * @throws {EtlError} BOARD_UNREACHABLE when no rows appear; BOARD_DRIFT when they are not those of
   * the definition, or cannot be all.
   */
  read: (frame: Frame, options: ReadOptions) => Promise<BoardReading>;
}
