import type { Page, Response } from '@playwright/test';
import { responseBodies } from '../../src/crawlers/pages/bodies.ts';
import { expect, test as base } from '../helpers/fixtures.ts';

/** With characters of one, two, three and four bytes. */
const DATA = JSON.stringify({
  text: 'ß — 漢 🙂',
  rows: Array.from({ length: 5000 }, (_, at) => at),
});

type PageOf = (html: string, host?: string) => string;

const test = base.extend<{ pageOf: PageOf }>({
  /** The address of a page, and beside it what its scripts ask for. */
  pageOf: async ({ serve }, use) => {
    let calls = 0;
    const url = await serve((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      response.setHeader('access-control-allow-origin', '*');
      if (pathname === '/page') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(searchParams.get('html'));
      } else if (pathname === '/wait')
        return; // until the test has ended
      else if (pathname === '/moved') response.writeHead(302, { location: '/data' }).end();
      else if (pathname === '/cut') {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('only this', () => response.destroy());
      } else if (pathname === '/counted') response.end(`call ${(calls += 1)}`);
      else response.setHeader('content-type', 'application/json').end(DATA);
    });
    await use((html, host = '127.0.0.1') => {
      const { port } = new URL(url);
      return `http://${host}:${port}/page?html=${encodeURIComponent(html)}`;
    });
  },
});

/** Answers to requests of scripts whose address ends so, as they come. */
const answersTo = (page: Page, end: string): Response[] => {
  const answers: Response[] = [];
  page.on('response', (response) => void (response.url().endsWith(end) && answers.push(response)));
  return answers;
};

test.describe('what the scripts of a page got', () => {
  test('is had while the page cannot answer', async ({ page, pageOf }) => {
    const bodies = await responseBodies(page);
    const answered = page.waitForResponse(/\/data$/);
    const isBusy = page.waitForRequest(/\/wait$/);
    const script = `fetch('/data').then((it) => it.text()).then(() => {
      const busy = new XMLHttpRequest();
      busy.open('GET', '/wait', false);
      busy.send();
    })`;
    await page.goto(pageOf(`<script>${script}</script>`), { waitUntil: 'commit' });

    await isBusy;
    expect(await bodies.textOf(await answered)).toBe(DATA);
  });

  test('is that of the request that is meant, though all have one address', async ({
    page,
    pageOf,
  }) => {
    const bodies = await responseBodies(page);
    const answers = answersTo(page, '/counted');
    const script = `(async () => {
      for (let at = 0; at < 3; at += 1) await (await fetch('/counted', { cache: 'no-store' })).text();
      document.title = 'done';
    })()`;
    await page.goto(pageOf(`<script>${script}</script>`));
    await page.waitForFunction(() => document.title === 'done');

    const texts = await Promise.all(answers.map((it) => bodies.textOf(it)));
    const own = await Promise.all(answers.map((it) => it.text()));
    expect(texts).toEqual(own);
    expect(new Set(texts).size).toBe(3);
  });

  test('is that of where a request was sent on to', async ({ page, pageOf }) => {
    const bodies = await responseBodies(page);
    const answered = page.waitForResponse(/\/data$/);
    await page.goto(pageOf(`<script>fetch('/moved').then((it) => it.text())</script>`));

    expect(await bodies.textOf(await answered)).toBe(DATA);
  });

  test("is had of a frame, of the page's site and of another", async ({ page, pageOf }) => {
    const bodies = await responseBodies(page);
    for (const host of ['127.0.0.1', 'localhost']) {
      const answered = page.waitForResponse(/\/data$/);
      const inner = pageOf(`<script>fetch('/data').then((it) => it.text())</script>`, host);
      await page.goto(pageOf(`<iframe src="${inner}"></iframe>`));

      expect(await bodies.textOf(await answered)).toBe(DATA);
    }
  });

  test('is refused where it did not come whole', async ({ page, pageOf }) => {
    const bodies = await responseBodies(page);
    const answered = page.waitForResponse(/\/cut$/);
    await page.goto(pageOf(`<script>fetch('/cut').then((it) => it.text())</script>`));

    await expect(bodies.textOf(await answered)).rejects.toThrow();
  });

  test('is asked of the page where the browser keeps nothing', async ({ page, pageOf }) => {
    const context = {
      newCDPSession: () => Promise.reject(new Error('CDP session is only available in Chromium')),
    };
    const without = new Proxy(page, {
      get: (target, name): unknown =>
        name === 'context' ? () => context : Reflect.get(target, name),
    });
    const bodies = await responseBodies(without);
    const answered = page.waitForResponse(/\/data$/);
    await page.goto(pageOf(`<script>fetch('/data').then((it) => it.text())</script>`));

    expect(await bodies.textOf(await answered)).toBe(DATA);
  });
});
