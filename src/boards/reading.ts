import { z } from 'zod';
import type { ControlState } from './controls.ts';
import type { ShownRow } from './snapshot.ts';
import type { TableCell, TableRow } from './table.ts';

/** What was found on a board's page: three accounts of its rows, to be compared: stated, loaded, shown. */
export interface BoardReading {
  stated: { shown: number | null; total: number | null };
  /**
   * Rows as the page loaded them, in its order of loading, their texts what it should show; null where
   * no payload exists.
   */
  loaded: TableRow[] | null;
  /** The records that these rows were made of, where the definition says how. */
  records?: unknown[];
  loadedFrom: string | null;
  /** As in the row of headers, those that occur twice numbered (`uniqueHeaders`). */
  headers: string[];
  /** Rows as shown; `index` is the place among the rows that the page shows, from 0. */
  shown: ShownRow[];
  /** True when every shown row was read. */
  complete: boolean;
  /** Filters in force, default ones too, as `name=value`. */
  filters: string[];
  /** Controls of the page that had a state. @default none */
  controls?: readonly ControlState[];
  /**
   * Places in `loaded` of the rows that the filters in force keep, in the page's order, where the
   * renderer knows what those filters do; left out, the definition must know.
   */
  kept?: readonly number[];
  /** Loaded rows that the page does not show, where it is not known what hides them. @default 0 */
  hidden?: number;
  /** A sentence that the page shows instead of its table, or null. */
  pageError: string | null;
  /** Whether a shown cell is what a loaded one looks like. @default the texts are equal */
  agrees?: (loaded: TableCell, shown: TableCell, header: string) => boolean;
  /** It is a file, whole: there is no page to compare with. @default false */
  pageless?: boolean;
  /** Which state of the page was read, where it has others. @default nothing to say */
  notes?: string[];
  /** Every table that could have been meant, for who describes a new board. @default none */
  tables?: FoundTable[];
}

/** A table on a page, as a candidate for the leaderboard. */
export const FoundTable = z.object({
  headers: z.array(z.string()),
  rows: z.number(),
  /** Where it is: a label, a tab or an id, as the page has it. */
  place: z.string(),
  chosen: z.boolean(),
});
export type FoundTable = z.infer<typeof FoundTable>;
