import type { Frame, Page } from 'playwright';
import { BoardDriftError, differs, type Difference } from '../boards/drift.ts';

/**
 * A board is read where it says that it is: its page and, of a Space, the frame that the Hub's page
 * shows, are of the origin that was asked for.
 *
 * @throws {BoardDriftError} BOARD_DRIFT when the page has gone to another origin
 */
export async function refuseElsewhere(
  board: { id: string; address: string },
  page: Page,
  frame: Frame,
): Promise<void> {
  const diff = elsewhere('page', board.address, page.url());
  // A frame without an address of its own is of the page.
  if (frame !== page.mainFrame() && frame.url() !== 'about:srcdoc') {
    const element = await frame.frameElement();
    const src = (await element.getAttribute('src')) ?? '';
    diff.push(...elsewhere('frame', new URL(src, page.url()).href, frame.url()));
  }
  if (diff.length > 0) throw new BoardDriftError(board.id, diff);
}

const elsewhere = (what: string, asked: string, found: string): Difference[] =>
  isSamePlace(asked, found)
    ? []
    : [differs(`address of the ${what}`, originOf(asked), originOf(found))];

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'none');

/** The same origin; https for http, and with or without `www.`, is the same. Pure. */
export function isSamePlace(asked: string, found: string): boolean {
  if (!URL.canParse(found)) return false;
  const [a, b] = [new URL(asked), new URL(found)];
  const host = ({ hostname, port }: URL): string => `${hostname.replace(/^www\./, '')}:${port}`;
  const isSafe = a.protocol === b.protocol || (a.protocol === 'http:' && b.protocol === 'https:');
  return isSafe && host(a) === host(b);
}
