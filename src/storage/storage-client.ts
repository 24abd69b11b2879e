import { join } from 'node:path';
import { Configuration } from '@crawlee/http';
import { MemoryStorage } from '@crawlee/memory-storage';
import type * as crawlee from '@crawlee/types';
import './crawlee-proxy.ts';
import { createDatasetClient, datasetInfo } from './dataset-client.ts';
import { ensureDataset, listDatasets } from './dataset-folder.ts';
import { createMemoryQueues } from './memory-queue.ts';

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
  const memory = new MemoryStorage({
    localDataDirectory: join(storageDir, '.crawlee'), // nothing is written there
    persistStorage: false,
    writeMetadata: false,
  });
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
    keyValueStore: (id) => memory.keyValueStore(id),
    keyValueStores: () => memory.keyValueStores(),
    requestQueue,
    requestQueues: () => ({
      list: () => Promise.resolve(listOf([])),
      getOrCreate: async (name) => {
        const info = await requestQueue(name).get();
        if (info === undefined) throw new Error(`${name} was not made`);
        return info;
      },
    }),
  };
}

function listOf<Item>(items: Item[]): crawlee.PaginatedList<Item> {
  const { length } = items;
  return { total: length, count: length, offset: 0, limit: length, desc: false, items };
}

/** A configuration of its own, over a storage folder, for a crawler and for `Dataset.open`. */
export function createConfiguration(storageDir: string): Configuration {
  const storageClient = createStorageClient(storageDir);
  return new Configuration({ storageClient, purgeOnStart: false, persistStorage: false });
}
