import { expect, test } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../helpers/cli.ts';
import { someHubEntries, type HubEntry } from '../replica/tables/board-data.ts';
import { startTables } from '../replica/tables/server.ts';

const ID = 'hub-benchmarks/some/benchmark';

/** A Hub that has one benchmark: its API, and the page that shows it. */
async function startBenchmark(given: {
  api: readonly HubEntry[];
  page: readonly HubEntry[];
  closed?: boolean;
}) {
  const tables = await startTables({ kind: 'hub', entries: given.page });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push(`${url.pathname}${url.search}`);
    if (url.pathname === '/api/datasets/some/benchmark/leaderboard') {
      response.writeHead(given.closed ? 401 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(given.closed ? { error: 'Access is restricted' } : given.api));
      return;
    }
    void fetch(tables.url).then(async (page) => {
      response.writeHead(page.status, { 'content-type': 'text/html' }).end(await page.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // of a server on a port
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await tables.close();
  };
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

async function check(given: Parameters<typeof startBenchmark>[0]) {
  const hub = await startBenchmark(given);
  const storage = await mkdtemp(join(tmpdir(), 'embed-'));
  try {
    const result = await runCli([
      ...['boards', 'check', ID, '--endpoint', hub.url, '--storage', storage, '--json'],
      ...['--log-level', 'error', '--board-timeout', '20'],
    ]);
    const { boards } = JSON.parse(result.stdout) as { boards: Record<string, unknown> }; // --json
    return { ...result, board: boards[ID], asked: hub.asked };
  } finally {
    await hub.close();
    await rm(storage, { recursive: true });
  }
}

const entries = someHubEntries(69);

test("the Hub's own page of a benchmark shows what its API says", async () => {
  const { code, stderr, board, asked } = await check({ api: entries, page: entries });
  expect(code, stderr).toBe(0);
  expect(board).toMatchObject({ status: 'verified', rows: 69 });
  expect(asked[0]).toBe('/api/datasets/some/benchmark/leaderboard');
  expect(asked[1]).toContain('/datasets/some/benchmark/embed/leaderboard?leaderboard_is_expanded=');
});

test('a page that shows another value, or one model less, has drifted', async () => {
  const other = entries.map((it, at) => (at === 40 ? { ...it, value: it.value - 7 } : it));
  const changed = await check({ api: entries, page: other });
  expect(changed.code, changed.stderr).toBe(4);
  expect(changed.stderr).toContain('BOARD_DRIFT');
  expect(changed.stderr).toContain('reasoner-40');
  const fewer = await check({ api: entries, page: entries.slice(0, -1) });
  expect(fewer.code, fewer.stderr).toBe(4);
  expect(fewer.board).toMatchObject({ status: 'drifted' });
});

test('a closed benchmark is said to want a token, and no page is visited', async () => {
  const { code, stderr, asked } = await check({ api: entries, page: entries, closed: true });
  expect(code).toBe(7);
  expect(stderr).toMatch(/AUTH_(DENIED|TOKEN)/);
  expect(asked).toHaveLength(1);
});
