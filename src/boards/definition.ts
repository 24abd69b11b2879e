/** Renderer of a board that is a data set of the Hub and has no page. */
export const DATASET = 'dataset';

/** How a column of a board is read. The header is the key; a position never is. */
export interface BoardColumn {
  /** What the page heads the column with now; empty for a column without data. */
  header: string;
  /** Headers that other generations of the page used for the same thing. */
  aliases?: readonly string[];
  /** The page's own key of the column, where it must be asked for. */
  key?: string;
  /** Our name of the column: a metric of `leaderboard_scores`, or a field of `leaderboard_entries`. */
  name: string;
  kind: 'text' | 'number' | 'percent' | 'boolean' | 'date' | 'model';
  /** A score column becomes rows of `leaderboard_scores`. @default false */
  score?: boolean;
  /** Unit of a score, as published: `percent`, `ratio`, `kg`, `elo` … */
  unit?: string;
  lowerIsBetter?: boolean;
  /** Lowest and highest value that make sense; anything else is drift. */
  range?: readonly [number, number];
  /** Numbers that stand for "not measured", such as -1. @default none */
  missing?: readonly number[];
  /** A boolean that means the contrary of `name` in this generation of the board. @default false */
  inverted?: boolean;
  /** A missing required column is drift. @default true */
  required?: boolean;
  /**
   * The text that the page shows for a loaded row, whitespace folded; the check compares with it.
   * `rank` is the row's place in the board's order, from 1, before filters.
   */
  text?: (row: unknown, rank: number) => string;
  /** The raw value in a loaded row; undefined when it is missing. */
  value?: (row: unknown) => unknown;
}

/** A filter that the page has on by default. */
export interface BoardFilter {
  /** Name and value as the page's address has them: `precision` and `bfloat16,float16,4bit`. */
  name: string;
  value: string;
  /** False for a loaded row that the filter hides. */
  keeps: (row: unknown) => boolean;
}

/** A leaderboard, as data with a few lines of mapping. Pure: no browser, no network, no Node.js. */
export interface BoardDefinition {
  id: string;
  title: string;
  url: string;
  /** Id of the renderer that reads this kind of page. */
  renderer: string;
  licence: string;
  /** The board's own identity of a loaded row; equal identities are the same entry. */
  identity: (row: unknown) => string;
  /** What a shown row has of the identity, e.g. the model's name. @default identity */
  shownIdentity?: (row: unknown) => string;
  /** The board lists an entry several times, and means it: identities are numbered. @default false */
  repeats?: boolean;
  /** Text of the tab that holds the table, where the page has tabs. @default the one that is open */
  tab?: string;
  /** Shown rows are ordered by this, largest first; equal ones keep the order of loading. */
  order?: (row: unknown) => number;
  /** @default none */
  filters?: readonly BoardFilter[];
  columns: readonly BoardColumn[];
  /** Set by `tableBoard`: rows are `TableRow`s, and these column names make the identity. */
  table?: { identity: readonly string[] };
  /** Read only when it is named, since its page is not where it was. @default false */
  onRequest?: boolean;
  /** Fewest rows that make sense; fewer is drift. */
  minimumRows: number;
  /**
   * Set for a board whose data no longer changes: checked against count and hash.
   * `identitiesSha256` is of the sorted identities, joined by line feeds.
   */
  frozen?: { rows: number; since: string; identitiesSha256: string };
}
