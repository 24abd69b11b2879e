import { stat } from 'node:fs/promises';
import type * as crawlee from '@crawlee/types';
import { datasetExists, datasetFolder, dropDataset } from './dataset-folder.ts';
import { openDataset, type DatasetWriter, type DatasetWriterOptions } from './dataset-writer.ts';
import { paginated, readEntries, readItems } from './dataset-pages.ts';
import { indexPath } from './index-file.ts';

/** The datasets of one storage; a dataset has one writer, however many clients Crawlee makes for it. */
export interface OpenDatasets {
  readonly storageDir: string;
  /** Opens the dataset for writing, once. @throws what `openDataset` throws */
  writer(name: string): Promise<DatasetWriter>;
  drop(name: string): Promise<void>;
}

type Item = crawlee.Dictionary;

/** Makes the shared writers of a storage. `onOpen` is called for each dataset opened for writing. */
export function createOpenDatasets(
  storageDir: string,
  options: DatasetWriterOptions,
  onOpen: (writer: DatasetWriter) => void,
): OpenDatasets {
  const writers = new Map<string, Promise<DatasetWriter>>();
  return {
    storageDir,
    writer(name) {
      const known = writers.get(name);
      if (known !== undefined) return known;
      const opening = openDataset(storageDir, name, options).then((writer) => {
        onOpen(writer);
        return writer;
      });
      writers.set(name, opening);
      opening.catch(() => writers.delete(name)); // the next push tries again
      return opening;
    },
    async drop(name) {
      // Writes that are under way end first.
      await (await writers.get(name))?.append([]);
      writers.delete(name);
      await dropDataset(storageDir, name);
    },
  };
}

/**
 * The facts Crawlee asks of a dataset; undefined when it does not exist. Its id is its name. Opens it
 * for writing, so that a damaged one is found before a crawl has fetched anything.
 */
export async function datasetInfo(
  datasets: OpenDatasets,
  name: string,
): Promise<crawlee.Dataset | undefined> {
  const { storageDir } = datasets;
  if (!(await datasetExists(storageDir, name))) return undefined;
  const { birthtime, mtime, atime } = await stat(indexPath(datasetFolder(storageDir, name)));
  const itemCount = (await datasets.writer(name)).count;
  return { id: name, name, createdAt: birthtime, modifiedAt: mtime, accessedAt: atime, itemCount };
}

/** Crawlee's dataset interface over a folder of segments. An item is a record. */
export function createDatasetClient<Data extends Item>(
  datasets: OpenDatasets,
  name: string,
): crawlee.DatasetClient<Data> {
  return {
    get: () => datasetInfo(datasets, name),
    delete: () => datasets.drop(name),
    async pushItems(items) {
      const writer = await datasets.writer(name);
      await writer.append(serialise(items));
    },
    // As with Crawlee's own storages, the caller says what it stored: hence Data.
    listItems: (options = {}) =>
      paginated(options, (page) => readItems<Data>(datasets.storageDir, name, page)),
    listEntries: (options = {}) =>
      paginated(options, (page) => readEntries<Data>(datasets.storageDir, name, page)),
    update: () => Promise.reject(new Error('a dataset of this storage cannot be renamed')),
    downloadItems: () =>
      Promise.reject(new Error('a dataset of this storage cannot be downloaded')),
  };
}

/**
 * One JSON text an item. Crawlee sends a single item as its text, which is stored as it is; several
 * come as the text of one array.
 */
function serialise(items: Item | Item[] | string | string[]): string[] {
  if (typeof items === 'string' && items.startsWith('{') && !items.includes('\n')) return [items];
  const value: unknown = typeof items === 'string' ? JSON.parse(items) : items;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    const parsed: unknown = typeof item === 'string' ? JSON.parse(item) : item;
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return JSON.stringify(parsed);
    }
    throw new Error('an item of a dataset must be an object');
  });
}
