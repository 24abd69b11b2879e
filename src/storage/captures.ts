import type { Capture } from './capture.ts';
import { parseCapture } from './capture-line.ts';
import { datasetFolder } from './dataset-folder.ts';
import { corrupt, indexPath, isOpenGroup, scanCommitted, type IndexLine } from './index-file.ts';
import { createSegmentReader, unpackFrame } from './segments.ts';

export { listDatasets } from './dataset-folder.ts';

/** A capture and the number of its first line in the index, for a `CapturePointer`. */
export interface NumberedCapture {
  capture: Capture;
  n: number;
}

/** A capture as it lies in storage: its frames, each checked against its hash, one a part. */
export interface PackedCapture {
  frames: Buffer<ArrayBuffer>[];
  n: number;
  /** Of its last part, which states the facts of the whole. */
  line: IndexLine;
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
export const readCaptures = (
  storageDir: string,
  name: string,
  options: ReadOptions = {},
): AsyncGenerator<NumberedCapture, void> => oneAhead(loadCaptures(storageDir, name, options));

/**
 * The same captures as they lie in storage, for a reader that unpacks them elsewhere.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`
 */
export const readPackedCaptures = (
  storageDir: string,
  name: string,
): AsyncGenerator<PackedCapture, void> => oneAhead(loadPacked(storageDir, name, {}));

/** What is thrown for a record that is none, though its hash fits. */
export const noCapture = (
  storageDir: string,
  name: string,
  { offset, url, n }: Pick<IndexLine, 'offset' | 'url' | 'n'>,
): Error =>
  corrupt(`record ${String(n)} is no capture`, {
    file: indexPath(datasetFolder(storageDir, name)),
    offset,
    url,
  });

async function* oneAhead<Item>(loading: AsyncGenerator<Item, void>): AsyncGenerator<Item, void> {
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
  for await (const { frames, n, line } of loadPacked(storageDir, name, options)) {
    const bodies: string[] = [];
    let last: Capture | undefined;
    for (const frame of frames) {
      last = parseCapture(await unpackFrame(frame));
      if (last === undefined) throw noCapture(storageDir, name, line);
      bodies.push(last.body);
    }
    if (last !== undefined) yield { capture: { ...last, body: bodies.join('') }, n };
  }
}

async function* loadPacked(
  storageDir: string,
  name: string,
  options: ReadOptions,
): AsyncGenerator<PackedCapture, void> {
  const reader = createSegmentReader(datasetFolder(storageDir, name));
  let frames: Buffer<ArrayBuffer>[] = [];
  try {
    for await (const line of readIndex(storageDir, name, options)) {
      // A `from` within a capture in parts begins with the capture after it.
      if (frames.length === 0 && (line.part ?? 1) > 1) continue;
      frames.push(await reader.readFrame(line));
      if (isOpenGroup(line)) continue;
      const packed = { frames, n: line.n + 1 - frames.length, line };
      frames = [];
      yield packed;
    }
  } finally {
    await reader.close();
  }
}
