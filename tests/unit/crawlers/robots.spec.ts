import type { RequestListener } from 'node:http';
import { openRobots, type RobotsOptions } from '../../../src/crawlers/robots.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';

interface Asked {
  /** What becomes of a path: `ok`, or code and message of the refusal. */
  visit: (path: string) => Promise<string>;
  /** Every request that the site got. */
  requests: { path: string; userAgent: string }[];
}

const test = base.extend<{
  site: (answer: RequestListener, options?: Partial<RobotsOptions>) => Promise<Asked>;
}>({
  site: async ({ serve }, use) => {
    await use(async (answer, options = {}) => {
      const requests: Asked['requests'] = [];
      const origin = await serve((request, response) => {
        const { url: path = '', headers } = request;
        requests.push({ path, userAgent: headers['user-agent'] ?? '' });
        answer(request, response);
      });
      const userAgent = 'huggingface-etl/1.2.3 (+https://example.org/)';
      const mayVisit = openRobots({ userAgent, pauseMs: 0, ...options });
      const visit = (path: string): Promise<string> =>
        mayVisit(`${origin}${path}`).then(
          () => 'ok',
          (error: Error & { code?: string }) =>
            `${error.code}: ${error.message.replaceAll(origin, '')}`,
        );
      return { visit, requests };
    });
  },
});

const rules =
  (text: string, status = 200, headers = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(text);

test('the rule that forbids a page is named, and robots.txt is read once', async ({ site }) => {
  const text =
    '\uFEFFUser-agent: *\r\nDisallow: /board # not for programs\r\nAllow: /board/open$\r\n';
  const { visit, requests } = await site(rules(text));
  const paths = ['/board?x=1', '/board/open', '/board/open/2', '/', '/other'];

  expect(await Promise.all(paths.map(visit))).toEqual([
    'BOARD_DISALLOWED: /robots.txt does not allow /board?x=1: line 2, "Disallow: /board # not for programs"',
    'ok',
    'BOARD_DISALLOWED: /robots.txt does not allow /board/open/2: line 2, "Disallow: /board # not for programs"',
    'ok',
    'ok',
  ]);
  expect(requests).toEqual([
    { path: '/robots.txt', userAgent: 'huggingface-etl/1.2.3 (+https://example.org/)' },
  ]);
});

test('rules for our own name go before those for everybody', async ({ site }) => {
  const closed = await site(
    rules('User-agent: Huggingface-ETL\nDisallow: /\n\nUser-agent: *\nDisallow:\n'),
  );
  const open = await site(
    rules('User-agent: *\nDisallow: /\n\nUser-agent: huggingface-etl\nDisallow: /private\n'),
  );

  expect(await closed.visit('/')).toMatch(/^BOARD_DISALLOWED: .*line 2, "Disallow: \/"$/);
  expect(await open.visit('/')).toBe('ok');
  expect(await open.visit('/private/1')).toMatch(/^BOARD_DISALLOWED/);
});

test('a site without robots.txt allows everything', async ({ site }) => {
  for (const status of [404, 401, 403, 410]) {
    const { visit } = await site(rules('User-agent: *\nDisallow: /', status));

    expect(await visit('/board'), String(status)).toBe('ok');
  }
});

test('a robots.txt that fails allows nothing, after three tries', async ({ site }) => {
  const broken = await site(rules('', 503));
  const silent = await site((request) => void request.socket.destroy());
  const slow = await site(() => undefined, { timeoutMs: 50 });

  expect(await broken.visit('/')).toBe(
    'BOARD_UNREACHABLE: /robots.txt answered 503; until it says otherwise, nothing there may be visited',
  );
  expect(await silent.visit('/')).toMatch(/^BOARD_UNREACHABLE: \/robots.txt could not be read \(/);
  expect(await slow.visit('/')).toMatch(/^BOARD_UNREACHABLE: \/robots.txt could not be read \(/);
  expect(broken.requests).toHaveLength(3);
});

test('one that fails at first is asked again', async ({ site }) => {
  let asked = 0;
  const { visit } = await site((_request, response) => {
    asked += 1;
    response.writeHead(asked === 1 ? 500 : 200).end('User-agent: *\nDisallow: /a');
  });

  expect(await visit('/b')).toBe('ok');
  expect(await visit('/a')).toMatch(/^BOARD_DISALLOWED/);
});

test('429 is not asked again, and says when to come', async ({ site }) => {
  const { visit, requests } = await site(rules('', 429, { 'retry-after': '120' }));

  expect(await visit('/')).toBe(
    'BOARD_BUSY: GET /robots.txt answered 429, too many requests: come again in 120 s',
  );
  expect(requests).toHaveLength(1);
});

test('a redirect is followed, but into no other network, and not for ever', async ({ site }) => {
  const moved = await site((request, response) => {
    const isFirst = request.url === '/robots.txt';
    response
      .writeHead(isFirst ? 301 : 200, { location: '/rules' })
      .end('User-agent: *\nDisallow: /');
  });
  const inward = await site(rules('', 302, { location: 'http://10.1.2.3/robots.txt' }));
  const endless = await site(
    (request, response) => void response.writeHead(302, { location: `${request.url}1` }).end(),
  );

  expect(await moved.visit('/')).toMatch(/^BOARD_DISALLOWED/);
  expect(await inward.visit('/')).toMatch(/^BOARD_UNREACHABLE: \/robots.txt could not be read/);
  expect(await endless.visit('/')).toMatch(/^BOARD_UNREACHABLE: \/robots.txt answered 302/);
  expect(endless.requests).toHaveLength(3 * 6);
});

test('what comes after half a megabyte is not read, nor a line that it cuts', async ({ site }) => {
  const head = 'User-agent: *\n';
  const fill = '#\n'.repeat((512 * 1024 - head.length - 10) / 2);
  const { visit } = await site(rules(`${head}${fill}Disallow: /board\n${'#'.repeat(1_000_000)}`));

  expect(await visit('/')).toBe('ok');
  expect(await visit('/board')).toBe('ok');
});

test('rules that are made to hold their reader do not', async ({ site }) => {
  const pattern = `/${'*a'.repeat(1_000)}`;
  const { visit } = await site(
    rules(
      `User-agent: *\n${`Disallow: ${pattern}\n`.repeat(200)}Disallow: /${'*'.repeat(50_000)}z`,
    ),
  );

  expect(await visit(`/${'a'.repeat(300)}`)).toBe('ok');
});
