import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bodyOf, readCaptures } from '../../src/storage/captures.ts';
import { expect, test as base } from '../helpers/fixtures.ts';

const TABLE = `<table><tr><th>Model<th>Score${[90, 80, 70, 60]
  .map((score, at) => `<tr><td>m${at}<td>${score}.5`)
  .join('')}</table>`;
const SCRIPTED = `<main>Wait</main><script>fetch('/data').then((it) => it.text()).then((it) => {
  document.querySelector('main').innerHTML = it; })</script>`;
const CSV = 'model,score\na,1.5\nb,2.5\n';

interface Site {
  at: string;
  /** What it answers at a path with: status, headers and body. */
  paths: Record<string, [number, Record<string, string>, string]>;
  requests: { path: string; userAgent: string }[];
}

const HTML = { 'content-type': 'text/html' };

const test = base.extend<{ site: Site }>({
  site: async ({ serve }, use) => {
    const site: Site = {
      at: '',
      paths: {
        '/board': [200, HTML, TABLE],
        '/scripted': [200, HTML, SCRIPTED],
        '/data': [200, HTML, TABLE],
        '/board.csv': [200, { 'content-type': 'text/csv' }, CSV],
      },
      requests: [],
    };
    site.at = await serve((request, response) => {
      const path = request.url ?? '';
      site.requests.push({ path, userAgent: request.headers['user-agent'] ?? '' });
      const [status, headers, body] = site.paths[path] ?? [404, {}, ''];
      response.writeHead(status, headers).end(body);
    });
    await use(site);
  },
});

const robots = (text: string): Site['paths'][string] => [200, {}, `User-agent: *\n${text}\n`];
const pathsOf = ({ requests }: Site): string[] =>
  requests.map(({ path }) => path).filter((it) => it !== '/favicon.ico');

test('a page and a file that robots.txt forbids are not asked for', async ({ site, cli }) => {
  site.paths['/robots.txt'] = robots('Disallow: /board');
  for (const path of ['/board', '/board.csv']) {
    const { code, stderr } = await cli(['crawl', 'boards', '--url', `${site.at}${path}`]);

    expect(code, path).toBe(3);
    expect(stderr).toContain(`does not allow ${path}: line 2, "Disallow: /board"`);
    expect(stderr).toContain('[BOARD_DISALLOWED]');
    expect(stderr).toContain('--ignore-robots');
  }
  expect(pathsOf(site)).toEqual(['/robots.txt', '/robots.txt']);
});

test('a page that leads to what is forbidden is not read', async ({ site, cli }) => {
  site.paths['/robots.txt'] = robots('Disallow: /board');
  site.paths['/moved'] = [302, { location: '/board' }, ''];
  const { code, stderr } = await cli(['boards', 'check', '--url', `${site.at}/moved`]);

  expect(code).toBe(3);
  expect(stderr).toContain('[BOARD_DISALLOWED]');
  expect(pathsOf(site).filter((it) => it === '/robots.txt')).toHaveLength(1);
});

test('--ignore-robots reads it, and the capture and the manifest say so', async ({
  site,
  cli,
  folder,
}) => {
  site.paths['/robots.txt'] = robots('Disallow: /');
  for (const path of ['/board', '/board.csv']) {
    const out = join(folder, 'out');
    const board = ['--sources', 'boards', '--url', `${site.at}${path}`, '--id', 'b'];
    const told = ['--ignore-robots', '--to', 'jsonl', '--out', out, '--accept', 'b', '--json'];
    const { code, stdout, stderr } = await cli(['run', ...board, ...told]);
    // Our own report.
    const { run } = JSON.parse(stdout) as { run: string };
    const bodies: string[] = [];
    for await (const it of readCaptures(folder, `boards-${run}`)) bodies.push(String(bodyOf(it)));

    expect(code, stderr).toBe(0);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toContain('"robots":"ignored"');
    expect(await readFile(join(out, 'manifest.json'), 'utf8')).toContain('"ignoreRobots": true');
  }
  expect(pathsOf(site)).not.toContain('/robots.txt');
});

test('429 of a page, its data or a file is later, once, and when the site says', async ({
  site,
  cli,
}) => {
  const busy: Site['paths'][string] = [429, { 'retry-after': '120', ...HTML }, 'Slow down'];
  for (const [asked, path] of [
    ['/board', '/board'],
    ['/scripted', '/data'],
    ['/board.csv', '/board.csv'],
  ] as const) {
    site.requests.length = 0;
    const before = site.paths[path];
    site.paths[path] = busy;
    const { code, stderr } = await cli([
      ...['crawl', 'boards', '--url', `${site.at}${asked}`, '--id', 'b'],
      ...(path === '/board.csv' ? ['--renderer', 'file'] : []),
    ]);
    if (before) site.paths[path] = before;

    expect(code, stderr).toBe(75);
    expect(stderr).toContain(`${path} answered 429, too many requests: come again in 120 s`);
    expect(
      pathsOf(site).filter((it) => it === path),
      path,
    ).toHaveLength(
      path === '/board' ? 2 : 1, // the first asks what it is
    );
  }
});

test('a page sees the browser’s name and ours, with an address', async ({ site, cli }) => {
  await cli(['boards', 'check', '--url', `${site.at}/board`]);
  const agents = new Map(site.requests.map(({ path, userAgent }) => [path, userAgent]));
  site.requests.length = 0;
  const contact = ['--contact', 'mailto:ask@example.org'];
  await cli(['boards', 'check', '--url', `${site.at}/board.csv`, ...contact]);

  const own = /huggingface-etl\/[\d.]+ \(\+https:\/\/www\.npmjs\.com\/package\/huggingface-etl\)$/;
  expect(agents.get('/robots.txt')).toMatch(new RegExp(`^${own.source}`));
  expect(agents.get('/board')).toMatch(new RegExp(`^Mozilla/5\\.0 .*Chrome/.* ${own.source}`));
  for (const { userAgent } of site.requests)
    expect(userAgent).toMatch(/ \(\+mailto:ask@example\.org\)$/);
});
