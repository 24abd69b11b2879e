import { expect, test as base } from '../helpers/fixtures.ts';
import { someHubEntries, type HubEntry } from '../replica/tables/board-data.ts';
import { startTables } from '../replica/tables/server.ts';

const ID = 'hub-benchmarks/some/benchmark';

interface Given {
  api: readonly HubEntry[];
  page: readonly HubEntry[];
  closed?: boolean;
}

interface Checked {
  code: number;
  stderr: string;
  board: unknown;
  asked: string[];
}

const test = base.extend<{ check: (given: Given) => Promise<Checked> }>({
  /** `boards check` of a Hub that has one benchmark: its API, and the page that shows it. */
  check: async ({ keep, serve, cli }, use) => {
    await use(async ({ api, page, closed = false }) => {
      const tables = await keep(startTables({ kind: 'hub', entries: page }));
      const asked: string[] = [];
      const hub = await serve((request, response) => {
        if (request.url !== '/robots.txt') asked.push(request.url ?? '');
        if (request.url?.startsWith('/api/datasets/some/benchmark/leaderboard')) {
          response.writeHead(closed ? 401 : 200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(closed ? { error: 'Access is restricted' } : api));
          return;
        }
        void fetch(tables.url).then(async (it) => {
          response.writeHead(it.status, { 'content-type': 'text/html' }).end(await it.text());
        });
      });
      const where = ['--endpoint', hub, '--json', '--log-level', 'error'];
      const { stdout, ...result } = await cli(['boards', 'check', ID, ...where]);
      const { boards } = JSON.parse(stdout) as { boards: Record<string, unknown> }; // --json
      return { ...result, board: boards[ID], asked };
    });
  },
});

const entries = someHubEntries(69);

test("the Hub's own page of a benchmark shows what its API says", async ({ check }) => {
  const { code, stderr, board, asked } = await check({ api: entries, page: entries });
  expect(code, stderr).toBe(0);
  expect(board).toMatchObject({ status: 'verified', rows: 69 });
  expect(asked[0]).toBe('/api/datasets/some/benchmark/leaderboard');
  expect(asked[1]).toContain('/datasets/some/benchmark/embed/leaderboard?leaderboard_is_expanded=');
});

test('a page that shows another value, or one model less, has drifted', async ({ check }) => {
  const other = entries.map((it, at) => (at === 40 ? { ...it, value: it.value - 7 } : it));
  const changed = await check({ api: entries, page: other });
  expect(changed.code, changed.stderr).toBe(4);
  expect(changed.stderr).toContain('BOARD_DRIFT');
  expect(changed.stderr).toContain('reasoner-40');
  const fewer = await check({ api: entries, page: entries.slice(0, -1) });
  expect(fewer.code, fewer.stderr).toBe(4);
  expect(fewer.board).toMatchObject({ status: 'drifted' });
});

test('a closed benchmark is said to want a token, and no page is visited', async ({ check }) => {
  const { code, stderr, asked } = await check({ api: entries, page: entries, closed: true });
  expect(code).toBe(7);
  expect(stderr).toMatch(/AUTH_(DENIED|TOKEN)/);
  expect(asked).toHaveLength(1);
});
