import { foldSpace } from './text.ts';

/** What a cell's source looks like once drawn. */
interface DrawnText {
  text: string;
  link?: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  middot: '·',
  bull: '•',
  times: '×',
  plusmn: '±',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  uarr: '↑',
  darr: '↓',
  larr: '←',
  rarr: '→',
};
const HIGHEST_CODE = 0x10ffff;

function entity(whole: string, name: string): string {
  if (!name.startsWith('#'))
    return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole;
  const isHex = /^#x/i.test(name);
  const code = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  return code > 0 && code <= HIGHEST_CODE ? String.fromCodePoint(code) : whole;
}

const unescaped = (text: string): string =>
  text.replaceAll(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z][a-z\d]{1,31});/gi, entity);

const NOT_DRAWN = /<(script|style|template)\b[^>]*>[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi;
const TAG = /<\/?[a-z][^<>]*>/gi;
const HREF = /<a\b[^<>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))/i;

/** The text and the first link of a piece of HTML. */
export function drawnHtml(html: string): DrawnText {
  const shown = html.replaceAll(NOT_DRAWN, '');
  const href = HREF.exec(shown);
  const link = href?.[1] ?? href?.[2] ?? href?.[3];
  const text = foldSpace(unescaped(shown.replaceAll(TAG, '')));
  return { text, ...(link !== undefined && { link: unescaped(link) }) };
}

const MARKDOWN_LINK =
  /!?\[([^[\]]*)\]\(\s*(?:<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+(?:"[^"]*"\s*)?)?)?\)/;

/** The text and the first link of a line of Markdown, with the HTML that it may hold. */
export function drawnMarkdown(source: string): DrawnText {
  const first = MARKDOWN_LINK.exec(source);
  let text = source;
  // Innermost first, so that a picture in a link's text goes before the link.
  for (let rest = 8; rest > 0 && MARKDOWN_LINK.test(text); rest -= 1) {
    text = text.replaceAll(new RegExp(MARKDOWN_LINK, 'g'), (whole, label: string) =>
      whole.startsWith('!') ? '' : label,
    );
  }
  const marks = text
    .replaceAll(/^\s{0,3}(?:#{1,6}\s+|>\s?)/gm, '')
    .replaceAll(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replaceAll(/(?<![\w*])\*(?=[^\s*])([^*]*[^\s*])\*(?![\w*])/g, '$1')
    .replaceAll(/(?<![\w_])_(?=[^\s_])([^_]*[^\s_])_(?![\w_])/g, '$1')
    .replaceAll(/~~(?=\S)([\s\S]*?\S)~~/g, '$1')
    .replaceAll(/(?<!`)(`+)([^`]+)\1/g, '$2')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1');
  const { text: shown, link } = drawnHtml(marks);
  const address = link ?? (first?.[0].startsWith('!') === false ? (first[2] ?? '') : undefined);
  return { text: shown, ...(address !== undefined && { link: address }) };
}

/** Characters that Markdown may take for marks; what is left must be equal in any case. */
export const withoutMarks = (text: string): string => text.replaceAll(/[\s*_`~#>\\[\]]+/g, '');
