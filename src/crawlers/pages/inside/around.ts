import type { ControlState } from '../../../boards/controls.ts';
import { controlStates } from './controls.ts';
import { allIn, closestTo, fold, isInData, isShown, parentOf, rootsIn, textOf } from './text.ts';

export interface Control {
  label: string;
  /** What else tells what it is for: its classes, titles and the names of its icons. */
  marks: string;
  /** Controls that stand together have one number. */
  group: number;
  disabled: boolean;
  /** It leads to another document: `page` is another state of this one, by its query. */
  leaves: false | 'page' | 'elsewhere';
}

/** What stands around a table, as far as no other table does. */
export interface Surroundings {
  /** Short texts with a number. */
  notes: string[];
  controls: Control[];
  /** Links and buttons elsewhere in the document that promise the whole of a table. */
  larger: string[];
  /** What keeps rows from who looks on, also where they were loaded: a blur, a login for the others. */
  veils?: string[];
  /** Of the whole document, but in rows of data. */
  states: ControlState[];
}

/** Whether a table is higher than its rows make it, by more than a row and what may stand beside them. */
export function hasRoom({ spacePx, rowPx }: { spacePx: number; rowPx: number }): boolean {
  return spacePx > 1.5 * rowPx + 30;
}

/**
 * What is a table's own around it, where `tables` are all of the document: the largest element with no
 * other table in it, and what stands beside that where it is a part of the page's main column.
 */
export function scopesOf(table: Element, tables: readonly Element[]): Element[] {
  const rows = (it: Element): number => it.querySelectorAll('tr, [role="row"]').length;
  const others = tables.filter((it) => !it.contains(table) && !table.contains(it) && rows(it) > 1);
  let scope = table;
  for (let up = parentOf(table); up; up = parentOf(up)) {
    const parent = up;
    if (others.some((it) => parent.contains(it))) break;
    if (up.matches('main, article, body')) return [scope, ...besideOf(scope, others)];
    scope = up;
  }
  return [scope];
}

/** Siblings of an element up to another table or the next heading, but for what leads about the site. */
export function besideOf(scope: Element, others: readonly Element[]): Element[] {
  const found: Element[] = [];
  for (const way of ['previousElementSibling', 'nextElementSibling'] as const) {
    for (let it = scope[way]; it; it = it[way]) {
      const beside = it;
      if (others.some((other) => beside.contains(other)) || it.matches('h1, h2, h3')) break;
      const isPager = way === 'nextElementSibling' && it.matches('nav');
      if (isPager || !it.matches('header, nav, footer, aside, script, style')) found.push(it);
    }
  }
  return found;
}

export function buttonsOf(table: Element, tables: readonly Element[]): Element[] {
  const real = 'button, a, [role="button"], summary, [onclick]';
  const kinds = `${real}, [class*="next" i], [class*="more" i], [class*="pagination-item" i]`;
  const around = scopesOf(table, tables).flatMap((it) => [it, ...allIn(it, kinds)]);
  const about = `[aria-controls~="${CSS.escape(table.id)}"]`;
  const named = table.id === '' ? [] : document.querySelectorAll(about);
  const found = new Set([...around, ...named].filter((it) => it.matches(`${kinds}, ${about}`)));
  // A press of the innermost is one of all around it; what a button draws in itself is none.
  for (const it of found) {
    if (!it.matches(real) && it.parentElement?.closest(real)) found.delete(it);
    else for (let up = it.parentElement; up; up = up.parentElement) found.delete(up);
  }
  return [...found].filter((it) => !isInData(it) && !isInSentence(it) && isShown(it));
}

/** A link among other words is no control. */
export function isInSentence(element: Element): boolean {
  const around = element.matches('a') ? element.closest('p, li') : null;
  return around !== null && fold(element.textContent).length < fold(around.textContent).length / 2;
}

/** What stands around a table that may be worked. */
export function controlsOf(buttons: readonly Element[]): Control[] {
  const inside = new Map<Element, number>();
  for (const button of buttons) {
    for (let up = button.parentElement; up; up = up.parentElement) {
      inside.set(up, (inside.get(up) ?? 0) + 1);
    }
  }
  const groups: Element[] = [];
  return buttons.map((button) => {
    let group = button.parentElement;
    while (group && (inside.get(group) ?? 0) < 2) group = group.parentElement;
    if (group && !groups.includes(group)) groups.push(group);
    return controlOf(button, group ? groups.indexOf(group) : -1);
  });
}

export function controlOf(element: Element, group: number): Control {
  const isOff = (it: Element): boolean =>
    it.matches(':disabled, [aria-disabled="true"]') || /disabled/i.test(classesOf(it));
  // The words of a button in a shadow root stand in its host, and are shown through a slot.
  const isInRoot = element.getRootNode() instanceof ShadowRoot;
  const words = isInRoot ? textOf(element, new Map()) : fold(element.textContent);
  const told = fold(element.getAttribute('aria-label')) || words;
  const parent = element.parentElement;
  const around = parent?.childElementCount === 1 ? [parent] : [];
  return {
    label: (told || fold(element.getAttribute('title'))).slice(0, 60),
    marks: [...around, element, ...element.querySelectorAll('*')]
      .map(marksOf)
      .join(' ')
      .slice(0, 400),
    group,
    disabled: [element, ...around].some(isOff),
    leaves: leavesTo(element),
  };
}

export function marksOf(element: Element): string {
  const names = element.getAttributeNames();
  const telling = names.filter((it) => /^(rel|title|name|aria-label|data-.+)$/.test(it));
  return [classesOf(element), ...telling.map((name) => element.getAttribute(name))].join(' ');
}

/** Its classes, but those that say how it would look in another state: `disabled:opacity-50`. */
export function classesOf(element: Element): string {
  return [...element.classList].filter((it) => !it.includes(':')).join(' ');
}

export function leavesTo(element: Element): Control['leaves'] {
  if (!(element instanceof HTMLAnchorElement) || !/^https?:/.test(element.href)) return false;
  if (element.href.split('#')[0] === location.href.split('#')[0]) return false;
  const { origin, pathname } = element;
  return origin === location.origin && pathname === location.pathname ? 'page' : 'elsewhere';
}

/** Short texts around a table that tell of it, but in its rows of data. */
export function textsAround(
  table: Element,
  tables: readonly Element[],
  isTelling: (text: string) => boolean,
): string[] {
  const isRow = (node: Node): boolean =>
    node instanceof Element &&
    node.matches('tr, [role="row"]') &&
    isInData(node.firstElementChild ?? node);
  const texts = new Set<string>();
  const isSeen = (node: Node): boolean => node instanceof Element && node.checkVisibility();
  const roots = scopesOf(table, tables).flatMap((scope) =>
    rootsIn(scope).filter(
      (root) => root === scope || !closestTo(root.firstElementChild, 'tr, [role="row"]'),
    ),
  );
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (node) =>
      isRow(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    for (let node: Node | null = root; node && texts.size < 200; node = walker.nextNode()) {
      const text = (node.textContent ?? '').length > 400 ? '' : fold(node.textContent);
      if (isTelling(text) && isSeen(node)) texts.add(text);
    }
  }
  return [...texts];
}

export function isNote(text: string): boolean {
  return text.length <= 80 && /\p{Nd}/u.test(text);
}

/** Whether a text asks for a login to see all of a table. */
export function asksToEnter(text: string): boolean {
  if (text.length > 120) return false;
  const enter = /\b(?:sign(?:ed)?|log(?:ged)?)[ -]?(?:in|up)\b|\b(?:subscribe|register|upgrade)\b/i;
  const show = /\b(?:see|view|access|show|reveal)\b/i;
  const all = /\b(?:all|more|full|entire|complete|rest|remaining|hidden)\b/i;
  const [, more = '', ...others] = text.split(enter);
  const after = [more, ...others].join(' ');
  const at = after.search(show);
  const unlocks = /\bunlock (?:\p{Nd}+|all|more|the (?:full|entire|rest|remaining))\b/iu;
  return (at >= 0 && all.test(after.slice(at))) || unlocks.test(text);
}

/** Rows, or all around them, that are drawn too blurred to be read: the last, where there is a preview. */
export function blursOn(table: Element): string[] {
  const rows = table.querySelectorAll('tr, [role="row"]');
  const named = table.querySelectorAll('[class*="blur" i], [style*="blur"]');
  const parts = [...named, ...[...rows].slice(-1)];
  for (let up: Element | null = table; up; up = parentOf(up)) parts.push(up);
  const isBlurred = (it: Element): boolean => /blur\((?!0)/.test(getComputedStyle(it).filter);
  return parts.some(isBlurred) ? ['rows under a blur'] : [];
}

export function surroundingsOf(table: Element, tables: readonly Element[]): Surroundings {
  const texts = textsAround(table, tables, (text) => isNote(text) || asksToEnter(text));
  return {
    notes: texts.filter(isNote),
    controls: controlsOf(buttonsOf(table, tables)),
    larger: largerTables(table, tables),
    veils: [...blursOn(table), ...texts.filter(asksToEnter)],
    states: controlStates(),
  };
}

export function largerTables(table: Element, tables: readonly Element[]): string[] {
  const scopes = scopesOf(table, tables);
  const promise =
    /^\W*(?:view|see|show|open|browse|explore|go to)\s(?:the\s)?(?:full|entire|complete|whole|all)\s(?:[\w,.-]+\s){0,2}(?:leaderboard|rankings?|results|table|list|models|entries|rows)\W*$/i;
  const elsewhere = [...document.querySelectorAll('a, button, [role="button"]')].filter(
    (it) =>
      !scopes.some((scope) => scope.contains(it)) &&
      it.closest('nav, header, footer, [role="navigation"]') === null &&
      // To a place on this page.
      !(it instanceof HTMLAnchorElement && it.hash !== '' && leavesTo(it) === false),
  );
  const labels = elsewhere.filter(isShown).map((it) => fold(it.textContent).slice(0, 60));
  return [...new Set(labels.filter((label) => promise.test(label)))];
}

/** Works a control of a table, by its place among all of them. */
export function pressBeside(
  table: Element | undefined,
  tables: readonly Element[],
  at: number,
): void {
  const found = table && buttonsOf(table, tables)[at];
  if (found instanceof HTMLElement) found.click();
}
