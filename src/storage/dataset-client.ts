import { isUtf8 } from 'node:buffer';
import { stat } from 'node:fs/promises';
import type {
  DatasetClient,
  DatasetClientListOptions,
  Dictionary,
  PaginatedList,
} from '@crawlee/types';
import { ITEM, itemCapture, type CaptureFacts } from './capture.ts';
import { bodyOf, countCaptures, openCaptures, readCaptures, type CapturesOut } from './captures.ts';
import { datasetFolder, dropDataset } from './dataset-folder.ts';
import { orMissing } from './files.ts';

/** The datasets of a storage that Crawlee writes to; each is opened once, with the first item. */
export interface OpenDatasets {
  readonly storageDir: string;
  readonly writers: Map<string, Promise<CapturesOut>>;
}

/** A page of items ends after so many bytes: Crawlee's `forEach` asks for 10,000 items at a time. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_PAGE_ITEMS = 10_000;

/**
 * Crawlee's interface to a dataset of captures. An item that was pushed is what was pushed; that of a
 * capture is its facts and `body`: text, or base64 with `encoding: 'base64'` where it is not UTF-8.
 *
 * @see https://crawlee.dev/js/api/types/interface/DatasetClient
 */
export function createDatasetClient<Data extends Dictionary>(
  datasets: OpenDatasets,
  name: string,
): DatasetClient<Data> {
  const { storageDir, writers } = datasets;
  const entries = (options: DatasetClientListOptions) => readPage<Data>(storageDir, name, options);
  const items = async (options: DatasetClientListOptions) => {
    const page = await entries(options);
    return { ...page, items: page.items.map(([, item]) => item) };
  };
  return {
    get: () => datasetInfo(storageDir, name),
    async delete() {
      await (await writers.get(name))?.close();
      writers.delete(name);
      await dropDataset(storageDir, name);
    },
    async pushItems(pushed) {
      const opened = writers.get(name) ?? openCaptures(storageDir, name);
      writers.set(name, opened);
      opened.catch(() => writers.delete(name)); // the next push tries again
      const now = new Date();
      await (await opened).writeAll(parse(pushed).map((item) => itemCapture(item, now)));
    },
    listItems: (options = {}) => paginated(options, items),
    listEntries: (options = {}) => paginated(options, entries),
    update: () => Promise.reject(new Error('a dataset of this storage cannot be renamed')),
    downloadItems: () =>
      Promise.reject(new Error('a dataset of this storage cannot be downloaded')),
  };
}

/** The facts that Crawlee asks of a dataset; undefined when it does not exist. Its id is its name. */
export async function datasetInfo(storageDir: string, name: string) {
  const folder = datasetFolder(storageDir, name);
  const stats = await orMissing(stat(folder));
  if (stats === undefined) return undefined;
  const { birthtime: createdAt, mtime: modifiedAt, atime: accessedAt } = stats;
  const itemCount = await countCaptures(storageDir, name);
  return { id: name, name, createdAt, modifiedAt, accessedAt, itemCount };
}

function parse(pushed: object | object[] | string | string[]): object[] {
  const value: unknown = typeof pushed === 'string' ? JSON.parse(pushed) : pushed;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    const parsed: unknown = typeof item === 'string' ? JSON.parse(item) : item;
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
    throw new Error('an item of a dataset must be an object');
  });
}

function itemOf(facts: CaptureFacts, body: Buffer): unknown {
  if (facts.source === ITEM) return JSON.parse(body.toString());
  if (isUtf8(body)) return { ...facts, body: body.toString() };
  return { ...facts, body: body.toString('base64'), encoding: 'base64' };
}

/**
 * A page of a dataset. It may hold fewer entries than asked for, as memory is bounded; its `limit` then
 * says how many it holds, which is how Crawlee's `forEach` knows where to go on.
 */
async function readPage<Data>(
  storageDir: string,
  name: string,
  options: DatasetClientListOptions,
): Promise<PaginatedList<[number, Data]>> {
  const { desc = false, offset = 0, limit = MAX_PAGE_ITEMS } = options;
  const total = await countCaptures(storageDir, name);
  const wanted = Math.max(0, Math.min(limit, total - offset));
  const size = Math.min(wanted, MAX_PAGE_ITEMS);
  const from = desc ? total - 1 - offset : offset;
  const items: [number, Data][] = [];
  let bytes = 0;
  if (size > 0) {
    for await (const stored of readCaptures(storageDir, name, { from, desc })) {
      const body = bodyOf(stored);
      bytes += body.length;
      if (items.length > 0 && bytes > MAX_PAGE_BYTES) break;
      // As with Crawlee's own storages, the caller says what it stored.
      items.push([stored.n, itemOf(stored.facts, body) as Data]);
      if (items.length === size) break;
    }
  }
  const { length } = items;
  return { total, count: length, offset, limit: length < wanted ? length : limit, desc, items };
}

/** What Crawlee's lists are: a promise of the first page, and an iterable over all of them. */
function paginated<Entry>(
  options: DatasetClientListOptions,
  getPage: (options: DatasetClientListOptions) => Promise<PaginatedList<Entry>>,
): AsyncIterable<Entry> & Promise<PaginatedList<Entry>> {
  const firstPage = getPage(options);

  async function* iterate(): AsyncGenerator<Entry, void> {
    let page = await firstPage;
    yield* page.items;
    const end = Math.min(page.total, page.offset + (options.limit ?? Infinity));
    for (let offset = page.offset + page.count; offset < end; offset += page.count) {
      page = await getPage({ ...options, offset, limit: end - offset });
      if (page.count === 0) return;
      yield* page.items;
    }
  }
  return Object.assign(firstPage, { [Symbol.asyncIterator]: iterate });
}
