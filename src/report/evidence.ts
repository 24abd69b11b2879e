import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { html, trusted, type Content } from './html.ts';
import type { ReportInput } from './input.ts';

/** Adds what was seen of a refused board: folder of the evidence, and what it shows in words. */
export type Evidence = (folder: string, words: string) => Promise<Content>;

/** All pictures together, as they are on disk: a page must stay one that is sent and opened at once. */
const MOST_BYTES = 1_400_000;
const MOST_BYTES_OF_ONE = 700_000;

/** Small pictures stand in the page as long as there is room; each is linked where it lies. */
export function createEvidence({ storage, page }: ReportInput): Evidence {
  let left = MOST_BYTES;
  return async (folder, words) => {
    const file = path.resolve(storage, folder, 'screenshot.png');
    const size = await stat(file).then(
      (it) => it.size,
      () => null, // a page that gives no picture, or evidence of a run that was pruned
    );
    if (size === null) return '';
    const href = hrefOf(page, file);
    if (size > Math.min(left, MOST_BYTES_OF_ONE))
      return html`<p><a href="${href}">Picture: ${words}</a></p>`;
    left -= size;
    const data = trusted((await readFile(file)).toString('base64'));
    return html`<figure class="evidence">
      <a href="${href}"><img src="data:image/png;base64,${data}" alt="${words}" /></a>
    </figure>`;
  };
}

/** A file as the page links it. */
export const hrefOf = (page: string, file: string): string =>
  path.relative(path.dirname(page), file).split(path.sep).map(encodeURIComponent).join('/');
