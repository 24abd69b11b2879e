import { isObject } from '../../../boards/values.ts';
import type { LoadedRows, ReadRows } from './grid-payload.ts';
import { linkOf } from './grid-table.ts';
import { valueReader } from './grid-values.ts';

/**
 * Finds what makes the links of each column from what was loaded, and gives them to all rows; false
 * when the links of a column cannot be told.
 */
export function findLinks(table: LoadedRows, read: ReadRows): boolean {
  const { heads, items } = table;
  const makers = heads.map(({ id }) => {
    const links = [...read].map(([place, cells]): [unknown, string] => [
      items[place],
      linkOf(cells[id] ?? ''),
    ]);
    return links.every(([, link]) => link === '') ? NO_LINK : linkMaker(id, links);
  });
  if (makers.includes(null)) return false;
  for (const [column, maker] of makers.entries()) {
    if (maker === NO_LINK || !maker) continue;
    for (const [place, item] of items.entries()) {
      const link = maker(item);
      if (link !== '') giveLink(table, [place, column], link);
    }
  }
  return true;
}

/** Gives a place of a table its link, in a cell of its own: others may share the one that is there. */
function giveLink(
  { headers, rows, loaded }: LoadedRows,
  [place, column]: readonly [number, number],
  link: string,
): void {
  const [cells, row] = [rows[place], loaded[place]];
  const cell = cells?.[column];
  if (!cells || !row || !cell) return;
  const linked = { ...cell, link };
  cells[column] = linked;
  row[headers[column] ?? ''] = linked;
}

const NO_LINK = (): string => '';

/** What makes a column's links of entries: a value of theirs, in the same place of each; or null. */
function linkMaker(
  id: string,
  links: readonly [unknown, string][],
): ((item: unknown) => string) | null {
  const [first] = links;
  if (!first || !isObject(first[0])) return null;
  for (const key of [id, ...Object.keys(first[0])]) {
    const valueOf = valueReader(key);
    for (const write of [(text: string) => text, encodeURI, encodeURIComponent]) {
      const maker = makerBy((item) => {
        const value = valueOf(item);
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
