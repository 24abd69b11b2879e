import { join } from 'node:path';
import { MemoryStorage } from '@crawlee/memory-storage';
import type * as crawlee from '@crawlee/types';
import { Configuration } from 'crawlee';
import { ensureDataset, listDatasets } from './dataset-folder.ts';
import { createDatasetClient, datasetInfo, type OpenDatasets } from './dataset-client.ts';

class CaptureStorage extends MemoryStorage {
  readonly #datasets: OpenDatasets;
  constructor(storageDir: string) {
    const localDataDirectory = join(storageDir, '.crawlee');
    super({ localDataDirectory, persistStorage: false, writeMetadata: false });
    this.#datasets = { storageDir, writers: new Map() };
  }
  override dataset<Data extends crawlee.Dictionary = crawlee.Dictionary>(
    name: string,
  ): crawlee.DatasetClient<Data> {
    return createDatasetClient<Data>(this.#datasets, name);
  }

  override datasets(): crawlee.DatasetCollectionClient {
    const { storageDir } = this.#datasets;
    return {
      async list() {
        const names = await listDatasets(storageDir);
        const infos = await Promise.all(names.map((name) => datasetInfo(storageDir, name)));
        const items = infos.filter((info) => info !== undefined);
        const { length } = items;
        return { total: length, count: length, offset: 0, limit: length, desc: false, items };
      },
      async getOrCreate(name = 'default') {
        await ensureDataset(storageDir, name);
        const info = await datasetInfo(storageDir, name);
        if (info === undefined) throw new Error(`dataset ${name} vanished while it was made`);
        return info;
      },
    };
  }
}

/** A configuration of its own, over a storage folder, for a crawler and for `Dataset.open`. */
export function createConfiguration(storageDir: string): Configuration {
  const storageClient = new CaptureStorage(storageDir);
  return new Configuration({ storageClient, purgeOnStart: false, persistStorage: false });
}
