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
import { tinyRelease, type Warehouse } from '../unit/export/duckdb-place.ts';
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
  /** `folder` as a storage with a warehouse of these releases, loaded one after the other. */
  released: (...numbers: number[]) => Promise<Warehouse>;
  /** The same with one of two models. */
  loaded: string;
}

export interface WorkerFixtures {
  /** A file of each fifth of the shipped models, 112 in all, for a Hub that is crawled often. */
  few: string;
  /**
   * The folder of a warehouse with the releases of these numbers, loaded one after the other with two
   * backups. Each is built once a worker: it is there to be copied.
   */
  warehouses: (...numbers: number[]) => Promise<string>;
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
  warehouses: [
    async ({}, use) => {
      const { folder, remove } = await temporaryFolder();
      const made = new Map<string, Promise<string>>();
      const warehouse = (...numbers: number[]): Promise<string> => {
        const name = numbers.join('-');
        const own = made.get(name) ?? make(name, numbers);
        made.set(name, own);
        return own;
      };
      const make = async (name: string, numbers: number[]): Promise<string> => {
        const place = path.join(folder, `after-${name}`);
        const [last = 0] = numbers.slice(-1);
        const before = numbers.slice(0, -1);
        if (before.length > 0)
          await cp(await warehouse(...before), place, {
            recursive: true,
            preserveTimestamps: true,
          });
        const release = await tinyRelease(folder, last);
        await buildDuckdb({ ...release, path: path.join(place, 'hub.duckdb'), keepBackups: 2 });
        return place;
      };
      await use(warehouse);
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
  released: async ({ folder, warehouses }, use) => {
    await use(async (...numbers) => {
      const place = path.join(folder, 'warehouse');
      await cp(await warehouses(...numbers), place, { recursive: true, preserveTimestamps: true });
      return { folder, path: path.join(place, 'hub.duckdb') };
    });
  },
  loaded: async ({ released }, use) => {
    await use((await released(2)).folder);
  },
});
