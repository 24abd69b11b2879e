import type { DatasetClientListOptions, PaginatedList } from '@crawlee/types';
import { readIndex } from './captures.ts';
import { datasetFolder } from './dataset-folder.ts';
import type { IndexLine } from './index-file.ts';
import { createSegmentReader } from './segments.ts';

type Page<Entry> = PaginatedList<Entry>;

/** A page ends after so much JSON text: Crawlee's `forEach` asks for 10,000 items at a time. */
const MAX_PAGE_CHARS = 64 * 1024 * 1024;
const MAX_PAGE_ITEMS = 10_000;

/** Number of committed records of a dataset. */
async function countRecords(storageDir: string, name: string): Promise<number> {
  let count = 0;
  for await (const line of readIndex(storageDir, name)) count = line.n + 1;
  return count;
}

/**
 * A page of a dataset's items. It may hold fewer than asked for, as memory is bounded; its `limit`
 * then says how many it holds, which is how Crawlee's `forEach` knows where to go on.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`
 */
export async function readItems<Data>(
  storageDir: string,
  name: string,
  options: DatasetClientListOptions,
): Promise<Page<Data>> {
  const { desc = false, offset = 0, limit = MAX_PAGE_ITEMS } = options;
  const total = await countRecords(storageDir, name);
  const size = Math.max(0, Math.min(limit, total - offset, MAX_PAGE_ITEMS));
  const first = desc ? total - offset - size : offset;
  const lines: IndexLine[] = [];
  for await (const line of readIndex(storageDir, name, { from: first })) {
    if (line.n >= first + size) break;
    lines.push(line);
  }
  if (desc) lines.reverse();

  const items = await readRecords<Data>(datasetFolder(storageDir, name), lines);
  const isCut = items.length < lines.length || size < Math.min(limit, total - offset);
  const shownLimit = isCut ? items.length : limit;
  return { total, count: items.length, offset, limit: shownLimit, desc, items };
}

/** `readItems` with each item's number in the dataset. */
export async function readEntries<Data>(
  storageDir: string,
  name: string,
  options: DatasetClientListOptions,
): Promise<Page<[number, Data]>> {
  const page = await readItems<Data>(storageDir, name, options);
  const number = (at: number): number => (page.desc === true ? page.total - 1 - at : at);
  const items = page.items.map((item, at): [number, Data] => [number(page.offset + at), item]);
  return { ...page, items };
}

async function readRecords<Data>(folder: string, lines: readonly IndexLine[]): Promise<Data[]> {
  const reader = createSegmentReader(folder);
  const items: Data[] = [];
  let chars = 0;
  try {
    for (const line of lines) {
      const json = await reader.read(line);
      chars += json.length;
      if (items.length > 0 && chars > MAX_PAGE_CHARS) break;
      // The caller knows what it stored.
      items.push(JSON.parse(json) as Data);
    }
  } finally {
    await reader.close();
  }
  return items;
}

/** What Crawlee's lists are: a promise of the first page, and an iterable over all of them. */
export function paginated<Entry>(
  options: DatasetClientListOptions,
  getPage: (options: DatasetClientListOptions) => Promise<Page<Entry>>,
): AsyncIterable<Entry> & Promise<Page<Entry>> {
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
