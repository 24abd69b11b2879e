import type { TableCell, TableRow } from '../../../board-table.ts';
import { field, isObject } from '../../../board-values.ts';
import { foldSpace } from '../../board-text.ts';
import { seededRandom } from '../../board-windows.ts';
import type { BoardDefinition } from '../../boards/definition.ts';
import { arraysIn } from '../html-table/answer-entries.ts';
import type { JsonAnswer } from '../html-table/page-traffic.ts';
import { shows } from '../html-table/payload-values.ts';
import type { NamedTable } from '../html-table/table-choice.ts';
import { nameColumns } from '../html-table/table-names.ts';
import type { GridCell, GridHead, GridView } from './grid-page.ts';
import { headsOf, rowsOf } from './grid-table.ts';

/** A grid whose rows the page loaded as they are: each place of the grid is that of the data. */
export interface LoadedGrid extends NamedTable {
  url: string;
  loaded: TableRow[];
  /** Rows read from the grid, by place. */
  shown: [number, TableCell[]][];
}

/** Rows of data that a grid states; null where it states none. */
export const statedRows = ({ statedRows: stated, headRows }: GridView): number | null =>
  stated === null ? null : stated - headRows;

/** Whether one of the answers has so many objects. */
export const hasArrayOf = (rows: number, answers: readonly JsonAnswer[]): boolean =>
  answers.flatMap((answer) => arraysIn(answer)).some(({ items }) => items.length === rows);

/** Rows at the top of windows to look into: the first, the last, and random ones in equal strips. */
export function sampleTops(
  rows: number,
  given: { windowRows: number; sampleRows: number; seed: number },
): number[] {
  const { windowRows, sampleRows, seed } = given;
  const random = seededRandom(seed);
  const last = Math.max(0, rows - windowRows);
  const inside = Math.max(1, Math.ceil(sampleRows / windowRows) - 1);
  const tops = Array.from({ length: inside }, (_, strip) =>
    Math.floor(((strip + random()) * last) / inside),
  );
  return [0, ...tops, last];
}

/** Whether a grid that loaded `value` shows `text` for it, as it is or rounded. */
export function showsValue(text: string, value: unknown): boolean {
  if (value === null || value === '') return text === '';
  if (typeof value === 'number') return text === String(value) || shows(text, value, 1);
  return (typeof value === 'string' || typeof value === 'boolean') && shows(text, value, 1);
}

/** The value of a column in an entry: under its id, or where the dots of that lead. */
const valueOf = (item: unknown, id: string): unknown =>
  field(item, id) ??
  (isObject(item) && Object.hasOwn(item, id) ? null : field(item, ...id.split('.')));

/**
 * Takes the rows that a page loaded for rows of its grid: an array of as many objects as the grid
 * states, with a value for every column, which all cells read so far show at the same place. Null
 * when anything differs, also when a column is formatted so that the text of rows that were not read
 * cannot be told, or the links of one. Pure.
 */
export function loadedGrid(
  views: readonly GridView[],
  answers: readonly JsonAnswer[],
  definition: BoardDefinition | null,
): LoadedGrid | null {
  const heads = headsOf(views);
  const { rows: read, changed } = rowsOf(views);
  const rows = statedRows(views[0] ?? NO_VIEW);
  const isPlain = views.every(
    (it) =>
      statedRows(it) === rows &&
      it.statedColumns === heads.length &&
      it.filtered.length === 0 &&
      it.otherRows === 0,
  );
  if (rows === null || !isPlain || changed > 0 || heads.length === 0) return null;
  for (const answer of answers) {
    for (const { items } of arraysIn(answer)) {
      if (items.length !== rows) continue;
      const columns = heads.map((head) => columnOf(head, items, read));
      const known = columns.filter((it) => it !== null);
      if (known.length < heads.length) continue;
      return asTable(items, {
        known,
        read,
        headers: nameColumns(heads, definition),
        url: answer.url,
      });
    }
  }
  return null;
}

const NO_VIEW: GridView = {
  ...{ heads: [], rows: [], headRows: 0, statedRows: null, statedColumns: null },
  ...{ filtered: [], otherRows: 0 },
};

type Read = ReadonlyMap<number, Readonly<Record<string, GridCell>>>;

/** How a column's cells come from entries. */
interface GridColumn {
  id: string;
  link: ((item: unknown) => string) | null;
}

function columnOf({ id }: GridHead, items: readonly unknown[], read: Read): GridColumn | null {
  if (items.some((item) => valueOf(item, id) === undefined)) return null;
  const links: [unknown, string][] = [];
  for (const [place, cells] of read) {
    const cell = cells[id];
    const item = items[place];
    if (!cell || item === undefined || !showsValue(cell.text, valueOf(item, id))) return null;
    links.push([item, cell.link]);
  }
  if (links.every(([, link]) => link === '')) return { id, link: null };
  const link = linkMaker(id, links);
  return link && { id, link };
}

/** What makes a column's links of entries: a value of theirs, in the same place of each; or null. */
function linkMaker(
  id: string,
  links: readonly [unknown, string][],
): ((item: unknown) => string) | null {
  const [first] = links;
  if (!first || !isObject(first[0])) return null;
  for (const key of [id, ...Object.keys(first[0])]) {
    for (const write of [(text: string) => text, encodeURI, encodeURIComponent]) {
      const maker = makerBy((item) => {
        const value = valueOf(item, key);
        return typeof value === 'string' ? write(value.toWellFormed()) : '';
      }, first);
      if (maker && links.every(([item, link]) => maker(item) === link)) return maker;
    }
  }
  return null;
}

function makerBy(
  partOf: (item: unknown) => string,
  [item, link]: readonly [unknown, string],
): ((item: unknown) => string) | null {
  const part = partOf(item);
  const at = part === '' ? -1 : link.indexOf(part);
  if (at < 0) return null;
  const [before, after] = [link.slice(0, at), link.slice(at + part.length)];
  return (other) => {
    const own = partOf(other);
    return own === '' ? '' : `${before}${own}${after}`;
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? foldSpace(value)
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';

function asTable(
  items: readonly unknown[],
  given: { known: readonly GridColumn[]; read: Read; headers: string[]; url: string },
): LoadedGrid {
  const { known, read, headers, url } = given;
  const rows = items.map((item) =>
    known.map(({ id, link }): TableCell => {
      const value = valueOf(item, id);
      const href = link?.(item) ?? '';
      return { text: textOf(value), value, ...(href !== '' && { link: href }) };
    }),
  );
  const shown = [...read].sort(([a], [b]) => a - b);
  return {
    ...{ place: 'grid', headers, rows, url },
    loaded: rows.map((cells) =>
      Object.fromEntries(cells.map((cell, at) => [headers[at] ?? '', cell])),
    ),
    shown: shown.map(([place, cells]) => [
      place,
      known.map(({ id }) => ({
        text: cells[id]?.text ?? '',
        ...(cells[id]?.link && { link: cells[id].link }),
      })),
    ]),
  };
}
