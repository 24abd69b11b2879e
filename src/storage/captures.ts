import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { fromSystemError } from '../errors.ts';
import { createTurns } from './at-once.ts';
import type { Capture } from './capture.ts';
import {
  corrupt,
  openCaptureFile,
  readFacts,
  readRows,
  type CaptureFile,
  type RowFacts,
  type StoredCapture,
} from './capture-file.ts';
import { captureFile, captureFiles, ensureDataset } from './dataset-folder.ts';
import { syncFile } from './files.ts';

export { listDatasets } from './dataset-folder.ts';
export type { StoredCapture } from './capture-file.ts';

const compress = promisify(zstdCompress);
/** Until a file is closed, a state in a bucket needs copies of it. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const LARGEST_CHUNK_BYTES = 16 * 1024 * 1024;

/**
 * Yields the captures of a dataset in order, each checked against its hash; none when the dataset does
 * not exist. Nothing is changed, so this may run beside a crawl that writes. With `desc` it begins at
 * `from` (the last one by default) and goes down.
 *
 * @throws {EtlError} `STORAGE_CORRUPT` with file and url; the captures before it were yielded
 */
export async function* readCaptures(
  storageDir: string,
  dataset: string,
  { from, desc = false }: { from?: number; desc?: boolean } = {},
): AsyncGenerator<StoredCapture, void> {
  const files = await captureFiles(storageDir, dataset);
  let expected = from ?? (desc ? undefined : 0);
  for (const file of desc ? files.toReversed() : files) {
    for (const stored of readRows(file, { from: expected ?? Infinity, desc })) {
      if (stored.n !== (expected ?? stored.n))
        throw corrupt(`capture ${String(expected)} is missing`, { file });
      expected = stored.n + (desc ? -1 : 1);
      yield stored;
    }
  }
}

/** How many captures a dataset holds; 0 when it does not exist. */
export async function countCaptures(storageDir: string, dataset: string): Promise<number> {
  for await (const { n } of readCaptures(storageDir, dataset, { desc: true })) return n + 1;
  return 0;
}

/** What the captures of a dataset say of themselves, in order, unchecked: their bodies are not read. */
export async function captureFacts(storageDir: string, dataset: string): Promise<RowFacts[]> {
  return (await captureFiles(storageDir, dataset)).flatMap(readFacts);
}

/** The elements of the pages of lists, dataset by dataset. @throws {EtlError} `STORAGE_CORRUPT` */
export async function* readRecords(
  storageDir: string,
  datasets: readonly string[],
): AsyncGenerator<unknown, void> {
  for (const dataset of datasets)
    for await (const stored of readCaptures(storageDir, dataset))
      yield* JSON.parse(bodyOf(stored).toString()) as unknown[]; // a page of a list
}

/** The body of a capture, unpacked. */
export const bodyOf = ({ packed }: Pick<StoredCapture, 'packed'>): Buffer =>
  // Room for most bodies at once: each further chunk is another copy.
  zstdDecompressSync(packed, { chunkSize: chunkBytes(packed.length * 8) });

const chunkBytes = (expected: number): number =>
  Math.min(Math.max(expected, Buffer.poolSize), LARGEST_CHUNK_BYTES);

/** How far a dataset is written. */
export interface Committed {
  pages: number;
  records: number;
  /** Path and query of the page after the last one; null at the end of the list; undefined: no page yet. */
  next: string | null | undefined;
  /** Cursors of the committed pages; the first page has none. */
  cursors: string[];
}

/** A dataset that is appended to. Calls are queued. */
export interface CapturesOut {
  /**
   * Resolves when the capture is on the disk for good. After a failure nothing of it is left, all that
   * was committed stays, and the next call may succeed.
   *
   * @throws {EtlError} `STORAGE_FULL`, `STORAGE_DENIED`, `STORAGE_CORRUPT`
   */
  write: (capture: Capture) => Promise<void>;
  /** The same for several: all of them or none. */
  writeAll: (captures: readonly Capture[]) => Promise<void>;
  /** What was committed when it was opened. */
  readonly committed: Committed;
  /** Closes its file for good: what is written after it goes to a new one. */
  close: () => Promise<void>;
}

export interface OpenCapturesOptions {
  /** A file is closed for good before a capture that would make it larger. @default 64 MB */
  maxFileBytes?: number;
}

/**
 * Opens a dataset for writing; makes it when it does not exist. One at a time, which the lock of the
 * storage sees to.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`, `STORAGE_FULL`, `STORAGE_DENIED`, `STORAGE_LOCKED`
 */
export async function openCaptures(
  storageDir: string,
  dataset: string,
  { maxFileBytes = MAX_FILE_BYTES }: OpenCapturesOptions = {},
): Promise<CapturesOut> {
  const writer = await openWriter(storageDir, dataset).catch((error: unknown) => {
    throw fromSystemError(error, `opening dataset ${dataset}`);
  });
  const inTurn = createTurns();
  const writeAll = (captures: readonly Capture[]): Promise<void> => {
    // Packing starts at once, beside the writing of the call before.
    const packing = packAll(captures);
    packing.catch(() => undefined); // reported below, once its turn has come
    return inTurn(async () => append(writer, await packing, maxFileBytes));
  };
  return {
    write: (capture) => writeAll([capture]),
    writeAll,
    committed: writer.committed,
    close: () => inTurn(() => closeFile(writer)),
  };
}

interface Writer {
  folder: string;
  committed: Committed;
  /** Number of the next capture. */
  n: number;
  /** How many files there are; the last one is written to while it is open. */
  files: number;
  file: CaptureFile | undefined;
  /** Bytes of the bodies in it. */
  fileBytes: number;
}

async function openWriter(storageDir: string, dataset: string): Promise<Writer> {
  const folder = await ensureDataset(storageDir, dataset);
  const files = await captureFiles(storageDir, dataset);
  const writer: Writer = {
    folder,
    committed: { pages: 0, records: 0, next: undefined, cursors: [] },
    n: 0,
    files: files.length,
    file: undefined,
    fileBytes: 0,
  };
  try {
    // A killed writer left the last one open, one whose disk was full perhaps one before it.
    for (const number of files.keys()) await openFile(writer, number + 1);
    for (const path of files) readCommitted(writer, path);
    // The crawl goes on at what the last one says, so that must be as it was written.
    await countCaptures(storageDir, dataset);
  } catch (error) {
    writer.file?.close();
    throw error;
  }
  return writer;
}

/** Opens the file of a number, whose captures are added to unless it was closed for good. */
async function openFile(writer: Writer, number: number): Promise<void> {
  const file = openCaptureFile(captureFile(writer.folder, number));
  const isLast = number >= writer.files;
  writer.files = Math.max(number, writer.files);
  if (file.isSealed) file.close();
  else if (isLast) writer.file = file;
  else file.seal();
  if (isLast) writer.fileBytes = 0;
  await syncFile(writer.folder);
}

function closeFile(writer: Writer): void {
  const { file } = writer;
  writer.file = undefined;
  file?.seal();
}

function readCommitted(writer: Writer, path: string): void {
  const { committed } = writer;
  writer.fileBytes = 0;
  for (const { n, url, next, count, bytes } of readFacts(path)) {
    if (n !== writer.n) throw corrupt(`capture ${String(writer.n)} is missing`, { file: path });
    writer.n += 1;
    writer.fileBytes += bytes;
    committed.pages += 1;
    committed.records += count;
    committed.next = next;
    committed.cursors.push(new URL(url, 'http://hub.invalid').searchParams.get('cursor') ?? '');
  }
}

type Packed = Omit<StoredCapture, 'n'>;

/** One after the other, as each compression at work holds more than a megabyte. */
async function packAll(captures: readonly Capture[]): Promise<Packed[]> {
  const packed: Packed[] = [];
  for (const { body, ...facts } of captures) packed.push({ facts, packed: await pack(body) });
  return packed;
}

const pack = (body: Buffer): Promise<Buffer> =>
  compress(body, {
    params: { [constants.ZSTD_c_checksumFlag]: 1 },
    // A frame that states its size is unpacked with half of the memory.
    pledgedSrcSize: body.length,
    chunkSize: chunkBytes(body.length / 4),
  });

async function append(
  writer: Writer,
  packed: readonly Packed[],
  maxFileBytes: number,
): Promise<void> {
  const bytes = packed.reduce((sum, it) => sum + it.packed.length, 0);
  if (writer.fileBytes > 0 && writer.fileBytes + bytes > maxFileBytes) closeFile(writer);
  let { file } = writer;
  // A kill can leave an empty one that is closed.
  while (file === undefined) {
    await openFile(writer, writer.files + 1);
    ({ file } = writer);
  }
  file.append(packed.map((it, at) => ({ ...it, n: writer.n + at })));
  writer.n += packed.length;
  writer.fileBytes += bytes;
}
