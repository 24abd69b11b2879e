/** How texts are read from a page, inside it. */
export interface PageReader {
  fold: (text: string | null) => string;
  /** What the element shows; `place` tells elements that are styled alike from others. */
  textOf: (element: Element, place?: string) => string;
  isShown: (element: Element) => boolean;
  /** Absolute address of the first link that leads elsewhere, or ''. */
  linkOf: (element: Element) => string;
}

/**
 * Makes a reader. Runs in the page, so it is complete in itself. A text is what a reader sees:
 * blocks and line breaks part words, what is not displayed does not count, help for screen readers
 * only where nothing else is there, and so the description of a picture.
 */
export function makePageReader(): PageReader {
  const fold = (text: string | null): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();
  const skipped = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'NOSCRIPT', 'svg', 'CANVAS']);
  const looks = new Map<string, string>();

  const lookAt = (element: Element): string => {
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility !== 'visible') return 'none';
    const clipped = /^inset\((50|100)%/.test(style.clipPath) || /^rect\(/.test(style.clip);
    const tiny = parseFloat(style.width) <= 1 && style.overflow === 'hidden';
    if (/absolute|fixed/.test(style.position) && (clipped || tiny)) return 'helper';
    return /^(inline|contents)/.test(style.display) ? 'inline' : 'block';
  };
  const marksOf = (it: Element | null): string =>
    `${it?.tagName} ${it?.getAttribute('class')} ${it?.getAttribute('style')}`;
  // Asking the browser for each of a million elements takes longer than drawing them.
  const lookOf = (element: Element, place: string): string => {
    const parent = element.parentElement;
    const key = `${place}|${marksOf(parent)}|${parent?.childElementCount}|${marksOf(element)}`;
    const look = looks.get(key) ?? lookAt(element);
    looks.set(key, look);
    return look;
  };
  const fieldText = (it: Element): string | null => {
    if (it instanceof HTMLSelectElement) return it.selectedOptions[0]?.text ?? '';
    if (!(it instanceof HTMLInputElement)) return null;
    return /^(checkbox|radio)$/.test(it.type) ? String(it.checked) : it.value;
  };
  const gather = (node: Node, place: string, into: { shown: string; rest: string }): void => {
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child instanceof Text) into.shown += child.data;
      else if (child instanceof Element) take(child, place, into);
    }
  };
  const take = (it: Element, place: string, into: { shown: string; rest: string }): void => {
    const look = skipped.has(it.tagName) ? 'none' : lookOf(it, place);
    if (look === 'none') return;
    const field = fieldText(it);
    const gap = look === 'block' || it.tagName === 'BR' || field !== null ? ' ' : '';
    into.shown += gap + (field ?? '');
    if (look === 'helper') into.rest += ` ${it.textContent ?? ''}`;
    else if (it instanceof HTMLImageElement) into.rest += ` ${it.alt}`;
    else if (field === null) gather(it, place, into);
    into.shown += gap;
  };
  return {
    fold,
    textOf: (element, place = '') => {
      if (element.childElementCount === 0) return fold(element.textContent);
      const into = { shown: '', rest: '' };
      gather(element, place, into);
      return fold(into.shown) || fold(into.rest);
    },
    isShown: (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('[aria-hidden="true"]') === null,
    linkOf: (element) => {
      const links = [...element.querySelectorAll<HTMLAnchorElement>('a:not([href^="#"])')];
      return links.find((it) => /^https?:/.test(it.href))?.href ?? '';
    },
  };
}
