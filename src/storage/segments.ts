import { hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  constants,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import { corrupt, type IndexLine } from './index-file.ts';
import { orMissing } from './files.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const NEWLINE = 0x0a;
const SMALLEST_CHUNK_BYTES = 16 * 1024;
const LARGEST_CHUNK_BYTES = 16 * 1024 * 1024;
/** Up to here, doing it takes less time (0.1 ms) than handing it to the thread pool (0.3 ms). */
const SMALL_LINE_BYTES = 32 * 1024;
const SMALL_FRAME_BYTES = 8 * 1024;
/**
 * For unpacking on this thread. What Node unpacked last stays in memory until the whole heap is collected,
 * so a chunk as large as a page would keep all pages since then; these cost 0.1 ms of a page's 17.
 */
const UNPACKED_CHUNK_BYTES = 128 * 1024;
const PARAMETERS = {
  [constants.ZSTD_c_compressionLevel]: 3,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/** File name of a segment: `000001.jsonl.zst`. */
export const segmentName = (segment: number): string =>
  `${String(segment).padStart(6, '0')}.jsonl.zst`;

/** Number of a segment from its file name; undefined for any other file. */
export function segmentNumber(fileName: string): number | undefined {
  const digits = /^(\d{6,})\.jsonl\.zst$/.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A record as it is stored: one zstd frame that holds one line of JSON. */
export interface Frame {
  bytes: Buffer<ArrayBuffer>;
  sha256: string;
}

/** Packs one JSON text (without newlines) into a frame; a large one off the main thread. */
export async function packFrame(json: string): Promise<Frame> {
  const line = Buffer.allocUnsafe(Buffer.byteLength(json) + 1);
  line[line.write(json)] = NEWLINE;
  // Room for the whole frame: each further chunk is another trip through the thread pool.
  // A frame that states its size is unpacked with half of the memory.
  const options = {
    params: PARAMETERS,
    chunkSize: chunkBytes(line.length),
    pledgedSrcSize: line.length,
  };
  const isSmall = line.length <= SMALL_LINE_BYTES;
  const bytes = isSmall ? zstdCompressSync(line, options) : await compress(line, options);
  return { bytes, sha256: hash('sha256', bytes) };
}

/** Reads records of one dataset; keeps the segment last read open until `close`. */
export interface SegmentReader {
  /**
   * The JSON text of a record, checked against its hash.
   *
   * @throws {EtlError} `STORAGE_CORRUPT`, naming file, offset and url
   */
  read(line: IndexLine): Promise<string>;
  /** The frame of a record as it is stored, checked against its hash. @throws {EtlError} `STORAGE_CORRUPT` */
  readFrame(line: IndexLine): Promise<Buffer<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Makes a reader of a dataset's segments. Calls must not overlap. */
export function createSegmentReader(folder: string): SegmentReader {
  let opened: { segment: number; file: FileHandle } | undefined;

  const close = async (): Promise<void> => {
    const { file } = opened ?? {};
    opened = undefined;
    await file?.close();
  };
  const openSegment = async (line: IndexLine): Promise<FileHandle> => {
    if (opened?.segment === line.segment) return opened.file;
    await close();
    const path = join(folder, segmentName(line.segment));
    const file = await orMissing(open(path, 'r'));
    if (file === undefined) {
      throw corrupt('the segment is missing', { file: path, offset: line.offset, url: line.url });
    }
    opened = { segment: line.segment, file };
    return file;
  };
  const readFrame = async (line: IndexLine): Promise<Buffer<ArrayBuffer>> => {
    const file = await openSegment(line);
    const bytes = await readExactly(file, line);
    if (bytes !== undefined && hash('sha256', bytes) === line.sha256) return bytes;
    const context = {
      file: join(folder, segmentName(line.segment)),
      offset: line.offset,
      url: line.url,
    };
    const what = bytes === undefined ? 'the segment ends within' : 'the hash does not fit';
    throw corrupt(`${what} record ${String(line.n)} (${line.url ?? 'no url'})`, context);
  };

  return {
    read: async (line) => unpackFrame(await readFrame(line)),
    readFrame,
    close,
  };
}

/** The JSON text in a frame; a large one is unpacked off this thread. */
export async function unpackFrame(frame: Uint8Array): Promise<string> {
  const isSmall = frame.length <= SMALL_FRAME_BYTES;
  const line = isSmall ? unpackLine(frame) : await decompress(frame, { chunkSize: chunkBytes(frame.length * 8) });
  return line.toString('utf8', 0, line.length - 1);
}

/** The line of JSON in a frame, its newline included, unpacked on this thread. */
export const unpackLine = (frame: Uint8Array): Buffer =>
  zstdDecompressSync(frame, { chunkSize: UNPACKED_CHUNK_BYTES });

async function readExactly(
  file: FileHandle,
  line: IndexLine,
): Promise<Buffer<ArrayBuffer> | undefined> {
  // The index is not trusted for an allocation: a segment is never shorter than its records.
  if ((await file.stat()).size < line.offset + line.bytes) return undefined;
  // Memory of its own, which may go to another thread.
  const bytes = Buffer.allocUnsafeSlow(line.bytes);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, line.offset + done);
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  return bytes;
}

function chunkBytes(expectedBytes: number): number {
  const withMargin = expectedBytes + (expectedBytes >> 7) + 1024;
  return Math.min(Math.max(withMargin, SMALLEST_CHUNK_BYTES), LARGEST_CHUNK_BYTES);
}
