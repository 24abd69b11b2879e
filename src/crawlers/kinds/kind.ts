import type { Frame, Page } from 'playwright';
import type { BoardDefinition } from '../../boards/definition.ts';
import type { BoardReading } from '../../boards/reading.ts';

export interface ReadOptions {
  /** Null for a page that nobody described: the renderer takes the table most like a leaderboard. */
  definition: BoardDefinition | null;
  /** Label of the table that is meant, or its place from 1. @default the one that is most like it */
  table?: string | undefined;
  /** `all` reads every shown row, `sample` first, last and random windows. */
  verify: 'sample' | 'all';
  /** Rows to check at least when sampling. @default 200 */
  sampleRows: number;
  /** Seeds the choice of random windows, so that a failure can be repeated. */
  seed: number;
  timeoutMs: number;
}

/** Knows one kind of page. One file a kind. */
export interface Kind {
  id: string;
  /** The address that makes the page show every column of the definition. @default the board's */
  address?: (definition: BoardDefinition, url: string) => string;
  /** Starts listening to the page's own responses, one time for each page; to be awaited before navigation. */
  listen: (page: Page) => Promise<unknown>;
  /**
   * Whether the document in `frame` is of this kind; asked again and again while a page that nobody
   * described loads. A kind without it is only read by name.
   */
  recognises?: (frame: Frame) => Promise<boolean>;
  /**
   * Reads the board in `frame`, whose page was listened to: the page's own, or that of a Space inside the
   * Hub's page.
   *
   * @throws {EtlError} BOARD_UNREACHABLE when no rows appear; BOARD_DRIFT when they are not those of
   * the definition, or cannot be all.
   */
  read: (frame: Frame, options: ReadOptions) => Promise<BoardReading>;
}
