import type { Page, Request, Response } from 'playwright';
import { oncePer } from './once.ts';

/** Gives what a page's scripts got. */
export interface ResponseBodies {
  /**
   * The text of an answer, once it is whole.
   *
   * @throws {Error} when it does not come whole: the connection broke, or the page went away
   */
  textOf: (response: Response) => Promise<string>;
}

/** More than any payload that is known: what does not fit is asked of the page. */
const KEPT_BYTES = 256 * 2 ** 20;
const SCRIPTED = new Set(['Fetch', 'XHR']);

/**
 * Has the browser itself keep the answers to a page's scripts, one time for each page; to be awaited
 * before navigation. Playwright asks the page's own process for a body, which draws nothing while it
 * writes those megabytes out: a tenth of a second of the Open LLM board's. Where the browser keeps
 * nothing, or it is not clear which answer is meant, that is how a text is had still.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Network/#method-configureDurableMessages
 */
export const responseBodies = oncePer(async (page: Page): Promise<ResponseBodies> => {
  const isWhole = wholeRequests(page);
  const told = new Map<string, number>();
  page.on('response', (response) => {
    told.set(response.url(), (told.get(response.url()) ?? 0) + 1);
  });
  const kept = await keptBodies(page);
  const keptText = async (response: Response): Promise<string | null> => {
    // What comes from another process, such as a frame's of another site, is not kept.
    if (!kept || response.frame() !== page.mainFrame()) return null;
    const url = response.url();
    const [requestId, ...others] = kept.requestIds.get(url) ?? [];
    if (requestId === undefined || others.length > 0 || told.get(url) !== 1) return null;
    const answer = await kept.session.send('Network.getResponseBody', { requestId });
    return answer.base64Encoded ? Buffer.from(answer.body, 'base64').toString() : answer.body;
  };
  return {
    textOf: async (response) => {
      // Playwright gives what there is of one that broke off.
      if (!(await isWhole(response.request()))) throw new Error(`${response.url()} is not whole`);
      return (await keptText(response).catch(() => null)) ?? response.text();
    },
  };
});

/** What the browser keeps: ids of requests by their address. Null in one that cannot keep bodies. */
async function keptBodies(page: Page) {
  try {
    const session = await page.context().newCDPSession(page);
    const requestIds = new Map<string, string[]>();
    session.on('Network.responseReceived', ({ requestId, type, response: { url } }) => {
      if (SCRIPTED.has(type)) requestIds.set(url, [...(requestIds.get(url) ?? []), requestId]);
    });
    const limits = { maxTotalBufferSize: KEPT_BYTES, maxResourceBufferSize: KEPT_BYTES };
    await Promise.all([
      session.send('Network.enable'),
      session.send('Network.configureDurableMessages', limits),
    ]);
    return { session, requestIds };
  } catch {
    return null; // an older Chromium, or none: it is asked as ever
  }
}

/** Tells, once it is known, whether the answer to a request came whole. */
function wholeRequests(page: Page): (request: Request) => Promise<boolean> {
  const endOf = oncePer<Request, PromiseWithResolvers<boolean>>(() => Promise.withResolvers());
  const closed = new Promise<boolean>((resolve) => page.once('close', () => resolve(false)));
  page.on('requestfinished', (request) => endOf(request).resolve(true));
  page.on('requestfailed', (request) => endOf(request).resolve(false));
  // Not the response's own `finished`, which never ends where the connection broke.
  return (request) => Promise.race([endOf(request).promise, closed]);
}
