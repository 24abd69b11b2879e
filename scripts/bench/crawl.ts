import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, zstdCompress } from 'node:zlib';
import { Agent, request } from 'undici';
import { openHubClient } from '../../src/api/client.ts';
import { nextLink } from '../../src/api/list.ts';
import { LIST_EXPANDS, modelListPath } from '../../src/api/models.ts';
import { crawlModels } from '../../src/crawlers/hub.ts';
import { createConfiguration } from '../../src/storage/storage-client.ts';
import { median, row } from './report.ts';

const START = modelListPath({
  sort: 'createdAt',
  direction: 1,
  expands: LIST_EXPANDS,
  pageSize: 1000,
});

async function startServer(pages: number, perPage: number) {
  const script = new URL('page-server.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, String(pages), String(perPage)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url, pageBytes } = JSON.parse(line.toString()) as { url: string; pageBytes: number };
  return { url, pageBytes, stop: () => child.stdin.end() };
}

/** Milliseconds of the real crawl of a list: fetch, check, commit, from the first request on. */
async function crawl(url: string): Promise<number> {
  const storageDir = await mkdtemp(path.join(tmpdir(), 'hfetl-bench-'));
  const client = openHubClient({ endpoint: url, userAgent: 'bench', retry: { attempts: 1 } });
  const signal = new AbortController().signal;
  const config = createConfiguration(storageDir);
  const nothing = (): void => undefined;
  const input = { run: 'bench', filter: undefined, author: undefined, light: false };
  const startedAt = performance.now();
  await crawlModels(
    { client, config, storageDir, onProgress: nothing },
    {
      ...input,
      pageSize: 1000,
      limit: Infinity,
      expands: LIST_EXPANDS,
      since: new Date().toISOString(),
    },
    { signal, kill: signal },
  );
  const tookMs = performance.now() - startedAt;
  await client.close();
  await rm(storageDir, { recursive: true });
  return tookMs;
}

/**
 * Milliseconds of a bare loop that puts the same bytes on disk: no check, no index. `syncs` waits for
 * the disk twice a page as a commit does, so that the rest of the difference is Crawlee's and ours.
 */
async function bareLoop(url: string, syncs: boolean): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hfetl-bench-'));
  const file = await open(path.join(folder, 'pages.jsonl.zst'), 'w');
  const dispatcher = new Agent();
  const startedAt = performance.now();
  let next: string | undefined = `${url}${START}`;
  while (next !== undefined) {
    const { headers, body } = await request(next, {
      dispatcher,
      headers: { 'accept-encoding': 'gzip' },
    });
    const text = (await promisify(gunzip)(Buffer.from(await body.arrayBuffer()))).toString();
    const capture = {
      source: 'models',
      url: next,
      headers,
      fetchedAt: '',
      next: '',
      count: 0,
      body: text,
    };
    await file.write(await promisify(zstdCompress)(`${JSON.stringify(capture)}\n`));
    if (syncs) {
      await file.datasync();
      await file.write('\n');
      await file.datasync();
    }
    const link = headers['link'];
    next = nextLink(Array.isArray(link) ? link[0] : link);
  }
  const tookMs = performance.now() - startedAt;
  await file.close();
  await dispatcher.destroy();
  await rm(folder, { recursive: true });
  return tookMs;
}

/** Crawl of 200 large pages against a bare loop; the overhead a page on small ones. */
export async function benchCrawl(runs = 3): Promise<void> {
  await compare({ perPage: 1000, syncs: false, runs });
  await compare({ perPage: 1, syncs: true, runs });
}

const PAGES = 200;

async function compare({
  perPage,
  syncs,
  runs,
}: {
  perPage: number;
  syncs: boolean;
  runs: number;
}) {
  const server = await startServer(PAGES, perPage);
  await crawl(server.url);
  const pairs: { ours: number; bare: number }[] = [];
  for (let n = 0; n < runs; n += 1) {
    pairs.push({ ours: await crawl(server.url), bare: await bareLoop(server.url, syncs) });
  }
  server.stop();
  const ours = median(pairs.map((it) => it.ours));
  const bare = median(pairs.map((it) => it.bare));
  const ratio = median(pairs.map((it) => it.ours / it.bare));
  const times = `${ours.toFixed(0)} ms against ${bare.toFixed(0)} ms`;
  const what = `crawl ${PAGES} pages of ${perPage} (${(server.pageBytes / 1e6).toFixed(2)} MB)`;
  if (perPage > 1) row(what, `${times}: ${ratio.toFixed(2)} ×`, 'budget 1.5 ×');
  else row(what, `${times}: ${((ours - bare) / PAGES).toFixed(2)} ms a page`, 'budget 3 ms a page');
}
