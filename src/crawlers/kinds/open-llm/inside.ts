import { until } from '../../pages/inside/rest.ts';
import { fold } from '../../pages/inside/text.ts';
import { nextFrame } from '../../pages/inside/walk.ts';

/** What the page shows at the moment. */
export interface PageState {
  phase: 'rows' | 'empty' | 'error';
  /** Counts as the page states them; null where it states none. */
  shown: number | null;
  total: number | null;
  error: string | null;
  hash: string;
}

export function hubLinks(): string {
  return 'tbody a[href^="https://huggingface.co/"]';
}

/**
 * The table of models, read as any that is drawn in part. A row of a skeleton has no link to the Hub, so that it is
 * never taken for one.
 */
export function tablesOf(): HTMLElement[] {
  const table = document.querySelector(hubLinks())?.closest('table');
  return table ? [table] : [];
}

/** Waits for the page to show something; null when nothing comes. Its counts may follow its rows by a frame. */
export async function stateOnceShown(waitMs: number): Promise<PageState | null> {
  await until(() => pageState() !== null, waitMs);
  await nextFrame();
  await nextFrame();
  return pageState();
}

/** What the page shows, or null while it loads. An error is only believed once the page has asked for its data. */
export function pageState(): PageState | null {
  const root = document.querySelector('#root') ?? document.body;
  if (root.querySelector(hubLinks())) return { ...statedCounts(root), phase: 'rows', error: null };
  if (root.querySelector('table') || fold(root.textContent) === '') return null;
  const headings = [...root.querySelectorAll('h1, h2, h3, h4')];
  if (headings.some((it) => /^no models? found/i.test(fold(it.textContent)))) {
    return { ...statedCounts(root), phase: 'empty', error: null };
  }
  const asked = performance
    .getEntriesByType('resource')
    .filter((it) => it instanceof PerformanceResourceTiming)
    .some(({ initiatorType }) => /^(fetch|xmlhttprequest)$/.test(initiatorType));
  if (!asked) return null;
  const sentences = [...root.querySelectorAll('p')].map((it) => fold(it.textContent));
  const telling = sentences.filter((it) =>
    /error|fail|exceed|quota|json|unexpected|not found/i.test(it),
  );
  const error = (telling.length > 0 ? telling : sentences).join(' | ').slice(0, 500);
  return { ...statedCounts(root), phase: 'error', error: error || 'The page has no table.' };
}

/** The counts of rows, as in `4569 / 4576`. */
export function statedCounts(root: Element): Pick<PageState, 'shown' | 'total' | 'hash'> {
  const count = /^([\d,. ]+?)(?:\+\d+)? ?\/ ?([\d,. ]+)$/;
  const found = [...root.querySelectorAll('div, p, span')]
    .filter((it) => !it.closest('table') && (it.textContent ?? '').length < 24)
    .map((it) => count.exec(fold(it.textContent)))
    .find((match) => match !== null);
  const parse = (text?: string): number | null =>
    text === undefined ? null : Number(text.replaceAll(/[,. ]/g, ''));
  return { shown: parse(found?.[1]), total: parse(found?.[2]), hash: location.hash };
}
