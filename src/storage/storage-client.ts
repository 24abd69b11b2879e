import { join } from 'node:path';
import { MemoryStorage } from '@crawlee/memory-storage';
import type * as crawlee from '@crawlee/types';
import { Configuration } from 'crawlee';
import { ensureDataset, listDatasets } from './dataset-folder.ts';
import {
  createDatasetClient,
  createOpenDatasets,
  datasetInfo,
  type OpenDatasets,
} from './dataset-client.ts';
import type { DatasetWriterOptions } from './dataset-writer.ts';
import type { Recovery } from './recover.ts';

export { writeCapture } from './write-capture.ts';

export interface StorageClientOptions extends DatasetWriterOptions {
  /** Called when a dataset, opened for writing, held something that was never committed. */
  onRecovery?: (dataset: string, recovery: Recovery) => void;
}

/** Crawlee's in-memory storage with datasets that are segments on the disk. */
class SegmentStorage extends MemoryStorage {
  readonly #datasets: OpenDatasets;

  constructor(storageDir: string, { onRecovery, ...options }: StorageClientOptions) {
    // Where Crawlee would look for queues and stores of an earlier process, and what it would purge
    // when CRAWLEE_PURGE_ON_START overrides the configuration: a folder that never exists.
    const localDataDirectory = join(storageDir, '.crawlee');
    super({ localDataDirectory, persistStorage: false, writeMetadata: false });
    this.#datasets = createOpenDatasets(storageDir, options, ({ name, recovery }) => {
      if (recovery.cutBytes > 0) onRecovery?.(name, recovery);
    });
  }

  override dataset<Data extends crawlee.Dictionary = crawlee.Dictionary>(
    name: string,
  ): crawlee.DatasetClient<Data> {
    return createDatasetClient<Data>(this.#datasets, name);
  }

  override datasets(): crawlee.DatasetCollectionClient {
    const datasets = this.#datasets;
    return {
      async list() {
        const names = await listDatasets(datasets.storageDir);
        const infos = await Promise.all(names.map((name) => datasetInfo(datasets, name)));
        const items = infos.filter((info) => info !== undefined);
        const { length } = items;
        return { total: length, count: length, offset: 0, limit: length, desc: false, items };
      },
      async getOrCreate(name = 'default') {
        await ensureDataset(datasets.storageDir, name);
        const info = await datasetInfo(datasets, name);
        if (info === undefined) throw new Error(`dataset ${name} vanished while it was made`);
        return info;
      },
    };
  }
}

/**
 * A Crawlee storage client whose datasets are append-only segments in `storageDir`; request queues and
 * key-value stores live in memory. Crawlee's own `Dataset` works over it unchanged. `pushData`
 * resolves when the items are on the disk for good; nothing needs to be flushed or closed.
 *
 * One client a storage folder at a time: hold the folder with `openStorage`. Pushing throws what
 * `DatasetWriter.append` throws.
 *
 * @see https://crawlee.dev/js/api/types/interface/StorageClient
 */
export function createStorageClient(
  storageDir: string,
  options: StorageClientOptions = {},
): crawlee.StorageClient {
  return new SegmentStorage(storageDir, options);
}

/** A configuration of its own over `createStorageClient`: for a crawler, and for `Dataset.open`. */
export function createConfiguration(
  storageDir: string,
  options: StorageClientOptions = {},
): Configuration {
  const storageClient = createStorageClient(storageDir, options);
  return new Configuration({ storageClient, purgeOnStart: false, persistStorage: false });
}
