import type { LeaderboardConfig } from './settings.ts';

/** A table that the replica serves. */
export interface GradioTable {
  /** Its elem id. */
  id: string;
  /** @default none */
  label?: string;
  /** Text of the tab that it stands in; tables without one stand above all tabs. */
  tab?: string;
  headers: readonly string[];
  /** Kind of each column: `str`, `number`, `bool`, `date`, `markdown`, `html`. @default `str` */
  datatype?: readonly string[];
  rows: readonly (readonly unknown[])[];
  /** False: in the config, with all its rows, and not on the page. @default true */
  visible?: boolean;
  /** What a pandas Styler shows in place of the values. */
  display?: readonly (readonly string[])[];
  maxChars?: number;
  rowNumbers?: boolean;
  wrap?: boolean;
  interactive?: boolean;
  /** The rows come by a load event; before, the table has none, or those named. */
  load?: { afterMs: number; before?: readonly (readonly unknown[])[] };
  /**
   * Makes it a gradio_leaderboard, in the generations that are named after it. @default the first
   * visible table is one, with every column and no filter, when no table has this
   */
  board?: LeaderboardConfig;
}

/** Column of a table as a place, from 0. @throws {RangeError} when there is none of that name */
export function columnOf({ headers, id }: GradioTable, header: string): number {
  const column = headers.indexOf(header);
  if (column === -1) throw new RangeError(`Table ${id} has no column ${header}`);
  return column;
}
