import type { GradioOptions } from './server.ts';
import {
  GENERATION_FACTS,
  GENERATIONS,
  type GradioGeneration,
  type PageFaults,
} from './settings.ts';
import { columnOf, type GradioTable } from './tables.ts';

/**
 * What must come of a changed page. `exact`: all rows and columns of the changed table;
 * `refused`: an error, nothing taken; `either`: one of the two, and nothing between them.
 */
export type Expected = 'exact' | 'refused' | 'either';

/** The table that a suite reads, and what it may rest on. */
export interface MutationTarget {
  /** Id of the table, which is the first of the options' tables. */
  table: string;
  /** A column of numbers without which the definition is not met. */
  required: string;
  /** A column of texts or links that tells rows apart; required too. */
  identity: string;
}

/** One way in which a page changes, or fails. */
export interface GradioMutation {
  name: string;
  /** With a definition that requires every column of the table before, and its identity. */
  expect: Expected;
  /** Without a definition. @default as with one */
  generic?: Expected;
  /** Read through the Hub's page, not the app itself. @default false */
  throughSpace?: boolean;
  /** @default all */
  generations?: readonly GradioGeneration[];
  /**
   * The options of the changed page. The table behind it is what their `tables` has under the
   * target's id; where the page's `faults` draw something else, the payload is right.
   */
  change: (options: GradioOptions) => GradioOptions;
}

type Given = Omit<GradioMutation, 'name' | 'expect' | 'change'>;
type Mutate = (name: string, change: GradioMutation['change'], given?: Given) => GradioMutation;

const expecting =
  (expect: Expected): Mutate =>
  (name, change, given = {}) => ({ name, expect, change, ...given });

export const exact = expecting('exact');
export const refused = expecting('refused');
export const either = expecting('either');

const withFacts = (
  test: (facts: (typeof GENERATION_FACTS)[GradioGeneration]) => boolean,
): GradioGeneration[] => GENERATIONS.filter((it) => test(GENERATION_FACTS[it]));

export const VIRTUAL = withFacts(({ drawing }) => drawing !== 'whole');
export const WITH_ROLES = withFacts(({ roles }) => roles);
export const FROM_5 = withFacts(
  ({ prefix, componentType }) => prefix !== '' && componentType === 'dataframe',
);
export const WITH_LIMIT = withFacts(({ addresses }) => addresses);

export type TableChange = (table: GradioTable) => GradioTable;

export const changed =
  ({ table }: MutationTarget, change: TableChange) =>
  (options: GradioOptions): GradioOptions => ({
    ...options,
    tables: options.tables.map((it) => (it.id === table ? change(it) : it)),
  });

export const drawn =
  (faults: (table: GradioTable) => PageFaults, { table: id }: MutationTarget) =>
  (options: GradioOptions): GradioOptions => {
    const table = options.tables.find((it) => it.id === id);
    if (!table) throw new RangeError(`No table ${id}`);
    return { ...options, faults: { table: id, ...faults(table) } };
  };

/** A table with another order or choice of columns; a column is its old place, or a new one. */
export function withColumns(table: GradioTable, places: readonly number[]): GradioTable {
  const pick = <Item>(items: readonly Item[]): Item[] =>
    places.flatMap((place) => (place < items.length ? [items[place] as Item] : [])); // in range
  return {
    ...table,
    headers: pick(table.headers),
    ...(table.datatype && { datatype: pick(table.datatype) }),
    ...(table.display && { display: table.display.map(pick) }),
    rows: table.rows.map(pick),
  };
}

export const places = ({ headers }: GradioTable): number[] => headers.map((_, index) => index);

export interface NewColumn {
  header: string;
  /** Its place. @default the last */
  at?: number;
  cell: (row: readonly unknown[], index: number) => unknown;
  kind?: string;
}

export function added(
  table: GradioTable,
  { header, at, cell, kind = 'str' }: NewColumn,
): GradioTable {
  const place = at ?? table.headers.length;
  const datatype = table.datatype ?? table.headers.map(() => 'str');
  return {
    ...table,
    headers: table.headers.toSpliced(place, 0, header),
    datatype: datatype.toSpliced(place, 0, kind),
    rows: table.rows.map((row, index) => row.toSpliced(place, 0, cell(row, index))),
    ...(table.board?.selected && {
      board: { ...table.board, selected: [...table.board.selected, header] },
    }),
  };
}

export function renamed(table: GradioTable, from: string, to: string): GradioTable {
  const rename = (name: string): string => (name === from ? to : name);
  const { board } = table;
  return {
    ...table,
    headers: table.headers.map(rename),
    ...(board && {
      board: {
        ...board,
        ...(board.selected && { selected: board.selected.map(rename) }),
        ...(board.cantDeselect && { cantDeselect: board.cantDeselect.map(rename) }),
        ...(board.search !== undefined && { search: rename(board.search) }),
      },
    }),
  };
}

export function retyped(
  table: GradioTable,
  header: string,
  to: (value: unknown) => unknown,
): GradioTable {
  const place = columnOf(table, header);
  return {
    ...table,
    ...(table.datatype && { datatype: table.datatype.with(place, 'str') }),
    rows: table.rows.map((row) => row.with(place, to(row[place]))),
  };
}

/** The table without what a Styler wrote, for changes that this would not follow. */
export function plainly(table: GradioTable): GradioTable {
  const copy = { ...table };
  delete copy.display;
  return copy;
}
