import type { BoardDefinition } from '../../boards/definition.ts';
import type { ShownRow } from '../../boards/snapshot.ts';
import type { TableCell, TableRow } from '../../boards/table.ts';
import { foldSpace } from '../../boards/text.ts';
import type { NamedTable } from './choose.ts';
import type { Entries } from './entries.ts';
import { shows, type Values } from './entry-values.ts';
import type { Window } from './inside/walk.ts';
import { nameColumns } from './names.ts';
import { shownRow } from './rows.ts';
import { headsOf, joinedCells } from './walked-table.ts';

/** A table of which some windows were read, and all rows are known from what the page loaded. */
export interface LoadedTable extends NamedTable {
  url: string;
  loaded: TableRow[];
  shown: ShownRow[];
}

/** A row that was read, and what was loaded for its place. */
interface ReadRow {
  cells: Readonly<Record<string, TableCell>>;
  entry: Values;
}

/** Digits and no unit or the like, which the number that was loaded does not have. */
const PLAIN_NUMBER = /^[-+−\d.,e\s]+$/i;

/** Whether a page that loaded a value shows a text for it, as it is or rounded. */
export function showsLoaded(text: string, value: unknown): boolean {
  if (value === undefined || value === null || value === '') return text === '';
  if (typeof value === 'string' || typeof value === 'boolean') return shows(text, value, 1);
  if (typeof value !== 'number') return false;
  return text === String(value) || (PLAIN_NUMBER.test(text) && shows(text, value, 1));
}

/**
 * The table whose rows a page loaded in their order, if every cell that its windows show is the value
 * at the same place; null when anything differs, or when the rows between could show something else.
 * Pure.
 */
export function loadedTable(
  windows: readonly Window[],
  loaded: readonly Entries[],
  definition: BoardDefinition | null,
): LoadedTable | null {
  const heads = headsOf(windows);
  const read = readRows(windows, heads.length);
  const headers = nameColumns(heads, definition);
  for (const { url, items, values } of read === null ? [] : loaded) {
    if (!read || items.length !== windows[0]?.statedRows) continue;
    const entries = values();
    const pairs = [...read].flatMap(([place, cells]): ReadRow[] => {
      const entry = entries[place];
      return entry ? [{ cells, entry }] : [];
    });
    const columns = heads.map(({ id }) => columnOf(id, pairs, entries));
    if (columns.some((column) => column === null)) continue;
    const rows = entries.map((_entry, at) => columns.flatMap((column) => column?.[at] ?? []));
    const shown = [...read].sort(([a], [b]) => a - b);
    return {
      ...{ place: 'table 1', url, headers, rows },
      loaded: rows.map((cells) =>
        Object.fromEntries(cells.map((cell, at) => [headers[at] ?? '', cell])),
      ),
      shown: shown.map(([index, cells]) =>
        shownRow(
          heads.map(({ id }, at) => [headers[at] ?? '', cells[id] ?? { text: '' }]),
          index,
        ),
      ),
    };
  }
  return null;
}

/** Cells by place of row and column; null for what is not plainly a part of one table, from end to end. */
function readRows(windows: readonly Window[], columns: number) {
  const total = windows[0]?.statedRows ?? null;
  const isPlain = windows.every(
    (it) =>
      it.settled &&
      it.statedRows === total &&
      (it.statedColumns ?? columns) === columns &&
      it.filtered.length + it.otherRows === 0,
  );
  const placed = windows.flatMap(({ rows }) =>
    rows.flatMap(({ place, cells }) => (place === null ? [] : [[place, cells] as const])),
  );
  const { cells, changed } = joinedCells(placed);
  const isWhole = [...cells.values()].every((row) => Object.keys(row).length === columns);
  if (total === null || !isPlain || !isWhole || changed > 0 || columns === 0) return null;
  return cells.has(0) && cells.has(total - 1) ? cells : null;
}

/** All cells of a column; null when it is not known what makes its texts, or its links. */
function columnOf(
  id: string,
  read: readonly ReadRow[],
  entries: readonly Values[],
): TableCell[] | null {
  const own = [`\u0000${id}`, `\u0000${id.replaceAll('.', '\u0000')}`];
  const paths = [...new Set(read.flatMap(({ entry }) => [...entry.keys()]))]
    .filter((path) => read.every((it) => showsLoaded(it.cells[id]?.text ?? '', it.entry.get(path))))
    .sort((a, b) => Number(own.includes(b)) - Number(own.includes(a)));
  const [path, ...others] = paths;
  if (path === undefined) return null;
  // Of a column that does not say whose value it has, all that it can be must be the same.
  const isSure =
    own.includes(path) ||
    others.every((other) => entries.every((entry) => entry.get(other) === entry.get(path)));
  const links = linksOf(id, read, entries);
  if (!isSure || links === null) return null;
  return entries.map((entry, at) => {
    const [value, link = ''] = [entry.get(path), links[at]];
    const text = value === undefined ? '' : foldSpace(String(value));
    return { text, value: value ?? null, ...(link !== '' && { link }) };
  });
}

/** Links of a column: a value of each entry in the same place of each; null when that is not clear. */
function linksOf(
  id: string,
  read: readonly ReadRow[],
  entries: readonly Values[],
): string[] | null {
  const linkOf = ({ cells }: ReadRow): string => cells[id]?.link ?? '';
  const first = read.find((it) => linkOf(it) !== '');
  if (!first) return entries.map(() => '');
  const ways = [...first.entry.keys()].flatMap((path) =>
    [String, encodeURI, encodeURIComponent].flatMap((write) => {
      const partOf = (entry: Values): string => {
        const value = entry.get(path);
        return typeof value === 'string' ? write(value.toWellFormed()) : '';
      };
      const [link, part] = [linkOf(first), partOf(first.entry)];
      const at = part === '' ? -1 : link.indexOf(part);
      const make = (entry: Values): string => {
        const own = partOf(entry);
        return own === '' ? '' : link.slice(0, at) + own + link.slice(at + part.length);
      };
      const isRight = at >= 0 && read.every((it) => make(it.entry) === linkOf(it));
      return isRight ? [entries.map(make)] : [];
    }),
  );
  const [links, ...others] = ways;
  if (!links) return null;
  return others.every((other) => other.every((link, at) => link === links[at])) ? links : null;
}
