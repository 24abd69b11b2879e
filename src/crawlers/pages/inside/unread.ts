import { busyText } from './rest.ts';
import { fold, isShown } from './text.ts';

/** What a page shows where it shows no table that can be read. */
export interface Unread {
  challenge: boolean;
  login: boolean;
  /** What a banner over the page asks; '' for none. */
  consent: string;
  /** What it draws with, in place of elements that have texts. */
  drawing: '' | 'canvas' | 'Streamlit canvas' | 'SVG';
  /** Addresses of frames that take up room. */
  frames: string[];
  /** Heads of tables without rows. */
  emptyTables: string[];
  busy: string;
  title: string;
  text: string;
}

/** Changes when the page does, or goes to work. */
export function signOfPage(): string {
  const { readyState, body } = document;
  const elements = document.querySelectorAll('*').length;
  return [readyState, busyText(), elements, body?.textContent?.length].join(' ');
}

export function lookUnread(): Unread {
  const text = fold(document.body?.innerText);
  const title = fold(document.title);
  return {
    challenge: isChallenge(`${title} ${text}`),
    login: [...document.querySelectorAll('input[type="password"]')].some(isShown),
    consent: consentText(),
    drawing: drawingOf(),
    frames: [...document.querySelectorAll('iframe')]
      .filter(isLarge)
      .map(({ src }) => src || 'srcdoc'),
    emptyTables: emptyTables(),
    busy: busyText(),
    ...{ title, text: text.slice(0, 200) },
  };
}

/** Pages that stand before others, and ask whether somebody looks at them. */
export function isChallenge(text: string): boolean {
  const marks =
    '#challenge-form, #challenge-running, #px-captcha, #anubis_challenge, .cf-turnstile, ' +
    'script[src*="/cdn-cgi/challenge-platform/"], iframe[src*="captcha-delivery.com"]';
  const says =
    /^just a moment|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|not a (?:ro)?bot\b|unusual traffic/i;
  return text.length < 2_000 && (document.querySelector(marks) !== null || says.test(text));
}

export function consentText(): string {
  const places =
    '[role="dialog"], [role="alertdialog"], dialog[open], [id*="consent" i], [class*="consent" i], [id*="cookie" i], [class*="cookie" i]';
  const banners = [...document.querySelectorAll(places)].filter(
    (it) => isShown(it) && it.querySelector('button, a, [role="button"]') !== null,
  );
  const texts = banners.map((it) => fold(it.textContent));
  return (texts.find((it) => /\b(cookies?|consent|privacy)\b/i.test(it)) ?? '').slice(0, 80);
}

/** As large as a table of a few rows would be. */
export function isLarge(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width >= 300 && height >= 120 && isShown(element);
}

export function drawingOf(): Unread['drawing'] {
  const canvas = [...document.querySelectorAll('canvas')].find(isLarge);
  if (canvas) return canvas.closest('[data-testid="stDataFrame"]') ? 'Streamlit canvas' : 'canvas';
  const pictures = [...document.querySelectorAll('svg')].filter(isLarge);
  return pictures.some((it) => it.querySelectorAll('text').length > 10) ? 'SVG' : '';
}

export function emptyTables(): string[] {
  const grids = 'table, [role="grid"], [role="treegrid"], [role="table"]';
  const tables = [...document.querySelectorAll(grids)];
  const heads = (it: Element): string[] =>
    [...it.querySelectorAll('th, [role="columnheader"]')].map((head) => fold(head.textContent));
  const rows = (it: Element): number => it.querySelectorAll('td, [role="gridcell"]').length;
  return tables
    .filter((it) => isShown(it) && rows(it) === 0 && heads(it).length > 0)
    .map((it) => heads(it).join(', ').slice(0, 100));
}

/** Shows all of the page in turn: some draw what is below only once it is in view. */
export async function scrollThrough(): Promise<void> {
  const page = document.scrollingElement;
  if (!page) return;
  const pause = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 50));
  for (let steps = 0; steps < 200; steps += 1) {
    const beforePx = page.scrollTop;
    page.scrollTop += page.clientHeight;
    if (page.scrollTop === beforePx) break;
    await pause();
  }
}
