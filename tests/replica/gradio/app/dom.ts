import type { PageSettings } from '../settings.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes elements, with the page's hash behind their classes, as a build of Svelte does. */
export interface Maker {
  settings: PageSettings;
  make: (
    tag: string,
    attributes?: Attributes,
    children?: readonly (Node | string)[],
  ) => HTMLElement;
}

export function maker(settings: PageSettings): Maker {
  const suffix = `${settings.faults.classPrefix ?? 'svelte-'}${settings.hash}`;
  return {
    settings,
    make: (tag, attributes = {}, children = []) => {
      const made = document.createElement(tag);
      made.className = suffix;
      for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue;
        made.setAttribute(name, name === 'class' ? `${value} ${suffix}` : String(value));
      }
      made.append(...children);
      return made;
    },
  };
}

const KEPT = new Set([
  'A',
  'B',
  'BR',
  'CODE',
  'DIV',
  'EM',
  'I',
  'P',
  'SMALL',
  'SPAN',
  'STRONG',
  'U',
]);

/** A cell's HTML, without anything that could do something. */
export function htmlNodes(html: string): Node[] {
  // What is in a template is no part of the page: nothing of it loads or runs.
  const inert = document.createElement('template');
  inert.innerHTML = html;
  return [...inert.content.childNodes].flatMap(copy);
}

function copy(node: Node): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')];
  if (!(node instanceof Element)) return [];
  const children = [...node.childNodes].flatMap(copy);
  if (!KEPT.has(node.tagName)) return children;
  const made = document.createElement(node.tagName);
  const href = node.getAttribute('href');
  if (href !== null && /^(https?:|\/|#)/.test(href)) made.setAttribute('href', href);
  made.append(...children);
  return [made];
}

/** Markdown as these tables use it: links, emphasis, and HTML between. */
export function markdownNodes(source: string): Node[] {
  const html = source
    .replaceAll(/\[([^\]]*)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
  const paragraph = document.createElement('p');
  paragraph.append(...htmlNodes(html));
  return [paragraph, document.createTextNode('\n')];
}
