import type { TableCell } from '../../boards/table.ts';
import type { ControlState } from '../../boards/controls.ts';
import { formOf } from '../../boards/form.ts';
import { BoardDriftError, unreachable, type Difference } from '../../boards/drift.ts';
import { HUB_ORIGIN, MODEL_HEADER } from '../../boards/text.ts';
import type { BoardDefinition } from '../../boards/definition.ts';
import { missingHeaders, newHeaders, noSuchHeader } from '../../boards/headers.ts';
import { transposed } from '../../boards/transposed.ts';
import { numberOf } from '../../boards/values.ts';
import type { FoundTable } from '../../boards/reading.ts';
import type { ReadOptions } from '../kinds/kind.ts';

/** A table with its headers as keys. */
export interface NamedTable {
  place: string;
  headers: string[];
  rows: TableCell[][];
}

/** Rows that are looked at to say what a column is. */
const TELLING_ROWS = 50;
/** A table of scores by task, beside that of the models, has more columns and says less. */
const TELLING_COLUMNS = 12;
/** Points less than those of any other table. */
const TRANSPOSED = 0.5;

/**
 * The table that is meant: of the label or place that is asked for, else of a definition's columns, else
 * the one most like a leaderboard.
 *
 * @throws {EtlError} BOARD_UNREACHABLE when no table is like that; BOARD_DRIFT when none has a
 * definition's columns, or several have
 */
export function chooseTable<Table extends NamedTable>(
  tables: readonly Table[],
  { definition, table }: Pick<ReadOptions, 'definition' | 'table'>,
): Table {
  const isAsked = ({ place }: Table, at: number): boolean =>
    table === undefined || place === table || `${at + 1}` === table;
  const asked = tables.filter(isAsked);
  if (asked.length === 0 && tables.length > 0) {
    const names = tables.map(({ place }, at) => `${at + 1} "${place}"`).join(', ');
    throw unreachable(`The page has no table "${table}"; it has: ${names}`);
  }
  return definition ? tableOf(asked, definition) : likeliestTable(asked);
}

/** Which table was read, where others have the same heads: they are other views of the board. */
export function tableState(tables: readonly NamedTable[], chosen: NamedTable): ControlState[] {
  const heads = JSON.stringify(chosen.headers);
  // Without a row it is the head of one that is drawn as two.
  const others = tables.filter((it) => it.rows.length > 0 && !isSame(it, chosen));
  const alike = tables.filter(
    (it) => JSON.stringify(it.headers) === heads && (it === chosen || others.includes(it)),
  );
  if (alike.length < 2) return [];
  const value = chosen.place || `#${tables.indexOf(chosen) + 1}`;
  return [{ kind: 'choice', label: 'table', value }];
}

/**
 * The table that has all columns that a definition wants; one that has no others before one that has.
 *
 * @throws {BoardDriftError} BOARD_DRIFT when none has, with what the nearest one lacks, or when
 * several have that differ
 */
function tableOf<Table extends NamedTable>(
  tables: readonly Table[],
  definition: BoardDefinition,
): Table {
  const wider = tables.filter(({ headers }) => missingHeaders(definition, headers).length === 0);
  const exact = wider.filter(({ headers }) => newHeaders(definition, headers).length === 0);
  const fitting = exact.length > 0 ? exact : wider;
  const [first] = fitting;
  if (!first) throw new BoardDriftError(definition.id, nearest(tables, definition));
  // The first one is not compared with itself: that takes long when it has many rows.
  const others = fitting.slice(1).filter((it) => !isSame(it, first));
  if (others.length === 0) return first;
  const found = fitting.map(({ place, rows }) => `"${place}" of ${rows.length} rows`).join(', ');
  throw new BoardDriftError(definition.id, [
    { what: 'tables with the columns of the board', expected: 'one', found },
  ]);
}

const isSame = (one: NamedTable, other: NamedTable): boolean =>
  JSON.stringify([one.headers, one.rows]) === JSON.stringify([other.headers, other.rows]);

function nearest(tables: readonly NamedTable[], definition: BoardDefinition): Difference[] {
  const ranked = tables
    .map((table) => ({ table, missing: missingHeaders(definition, table.headers) }))
    .sort(
      (a, b) => a.missing.length - b.missing.length || b.table.rows.length - a.table.rows.length,
    );
  const [best] = ranked;
  if (!best) return [{ what: 'tables', expected: 'one', found: 'none' }];
  const found = noSuchHeader(newHeaders(definition, best.table.headers));
  return best.missing.map((expected) => ({ what: 'header', expected, found }));
}

/** How much a table is like a leaderboard, and how large a one it is. */
interface Likeness {
  /** It names models, has numbers, and many rows; 0 for none at all. */
  points: number;
  isTransposed: boolean;
  models: number;
  /** Of the rows that tell. */
  numbers: number;
}

function likeness({ headers, rows }: NamedTable): Likeness {
  const some = rows.slice(0, TELLING_ROWS);
  const share = (column: number, test: (cell: TableCell) => boolean): boolean =>
    some.filter((row) => test(row[column] ?? { text: '' })).length > some.length / 2;
  const columns = headers.map((_header, column) => column);
  const cellsIn = (column: number) => some.map((row) => row[column] ?? { text: '' });
  const texts = columns.map((column) => cellsIn(column).map(({ text }) => text));
  const numbers = texts.flat().filter((text) => numberOf(text) !== null).length;
  // Its columns may each have numbers of many forms, and words.
  if (numbers > 0 && transposed(headers, texts) !== null)
    return { points: TRANSPOSED, isTransposed: true, models: headers.length - 1, numbers };
  const numeric = columns.filter((column) => {
    const form = formOf(headers[column] ?? '', cellsIn(column));
    return form.kind === 'number' || form.kind === 'undecided';
  });
  const named = columns.some((column) => MODEL_HEADER.test(headers[column] ?? ''));
  const linked = columns.some((column) =>
    share(column, ({ link = '' }) => link.startsWith(HUB_ORIGIN)),
  );
  const isLike = named || linked;
  const points = isLike ? rows.length * Math.min(numeric.length, TELLING_COLUMNS) : 0;
  return { points, isTransposed: false, models: rows.length, numbers };
}

/**
 * The table that is most like a leaderboard, on a page that nobody described; a transposed one, to be
 * refused by that name, where there is no other, or one of no more models and fewer numbers.
 *
 * @throws {EtlError} BOARD_UNREACHABLE when none is
 */
function likeliestTable<Table extends NamedTable>(tables: readonly Table[]): Table {
  const like = tables
    .map((table) => ({ table, ...likeness(table) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points);
  const [best] = like;
  const larger = like.find(
    (it) => best && it.isTransposed && it.models >= best.models && it.numbers > best.numbers,
  );
  if (best) return (larger ?? best).table;
  const told = ({ headers, rows }: Table): string =>
    `${headers.join(', ')}${rows.length === 0 ? ' (no rows)' : ''}`;
  const seen = tables.map(told).join(' | ');
  throw unreachable(`The page has no table with names and numbers; it has: ${seen || 'none'}`);
}

/** All tables of a page, for who describes a new board. */
export const foundTables = (tables: readonly NamedTable[], chosen: NamedTable): FoundTable[] =>
  tables.map((table) => ({
    headers: table.headers,
    rows: table.rows.length,
    place: table.place,
    chosen: table === chosen,
  }));
