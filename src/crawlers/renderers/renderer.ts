import type { Page } from 'playwright';
import type { ShownRow } from '../../capture.ts';
import type { BoardDefinition } from '../boards/definition.ts';

/** What a renderer found on a page; `reconcile.ts` compares the three: stated, loaded, shown. */
export interface BoardReading {
  stated: { shown: number | null; total: number | null };
  /** Rows as the page loaded them, in its order of loading; null where no payload exists. */
  loaded: unknown[] | null;
  loadedFrom: string | null;
  headers: string[];
  shown: ShownRow[];
  /** True when every shown row was read. */
  complete: boolean;
  /** Filters in force, default ones too, as `name=value`. */
  filters: string[];
  /** Rows that the virtual height has room for; null where the page is not virtual. */
  virtualRows: number | null;
  /** A sentence that the page shows instead of its table, or null. */
  pageError: string | null;
}

export interface ReadOptions {
  definition: BoardDefinition;
  /** `all` reads every shown row, `sample` first, last and random windows. */
  verify: 'sample' | 'all';
  /** Rows to check at least when sampling. @default 200 */
  sampleRows: number;
  /** Seeds the choice of random windows, so that a failure can be repeated. */
  seed: number;
  timeoutMs: number;
}

/** Knows one kind of page. One file a kind. */
export interface Renderer {
  id: string;
  /** The address that makes the page show every column of the definition. */
  address: (definition: BoardDefinition, url: string) => string;
  /** Starts listening to the page's own responses; call before navigation. */
  listen: (page: Page) => BoardSession;
}

export interface BoardSession {
  read: (page: Page, options: ReadOptions) => Promise<BoardReading>;
}
