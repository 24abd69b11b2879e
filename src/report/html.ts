/** Markup that `html` made: whatever else is put into a page is text. */
export interface Markup {
  readonly [MARKUP]: string;
}
const MARKUP = Symbol('markup');

export type Content = Markup | string | number | null | undefined | readonly Content[];

/**
 * Markup from a template. Each value is escaped, for an element or a quoted attribute alike, unless it is
 * markup itself: names, errors and titles are strangers' texts, and this is the one place that makes them inert.
 */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup => ({
  [MARKUP]: parts.map((part, at) => part.replace(/\n */g, '\n') + textOf(values[at])).join(''),
});

/** A text of our own that is markup already. */
export const trusted = (markup: string): Markup => ({ [MARKUP]: markup });

export const markupOf = (it: Markup): string => it[MARKUP];

function textOf(value: Content): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  return MARKUP in value ? value[MARKUP] : value.map(textOf).join('');
}

const SIGNS: Partial<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Longer texts nobody reads on a page; tables have them whole. */
const MAX_TEXT = 4000;

/** Control characters, and those that turn the direction of the text that follows. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

const escaped = (text: string): string =>
  clip(text, MAX_TEXT)
    .toWellFormed()
    .replace(UNSEEN, '\ufffd')
    .replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');

/** A text of at most so many characters. */
export const clip = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

/** A link for people; the text alone where the address is none of the web. */
export const link = (url: string | null | undefined, text: Content): Markup =>
  url !== null && url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? html`<a href="${new URL(url).href}" rel="noreferrer noopener">${text}</a>`
    : html`<bdi>${text}</bdi>`;
