import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startHub } from '../../demo/hub/index.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { row } from './report.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** What a page of the Hub takes. */
const PAGE_MS = 1000;
/** A quota as tight as that of 500 in 300 s without a token. */
const QUOTA = { limit: 50, windowMs: 30_000 };

/**
 * A second crawl of models, in parts, from its first request to its last answer, by a process of its own;
 * the first one was serial, and is not timed.
 *
 * @param models a file, one a line. @default the shipped ones
 */
export async function benchCrawl(models?: string): Promise<void> {
  const size = models === undefined ? 5 : 100;
  const { folder, remove } = await temporaryFolder();
  const data = models === undefined ? {} : { data: models };
  const before = await startHub(data);
  const { port, url } = before;
  await crawl(folder, url, size);
  await before.close();
  const hub = await startHub({ ...data, port, latencyMs: PAGE_MS, quota: QUOTA });
  await crawl(folder, url, size);
  const [first, last] = [hub.requests[0]?.at ?? 0, hub.requests.at(-1)?.at ?? 0];
  const { length } = hub.requests;
  await hub.close();
  await remove();
  const seconds = (last - first + PAGE_MS) / 1000;
  const floor = (Math.floor((length - 1) / QUOTA.limit) * QUOTA.windowMs + PAGE_MS) / 1000;
  row(
    `second crawl of ${hub.models} models, a page in ${PAGE_MS} ms`,
    `${seconds.toFixed(1)} s, ${length} requests (${hub.counters.byStatus[429] ?? 0} over the quota): ${(seconds / floor).toFixed(2)} × the quota's floor of ${floor} s`,
    'budget 1.15 ×',
  );
}

async function crawl(folder: string, endpoint: string, pageSize: number): Promise<void> {
  const where = ['--storage', folder, '--endpoint', endpoint, '--page-size', String(pageSize)];
  const args = [MAIN, 'crawl', 'models', ...where, '--log-level', 'silent'];
  const child = spawn(process.execPath, args);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`crawl ended with ${String(code)}`);
}
