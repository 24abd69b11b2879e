import { test as base } from '@playwright/test';
import type { RequestListener } from 'node:http';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startHub, type HubOptions, type HubReplica } from '../../demo/hub/index.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { buildDuckdb } from '../../src/export/duckdb.ts';
import { tinyRelease, type Warehouse } from '../unit/export/duckdb-place.ts';
import { runCli, type CliOptions, type CliResult } from './cli.ts';
import { shippedModels, writeJsonl } from './jsonl.ts';
import { listen } from './listen.ts';
import { runInProcess, type InProcess, type PipelineRun, type Settings } from './pipeline.ts';

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
  /** A Hub of the test's own, of few models. */
  fewHub: HubReplica;
  /** Starts a Hub at the address of the one that it started before, which ends. */
  nextHub: (options?: HubOptions) => Promise<HubReplica>;
  /** `run`, or another command, over the Hub of few models, with `folder` for a storage. */
  pipeline: (settings?: Settings, options?: InProcess) => Promise<PipelineRun>;
  /** Answers on loopback until the end of the test; its address, without a slash at its end. */
  serve: (answer: RequestListener) => Promise<string>;
  /** Serves a document, or at each path another one. */
  servePage: (body: string | ((path: string) => string)) => Promise<string>;
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
      await use(await writeJsonl(path.join(folder, 'models.jsonl'), await shippedModels(5)));
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
    await use(async (answer) => (await keep(listen(answer))).url);
  },
  servePage: async ({ serve }, use) => {
    await use((body) =>
      serve(({ url = '' }, response) => {
        const text = typeof body === 'string' ? body : body(url);
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(`<!doctype html>${text}`);
      }),
    );
  },
  hub: async ({ keep }, use) => {
    await use((options) => keep(startHub(options)));
  },
  fewHub: async ({ hub, few }, use) => {
    await use(await hub({ data: few }));
  },
  nextHub: async ({ keep }, use) => {
    let last: HubReplica | undefined;
    await keep({ close: () => last?.close() });
    await use(async (options) => {
      await last?.close();
      last = await startHub({ ...options, port: last?.port ?? 0 });
      return last;
    });
  },
  pipeline: async ({ folder, fewHub }, use) => {
    await use((settings, options) =>
      runInProcess({ storage: folder, endpoint: fewHub.url, ...settings }, options),
    );
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
