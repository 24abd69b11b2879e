import type * as crawlee from '@crawlee/types';
import { Configuration, EventManager } from '@crawlee/http';
import { totalmem } from 'node:os';
import './crawlee-proxy.ts';
import { createDatasetClient, datasetInfo } from './dataset-client.ts';
import { ensureDataset, listDatasets } from './dataset-folder.ts';
import { createMemoryQueues } from './memory-queue.ts';
import { createMemoryStores } from './memory-store.ts';

/**
 * A Crawlee storage client whose datasets are those of a storage folder; queues and key-value stores
 * live in memory. `pushData` resolves when the items are on the disk for good. One client a folder at a
 * time: hold it with `openStorage`.
 *
 * @see https://crawlee.dev/js/api/types/interface/StorageClient
 */
export function createStorageClient(storageDir: string): crawlee.StorageClient {
  const datasets = { storageDir, writers: new Map() };
  const infoOf = async (name: string): Promise<crawlee.Dataset> => {
    const info = await datasetInfo(storageDir, name);
    if (info === undefined) throw new Error(`dataset ${name} vanished while it was looked at`);
    return info;
  };
  const keyValueStore = createMemoryStores();
  const requestQueue = createMemoryQueues();
  return {
    dataset: (name) => createDatasetClient(datasets, name),
    datasets: () => ({
      list: async () => {
        const names = await listDatasets(storageDir);
        return listOf(await Promise.all(names.map(infoOf)));
      },
      getOrCreate: async (name = 'default') => {
        await ensureDataset(storageDir, name);
        return infoOf(name);
      },
    }),
    keyValueStore,
    keyValueStores: () => ({
      list: () => Promise.resolve(listOf([])),
      getOrCreate: (name = 'default') => exists(name, keyValueStore),
    }),
    requestQueue,
    requestQueues: () => ({
      list: () => Promise.resolve(listOf([])),
      getOrCreate: (name) => exists(name, requestQueue),
    }),
  };
}

function listOf<Item>(items: Item[]): crawlee.PaginatedList<Item> {
  const { length } = items;
  return { total: length, count: length, offset: 0, limit: length, desc: false, items };
}

/** A store or queue is made by asking for it. */
async function exists<Info>(
  name: string,
  open: (name: string) => { get: () => Promise<Info | undefined> },
): Promise<Info> {
  const info = await open(name).get();
  if (info === undefined) throw new Error(`${name} was not made`);
  return info;
}

/**
 * Crawlee's own starts `ps` each second, which not every machine has, to learn how many requests may go
 * at once: that is fixed for each of our crawlers.
 */
class Events extends EventManager {}

/** A configuration of its own, over a storage folder, for a crawler and for `Dataset.open`. */
export function createConfiguration(storageDir: string): Configuration {
  const configuration = new Configuration({
    storageClient: createStorageClient(storageDir),
    ...{ purgeOnStart: false, persistStorage: false },
    // It would ask `ps` for it.
    memoryMbytes: totalmem() / 2 ** 20,
  });
  configuration.useEventManager(new Events(configuration));
  return configuration;
}
