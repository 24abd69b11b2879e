import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startHub } from '../../demo/hub/index.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { row } from './report.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** What a page of the Hub takes. */
const PAGE_MS = 1000;
/** Seconds that the quota leaves for each request: 500 in 300 s without a token. */
const QUOTA_SECS = 300 / 500;

export interface CrawlBench {
  /** JSONL of models, gzipped or not. @default the shipped ones */
  models?: string | undefined;
  pageSize?: number;
}

/** The whole crawl of models, from its first request to its last answer, by a process of its own. */
export async function benchCrawl({ models, pageSize }: CrawlBench = {}): Promise<void> {
  const size = pageSize ?? (models === undefined ? 20 : 1000);
  const hub = await startHub({
    latencyMs: PAGE_MS,
    ...(models === undefined ? {} : { data: models }),
  });
  const { folder, remove } = await temporaryFolder();
  const where = ['--storage', folder, '--endpoint', hub.url, '--page-size', String(size)];
  const child = spawn(process.execPath, [
    MAIN,
    'crawl',
    'models',
    ...where,
    '--log-level',
    'silent',
  ]);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`crawl ended with ${String(code)}`);
  const [first, last] = [hub.requests[0]?.at ?? 0, hub.requests.at(-1)?.at ?? 0];
  await hub.close();
  await remove();
  const seconds = (last - first + PAGE_MS) / 1000;
  const floor = hub.requests.length * QUOTA_SECS;
  row(
    `crawl of ${hub.models} models, a page in ${PAGE_MS} ms`,
    `${seconds.toFixed(1)} s, ${hub.requests.length} requests: ${(seconds / floor).toFixed(2)} × the quota's floor`,
    'budget 1.15 ×, a second crawl',
  );
}
