import { z } from 'zod';
import { FileSource } from './file-source.ts';
import { NumberForm } from './form.ts';
import { BoardLicence } from './licence.ts';
import type { EntryRow, LeaderboardRow } from './rows/rows.ts';
import type { TableRow } from './table.ts';

const text = z.string().min(1);
const flag = z.boolean().exactOptional();

/** How a column of a board is read, as data. The header is the key; a position never is. */
export const TableColumn = z.strictObject({
  /** What the page heads the column with now; empty for a column without data. */
  header: z.string(),
  /** Headers that other generations of the page used for the same thing. */
  aliases: z.array(text).readonly().exactOptional(),
  /** Our name of the column: a metric of `leaderboard_scores`, or a field of `leaderboard_entries`. */
  name: text,
  kind: z.enum(['text', 'number', 'percent', 'boolean', 'date', 'model']).default('text'),
  /** A score column becomes rows of `leaderboard_scores`. @default false */
  score: flag,
  /** Unit of a score, as published: `percent`, `ratio`, `kg`, `elo` … */
  unit: text.exactOptional(),
  lowerIsBetter: flag,
  /** Lowest and highest value that make sense; anything else is drift. */
  range: z.tuple([z.number(), z.number()]).readonly().exactOptional(),
  /** Numbers that stand for "not measured", such as -1. @default none */
  missing: z.array(z.number()).readonly().exactOptional(),
  /** A boolean that means the contrary of `name` in this generation of the board. @default false */
  inverted: flag,
  /** How its cells write numbers. @default plain: `1,504.2`, `52.08 %`, `1504 ±6` */
  form: NumberForm.exactOptional(),
  /** A missing required column is drift. @default true */
  required: flag,
});
export type TableColumn = z.infer<typeof TableColumn> & {
  /** The page's own key of the column, where it must be asked for. */
  key?: string;
};

export type BoardColumn = TableColumn & {
  /** The typed value in a row; undefined or null when it is missing. */
  value: (row: unknown) => unknown;
};

/** A filter that the page has on by default. */
export interface BoardFilter {
  /** Name and value as the page's address has them: `precision` and `bfloat16,float16,4bit`. */
  name: string;
  value: string;
  /** False for a record that the filter hides. */
  keeps: (record: unknown) => boolean;
}

/** What a page makes its table of, where that is more than the table shows. Total: takes any JSON. */
export interface BoardRecords {
  /** The board's own identity of a record; '' for what is none of its records. */
  identity: (record: unknown) => string;
  /** The row that the page makes of it; `rank` is its place in the board's order, from 1, before filters. */
  row: (record: unknown, rank: number) => TableRow;
  /** The page orders its records by this, largest first; equal ones keep the order of loading. */
  order: (record: unknown) => number;
  filters: readonly BoardFilter[];
  /** Scores that the page does not show. */
  moreScores: (record: unknown) => readonly RecordScore[];
  /** Its row of the wide table `leaderboard`. */
  wideRow: (record: unknown, entry: EntryRow) => LeaderboardRow;
}

/** A score of a record beside those of the columns; higher is better. */
export interface RecordScore {
  metric: string;
  /** Header of the column that it belongs to. */
  header: string;
  unit: string;
  value: unknown;
}

/** A board that is a table on its page, or a file, as data alone. */
export const TableBoard = z.strictObject({
  id: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/, 'small letters, digits, dashes'),
  title: text,
  url: z.url({ protocol: /^https?$/ }),
  /** Id of the renderer that reads this kind of page. */
  renderer: text,
  /** Where the rows are, of a board that is a file of data. */
  file: FileSource.exactOptional(),
  /** A text is the name of one of which it is not known what it allows. @default not stated */
  licence: z.union([text, BoardLicence]).exactOptional(),
  /** Names of the columns that tell rows apart. */
  identity: z.array(text).min(1).readonly(),
  /** The board lists an entry several times, and means it: identities are numbered. @default false */
  repeats: flag,
  /** Text of the tab that holds the table, where the page has tabs. @default the one that is open */
  tab: text.exactOptional(),
  /** Read only when it is named, since its page is not where it was. @default false */
  onRequest: flag,
  /** Nobody has seen yet that its source is as described; read only when it is named. @default false */
  unproved: flag,
  /** Fewest rows that make sense; fewer is drift. */
  minimumRows: z.int().min(1),
  columns: z.array(TableColumn).min(1),
});
export type TableBoard = Omit<z.infer<typeof TableBoard>, 'columns'> & {
  columns: readonly TableColumn[];
  /** Captures hold these instead of rows. @default the page loads rows as it shows them, or none */
  records?: BoardRecords | undefined;
  /**
   * Set for a board whose data no longer changes: checked against count and hash.
   * `identitiesSha256` is of the sorted identities, joined by line feeds.
   */
  frozen?: { rows: number; since: string; identitiesSha256: string };
};

/** A leaderboard, as data with a few lines of mapping. Pure: no browser, no network, no Node.js. */
export type BoardDefinition = Omit<TableBoard, 'identity' | 'columns'> & {
  /** What a row is known by; equal identities are the same entry. */
  identity: (row: unknown) => string;
  columns: readonly BoardColumn[];
  /** Names of the columns that make the identity. */
  table: { identity: readonly string[] };
};
