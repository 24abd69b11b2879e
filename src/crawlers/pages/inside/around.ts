import type { ControlState } from '../../../boards/controls.ts';
import { controlStates } from './controls.ts';
import { fold, isInData, isShown } from './text.ts';

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
  /** Links and buttons elsewhere in the document that promise the whole of a table. */
  larger: string[];
  /** Of the whole document, but in rows of data. */
  states: ControlState[];
}

/** Whether a table is higher than its rows make it, by more than a row and what may stand beside them. */
export function hasRoom({ spacePx, rowPx }: { spacePx: number; rowPx: number }): boolean {
  return spacePx > 1.5 * rowPx + 30;
}

/** How far it is a table's own around it, where `tables` are all of the document. */
export function scopeOf(table: Element, tables: readonly Element[]): Element {
  let scope = table;
  const rows = (it: Element): number => it.querySelectorAll('tr, [role="row"]').length;
  for (let up = table.parentElement; up; up = up.parentElement) {
    const others = tables.filter((it) => it !== table && up.contains(it) && rows(it) > 1);
    if (others.some((it) => !it.contains(table) && !table.contains(it))) break;
    if (up.matches('main, article, body')) break;
    scope = up;
  }
  return scope;
}

export function buttonsOf(table: Element, tables: readonly Element[]): Element[] {
  const scope = scopeOf(table, tables);
  const around = [...scope.querySelectorAll('button, a, [role="button"], summary')];
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
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_ELEMENT, (node) =>
    node instanceof Element &&
    node.matches('tr, [role="row"]') &&
    isInData(node.firstElementChild ?? node)
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  );
  const notes = new Set<string>();
  const isSeen = (node: Node): boolean => node instanceof Element && node.checkVisibility();
  for (let node = walker.nextNode(); node && notes.size < 200; node = walker.nextNode()) {
    const text = (node.textContent ?? '').length > 400 ? '' : fold(node.textContent);
    if (text.length <= 80 && /\d/.test(text) && isSeen(node)) notes.add(text);
  }
  return [...notes];
}

export function surroundingsOf(table: Element, tables: readonly Element[]): Surroundings {
  return {
    notes: notesAround(table, tables),
    controls: buttonsOf(table, tables).map(controlOf),
    larger: largerTables(table, tables),
    states: controlStates(),
  };
}

export function largerTables(table: Element, tables: readonly Element[]): string[] {
  const scope = scopeOf(table, tables);
  const promise =
    /^\W*(?:view|see|show|open|browse|explore|go to)\s(?:the\s)?(?:full|entire|complete|whole|all)\s(?:[\w,.-]+\s){0,2}(?:leaderboard|rankings?|results|table|list|models|entries|rows)\W*$/i;
  const elsewhere = [...document.querySelectorAll('a, button, [role="button"]')].filter(
    (it) => !scope.contains(it) && it.closest('nav, header, footer, [role="navigation"]') === null,
  );
  const labels = elsewhere.filter(isShown).map((it) => fold(it.textContent).slice(0, 60));
  return [...new Set(labels.filter((label) => promise.test(label)))];
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
