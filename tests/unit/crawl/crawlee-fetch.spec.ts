import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openHubClient } from '../../../src/api/client.ts';
import { openCrawleeFetch } from '../../../src/crawlers/crawlee-fetch.ts';
import { createConfiguration } from '../../../src/storage/storage-client.ts';
import { expect, test } from '../../helpers/fixtures.ts';

/** Megabytes that are still needed. */
function usedMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

test('many lists of one crawl, each with a queue of its own, keep little', async ({
  folder,
  keep,
}) => {
  const client = await keep(openHubClient({ endpoint: 'http://127.0.0.1:9', userAgent: 'test' }));
  const configuration = createConfiguration(folder);
  const open = (n: number) => openCrawleeFetch(client, `list-${n}`, configuration);
  await (await open(0)).close();
  const before = usedMb();
  for (let n = 1; n <= 12; n += 1) await (await open(n)).close();
  // Crawlee's own caches would be 16 MB each.
  expect(usedMb() - before).toBeLessThan(40);
});
