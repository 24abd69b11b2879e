import { hasRoom } from '../../pages/inside/around.ts';
import { fold } from '../../pages/inside/text.ts';
import { ownTables, spaceIn } from './inside.ts';

/*
 * A `table` of which the document holds the rows in view, for who reads it window by window. What is not
 * here is as in tables made of roles.
 */

/** Tables that have, or had on a smaller screen, room for rows that are drawn once one scrolls there. */
export function tablesOf(): HTMLElement[] {
  const key = Symbol.for('tables drawn in part');
  const found: unknown = Reflect.get(globalThis, key);
  const known = found instanceof WeakSet ? found : new WeakSet();
  Reflect.set(globalThis, key, known);
  return ownTables().filter((table) => {
    if (hasRoom(spaceIn(table))) known.add(table);
    return known.has(table);
  });
}

/** A row of one cell without a text is room for rows that are not drawn. */
export function rowsIn(table: HTMLTableElement): Element[] {
  const rows = [...table.tBodies].flatMap((it) => [...it.rows]);
  return rows.filter((row) => row.childElementCount > 1 || fold(row.textContent) !== '');
}

export function cellsIn(row: HTMLTableRowElement): Element[] {
  return [...row.cells];
}

export function headsIn(table: HTMLTableElement): Element[] {
  return [...([...(table.tHead?.rows ?? [])].at(-1)?.cells ?? [])];
}
