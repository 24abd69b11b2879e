import { allIn, closestTo, fold, isShown, parentOf, rootsIn } from './text.ts';

export interface Control {
  label: string;
  disabled: boolean;
  /** It leads to another document. */
  leaves: boolean;
}

/** What stands around a table, as far as no other table does. */
export interface Surroundings {
  /** Short texts with a number. */
  notes: string[];
  controls: Control[];
  /** What is typed into search fields. */
  searches: string[];
}

/** Whether a table is higher than its rows make it, by more than a row and what may stand beside them. */
export function hasRoom({ spacePx, rowPx }: { spacePx: number; rowPx: number }): boolean {
  return spacePx > 1.5 * rowPx + 30;
}

/** How far it is a table's own around it, where `tables` are all of the document. */
export function scopeOf(table: Element, tables: readonly Element[]): Element {
  let scope = table;
  const rows = (it: Element): number => it.querySelectorAll('tr, [role="row"]').length;
  for (let up = parentOf(table); up; up = parentOf(up)) {
    const others = tables.filter((it) => it !== table && up.contains(it) && rows(it) > 1);
    if (others.some((it) => !it.contains(table) && !table.contains(it))) break;
    if (up.matches('main, article, body')) break;
    scope = up;
  }
  return scope;
}

/** In a row of data, which may have buttons and numbers of its own; a row of one cell is about the table. */
export function isInData(element: Element): boolean {
  const row = closestTo(element, 'tr, [role="row"]');
  return row !== null && row.childElementCount > 1 && element.closest('tfoot, caption') === null;
}

export function buttonsOf(table: Element, tables: readonly Element[]): Element[] {
  const scope = scopeOf(table, tables);
  const around = allIn(scope, 'button, a, [role="button"], summary');
  const about = `[aria-controls~="${CSS.escape(table.id)}"]`;
  const named = table.id === '' ? [] : document.querySelectorAll(about);
  return [...new Set([...around, ...named])].filter((it) => !isInData(it) && isShown(it));
}

export function controlOf(element: Element): Control {
  const off = ':disabled, [aria-disabled="true"], .disabled';
  const told = fold(element.getAttribute('aria-label')) || fold(element.textContent);
  return {
    label: (told || fold(element.getAttribute('title'))).slice(0, 60),
    disabled: element.matches(off) || element.parentElement?.matches(off) === true,
    leaves:
      element instanceof HTMLAnchorElement &&
      /^https?:/.test(element.href) &&
      element.href.split('#')[0] !== location.href.split('#')[0],
  };
}

/** Short texts with a number around a table, but in its rows of data. */
export function notesAround(table: Element, tables: readonly Element[]): string[] {
  const scope = scopeOf(table, tables);
  const isRow = (node: Node): boolean =>
    node instanceof Element &&
    node.matches('tr, [role="row"]') &&
    isInData(node.firstElementChild ?? node);
  const notes = new Set<string>();
  const isSeen = (node: Node): boolean => node instanceof Element && node.checkVisibility();
  for (const root of rootsIn(scope)) {
    if (root !== scope && closestTo(root.firstElementChild, 'tr, [role="row"]')) continue;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (node) =>
      isRow(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    for (let node = walker.nextNode(); node && notes.size < 200; node = walker.nextNode()) {
      const text = (node.textContent ?? '').length > 400 ? '' : fold(node.textContent);
      if (text.length <= 80 && /\d/.test(text) && isSeen(node)) notes.add(text);
    }
  }
  return [...notes];
}

export function surroundingsOf(table: Element, tables: readonly Element[]): Surroundings {
  const scope = scopeOf(table, tables);
  const fields = allIn(scope, 'input[type="search"], [role="searchbox"]');
  const typed = fields.map((it) => (it instanceof HTMLInputElement ? fold(it.value) : ''));
  return {
    notes: notesAround(table, tables),
    controls: buttonsOf(table, tables).map(controlOf),
    searches: typed.filter((text) => text !== ''),
  };
}

/** Works a control of a table. */
export function pressBeside(
  table: Element | undefined,
  tables: readonly Element[],
  label: string,
): void {
  const found = table && buttonsOf(table, tables).find((it) => controlOf(it).label === label);
  if (found instanceof HTMLElement) found.click();
}
