/*
 * How texts are read from a page, inside it. Of this folder only the functions that are exported go
 * there, as text: see `pageCode`.
 */

/** What styles make of elements, by what tells them apart: the browser is asked once for those alike. */
export type Looks = Map<string, string>;

/** A text being put together: what is shown, and what stands in for it where nothing is. */
export interface TextParts {
  shown: string;
  rest: string;
}

export function fold(text: string | null | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** A document or element, and the open shadow roots below it: `querySelector` does not look into these. */
export function rootsIn(root: ParentNode): ParentNode[] {
  const roots = [root];
  if (root instanceof Element && root.shadowRoot) roots.push(...rootsIn(root.shadowRoot));
  for (const { shadowRoot } of root.querySelectorAll('*')) {
    if (shadowRoot) roots.push(...rootsIn(shadowRoot));
  }
  return roots;
}

export function allIn<Found extends Element>(root: ParentNode, selector: string): Found[] {
  return rootsIn(root).flatMap((it) => [...it.querySelectorAll<Found>(selector)]);
}

/** The parent, or the host of the shadow root that an element is at the top of. */
export function parentOf(element: Element): Element | null {
  const { parentNode } = element;
  if (parentNode instanceof ShadowRoot) return parentNode.host;
  return parentNode instanceof Element ? parentNode : null;
}

/** As `closest`, out of shadow roots too. */
export function closestTo(element: Element | null, selector: string): Element | null {
  for (let it = element; it; it = parentOf(it)) if (it.matches(selector)) return it;
  return null;
}

export function isShown(element: Element): boolean {
  return (
    element.checkVisibility({ visibilityProperty: true }) &&
    closestTo(element, '[aria-hidden="true"]') === null
  );
}

/** In a row of data, which may have buttons and numbers of its own; a row of one cell is about the table. */
export function isInData(element: Element): boolean {
  const row = closestTo(element, 'tr, [role="row"]');
  return row !== null && row.childElementCount > 1 && element.closest('tfoot, caption') === null;
}

/** A number that an attribute has; null for anything else. */
export function numberIn(element: Element | null | undefined, name: string): number | null {
  const value = element?.getAttribute(name) ?? '';
  return /^\d+$/.test(value) ? Number(value) : null;
}

/** Absolute address of the first link that leads elsewhere, or ''. */
export function linkIn(element: Element): string {
  const links = [...element.querySelectorAll<HTMLAnchorElement>('a:not([href^="#"])')];
  return links.find((it) => /^https?:/.test(it.href))?.href ?? '';
}

/**
 * What a reader sees: blocks and line breaks part words, what is not displayed does not count, help for
 * screen readers only where nothing else is there, and so the description of a picture. `place` tells
 * elements that are styled alike from others.
 */
export function textOf(element: Element, looks: Looks, place = ''): string {
  if (element.childElementCount === 0 && !element.shadowRoot) return fold(element.textContent);
  const into = { shown: '', rest: '' };
  gatherText(element, { looks, place }, into);
  return fold(into.shown) || fold(into.rest);
}

export function gatherText(node: Node, by: { looks: Looks; place: string }, into: TextParts): void {
  const given = node instanceof HTMLSlotElement ? node.assignedNodes() : [];
  const shown = node instanceof Element ? (node.shadowRoot ?? node) : node;
  for (const child of given.length > 0 ? given : shown.childNodes) {
    if (child instanceof Text) into.shown += child.data;
    else if (child instanceof Element) takeText(child, by, into);
  }
}

export function takeText(it: Element, by: { looks: Looks; place: string }, into: TextParts): void {
  const isSkipped = /^(SCRIPT|STYLE|TEMPLATE|NOSCRIPT|svg|CANVAS)$/.test(it.tagName);
  const look = isSkipped ? 'none' : lookOf(it, by.looks, by.place);
  if (look === 'none') return;
  const field = fieldText(it, by.place);
  const gap = look === 'block' || it.tagName === 'BR' || field !== null ? ' ' : '';
  into.shown += gap + (field ?? '');
  if (look === 'helper') into.rest += ` ${it.textContent ?? ''}`;
  else if (it instanceof HTMLImageElement) into.rest += ` ${it.alt}`;
  else if (field === null) gatherText(it, by, into);
  into.shown += gap;
}

/** What a field of a form says; null for anything else. */
export function fieldText(it: Element, place = ''): string | null {
  if (it instanceof HTMLSelectElement) return it.selectedOptions[0]?.text ?? '';
  if (!(it instanceof HTMLInputElement)) return null;
  if (!/^(checkbox|radio)$/.test(it.type)) return it.value;
  // In a head a switch chooses all rows; in a row it is a value.
  return place === 'head' ? '' : String(it.checked);
}

/** Asking the browser for each of a million elements would take longer than drawing them. */
export function lookOf(element: Element, looks: Looks, place: string): string {
  const marksOf = (it: Element | null): string =>
    `${it?.tagName} ${it?.getAttribute('class')} ${it?.getAttribute('style')}`;
  const parent = element.parentElement;
  const key = `${place}|${marksOf(parent)}|${parent?.childElementCount}|${marksOf(element)}`;
  const look = looks.get(key) ?? lookAt(element);
  looks.set(key, look);
  return look;
}

export function lookAt(element: Element): string {
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility !== 'visible') return 'none';
  const clipped = /^inset\((50|100)%/.test(style.clipPath) || /^rect\(/.test(style.clip);
  const tiny = parseFloat(style.width) <= 1 && style.overflow === 'hidden';
  const isAside = /absolute|fixed/.test(style.position);
  if (isAside && (clipped || tiny)) return 'helper';
  // A tooltip before one points at it; a badge of nothing.
  if (isAside && (style.opacity === '0' || style.transform.startsWith('matrix(0, 0, 0, 0'))) {
    return 'none';
  }
  return /^(inline|contents)/.test(style.display) ? 'inline' : 'block';
}

/**
 * Arrows of sorting and the like are hidden from screen readers; a header is not. Of several things that
 * a head lets choose, the chosen one is its name.
 */
export function headText(cell: Element, looks: Looks): string {
  const buttons = [...cell.querySelectorAll('button, [role="button"]')];
  const others = buttons.some(isChoice) ? buttons.filter((it) => !isChoice(it)) : [];
  const marks = [...cell.querySelectorAll('[aria-hidden="true"]'), ...others];
  const whole = textOf(cell, looks, 'head');
  const rest = marks.reduce((text, mark) => text.replace(fold(mark.textContent), ''), whole);
  return fold(rest) || whole;
}

/**
 * One of several alike that is marked as the chosen one, by its style or as an element of a library, and
 * no way around the site.
 */
export function isChoice(it: Element): boolean {
  const marked = /(^|[\s_-])(active|selected|current|checked)($|[\s_-])/i;
  const isMarked = (element: Element): boolean =>
    marked.test(element.getAttribute('class') ?? '') ||
    (element.tagName.includes('-') && element.matches('[active], [selected]'));
  if (!isMarked(it) || it.closest('nav, header, footer, [role="navigation"]')) return false;
  const alike = [...(it.parentElement?.children ?? [])].filter(
    (other) => other !== it && other.tagName === it.tagName,
  );
  return alike.length > 0 && alike.every((other) => !isMarked(other));
}

export function headNames(cell: Element): string[] {
  const attributes = ['title', 'data-tip-title', 'abbr', 'aria-label'];
  const told = [cell, ...cell.querySelectorAll('[title], [data-tip-title], [aria-label]')];
  const names = told.flatMap((it) => attributes.map((name) => fold(it.getAttribute(name))));
  return [...new Set(names)].filter((name) => name !== '');
}
