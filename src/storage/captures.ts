import type { Capture } from '../capture.ts';
import { datasetFolder } from './dataset-folder.ts';
import { corrupt, indexPath, isOpenGroup, scanCommitted, type IndexLine } from './index-file.ts';
import { createSegmentReader } from './segments.ts';

export { listDatasets } from './dataset-folder.ts';

/** A capture and the number of its first line in the index, for a `CapturePointer`. */
export interface NumberedCapture {
  capture: Capture;
  n: number;
}

export interface ReadOptions {
  /** Number of the first index line to read. @default 0 */
  from?: number;
}

/**
 * Yields the committed index lines of a dataset in order; none when the dataset does not exist. A
 * capture in parts has a line for each part. Nothing is cut or changed, so this may run beside a
 * crawl that writes.
 *
 * @throws {EtlError} `STORAGE_CORRUPT` with file and offset
 */
export async function* readIndex(
  storageDir: string,
  name: string,
  { from = 0 }: ReadOptions = {},
): AsyncGenerator<IndexLine, void> {
  for await (const { line } of scanCommitted(datasetFolder(storageDir, name))) {
    if (line.n >= from) yield line;
  }
}

/**
 * The index line of the last committed capture (of its last part), or undefined for an empty or
 * missing dataset. A crawl resumes at its `next`.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`
 */
export async function lastCommit(storageDir: string, name: string): Promise<IndexLine | undefined> {
  let last: IndexLine | undefined;
  for await (const line of readIndex(storageDir, name)) last = line;
  return last;
}

/**
 * Yields the captures of a dataset in order, parts joined, each frame checked against its hash; none
 * when the dataset does not exist. Holds the capture it yielded and the one after it, no more.
 *
 * @throws {EtlError} `STORAGE_CORRUPT` with file, offset and url; the captures before it were yielded
 */
export async function* readCaptures(
  storageDir: string,
  name: string,
  options: ReadOptions = {},
): AsyncGenerator<NumberedCapture, void> {
  const loading = loadCaptures(storageDir, name, options);
  let ahead = loading.next();
  try {
    for (;;) {
      const result = await ahead;
      if (result.done === true) return;
      ahead = loading.next();
      ahead.catch(() => undefined); // thrown when its turn comes; a reader that stops never sees it
      yield result.value;
    }
  } finally {
    await loading.return();
  }
}

async function* loadCaptures(
  storageDir: string,
  name: string,
  options: ReadOptions,
): AsyncGenerator<NumberedCapture, void> {
  const folder = datasetFolder(storageDir, name);
  const reader = createSegmentReader(folder);
  let bodies: string[] = [];
  try {
    for await (const line of readIndex(storageDir, name, options)) {
      // A `from` within a capture in parts begins with the capture after it.
      if (bodies.length === 0 && (line.part ?? 1) > 1) continue;
      const item = parseCapture(await reader.read(line));
      if (item === undefined) {
        const { offset, url } = line;
        throw corrupt(`record ${String(line.n)} is no capture`, { file: indexPath(folder), offset, url });
      }
      bodies.push(item.body);
      if (isOpenGroup(line)) continue;
      const capture = { ...item, body: bodies.join('') };
      const n = line.n + 1 - bodies.length;
      bodies = [];
      yield { capture, n };
    }
  } finally {
    await reader.close();
  }
}

function parseCapture(json: string): Capture | undefined {
  // Written by us and checked by hash; what is not a capture at all is caught below.
  const item = JSON.parse(json) as Partial<Capture>;
  const { source, url, status, headers, fetchedAt, next = null, count, body } = item;
  if (source === undefined || url === undefined || status === undefined) return undefined;
  if (headers === undefined || fetchedAt === undefined) return undefined;
  if (count === undefined || body === undefined) return undefined;
  return { source, url, status, headers, fetchedAt, next, count, body };
}
