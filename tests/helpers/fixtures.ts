import { test as base } from '@playwright/test';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { startHub, type HubOptions, type HubReplica } from '../../demo/hub/index.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { buildDuckdb } from '../../src/export/duckdb.ts';
import { tinyRelease } from '../unit/export/duckdb-place.ts';
import { runCli, type CliOptions, type CliResult } from './cli.ts';

export { expect } from '@playwright/test';

/** What is open until somebody closes it. */
export interface Closable {
  close: () => unknown;
}

export interface Fixtures {
  /** Closes what it is given at the end of the test, however that ends; the last first. */
  keep: <T extends Closable>(opened: T | Promise<T>) => Promise<T>;
  /** A folder of the test's own. */
  folder: string;
  /** Starts a Hub of the test's own. */
  hub: (options?: HubOptions) => Promise<HubReplica>;
  /** Answers on loopback until the end of the test; its address, without a slash at its end. */
  serve: (answer: RequestListener) => Promise<string>;
  /** The command line in this process, with `folder` for a storage. */
  cli: (args: readonly string[], options?: CliOptions) => Promise<CliResult>;
  /** `folder` as a storage with the DuckDB file of a release of two models. */
  loaded: string;
}

export interface WorkerFixtures {
  /** A file of each fifth of the shipped models, 112 in all, for a Hub that is crawled often. */
  few: string;
  /** What the file of `loaded` is a copy of. */
  template: string;
}

/** A new folder, and its removal, though a killed process may still be writing to it. */
export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hfetl-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  return { folder, remove };
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  // `browser` and `page` are Playwright's own, with the browser that a crawl would take: one a worker.
  launchOptions: [
    async ({}, use) => {
      const { executablePath } = await findBrowser({ env: process.env });
      const sandbox = chromiumSandbox({ env: process.env }).on;
      await use({ executablePath, chromiumSandbox: sandbox });
    },
    { scope: 'worker' },
  ],
  few: [
    async ({}, use) => {
      const { folder, remove } = await temporaryFolder();
      const shipped = gunzipSync(
        await readFile(new URL('../../demo/data/models.jsonl.gz', import.meta.url)),
      );
      const lines = shipped.toString().trimEnd().split('\n');
      const file = path.join(folder, 'models.jsonl');
      await writeFile(file, lines.filter((_, at) => at % 5 === 0).join('\n'));
      await use(file);
      await remove();
    },
    { scope: 'worker' },
  ],
  template: [
    async ({}, use) => {
      const { folder, remove } = await temporaryFolder();
      const file = path.join(folder, 'hub.duckdb');
      await buildDuckdb({ ...(await tinyRelease(folder, 2)), path: file });
      await use(file);
      await remove();
    },
    { scope: 'worker' },
  ],
  folder: async ({}, use) => {
    const { folder, remove } = await temporaryFolder();
    await use(folder);
    await remove();
  },
  keep: async ({}, use) => {
    const opened: Closable[] = [];
    await use(async (it) => {
      const closable = await it;
      opened.push(closable);
      return closable;
    });
    for (const it of opened.reverse()) await it.close();
  },
  serve: async ({ keep }, use) => {
    await use(async (answer) => {
      const server = createServer(answer);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const close = (): void => {
        server.close();
        server.closeAllConnections();
      };
      await keep({ close });
      const { port } = server.address() as AddressInfo; // it listens on a port
      return `http://127.0.0.1:${port}`;
    });
  },
  hub: async ({ keep }, use) => {
    await use((options) => keep(startHub(options)));
  },
  cli: async ({ folder }, use) => {
    await use((args, options) => runCli(['--storage', folder, ...args], options));
  },
  loaded: async ({ folder, template }, use) => {
    await cp(template, path.join(folder, 'warehouse', 'hub.duckdb'));
    await use(folder);
  },
});
