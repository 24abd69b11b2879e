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
import { statedBytes } from './zstd-frame.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const NEWLINE = 0x0a;
const SMALLEST_CHUNK_BYTES = 16 * 1024;
const LARGEST_CHUNK_BYTES = 16 * 1024 * 1024;
/** Up to here, doing it takes less time (0.1 ms) than handing it to the thread pool (0.3 ms). */
const SMALL_LINE_BYTES = 32 * 1024;
const SMALL_FRAME_BYTES = 8 * 1024;
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

/** A segment that is open. */
interface Segment {
  number: number;
  file: FileHandle;
  /** Bytes when it was last looked at: it only grows. */
  size: number;
}

/** Makes a reader of a dataset's segments. Calls must not overlap. */
export function createSegmentReader(folder: string): SegmentReader {
  let opened: Segment | undefined;

  const close = async (): Promise<void> => {
    const { file } = opened ?? {};
    opened = undefined;
    await file?.close();
  };
  const openSegment = async (line: IndexLine): Promise<Segment> => {
    if (opened?.number === line.segment) return opened;
    await close();
    const path = join(folder, segmentName(line.segment));
    const file = await orMissing(open(path, 'r'));
    if (file === undefined) {
      throw corrupt('the segment is missing', { file: path, offset: line.offset, url: line.url });
    }
    opened = { number: line.segment, file, size: 0 };
    return opened;
  };
  const readFrame = async (line: IndexLine): Promise<Buffer<ArrayBuffer>> => {
    const bytes = await readExactly(await openSegment(line), line);
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
  const line = isSmall
    ? unpackLine(frame)
    : await decompress(frame, { chunkSize: chunkBytes(frame.length * 8) });
  return line.toString('utf8', 0, line.length - 1);
}

/**
 * The line of JSON in a frame, its newline included, unpacked on this thread. Its memory may be released;
 * a frame that states its size is unpacked in one piece.
 */
export function unpackLine(frame: Uint8Array): Buffer {
  // With no byte to spare Node makes room for more.
  const bytes = (statedBytes(frame) ?? 0) + 1;
  const chunkSize = Math.min(Math.max(bytes, Buffer.poolSize), LARGEST_CHUNK_BYTES);
  return zstdDecompressSync(frame, { chunkSize });
}

async function readExactly(
  segment: Segment,
  line: IndexLine,
): Promise<Buffer<ArrayBuffer> | undefined> {
  const { file } = segment;
  // The index is not trusted for an allocation: a segment is never shorter than its records.
  const end = line.offset + line.bytes;
  if (segment.size < end) segment.size = (await file.stat()).size;
  if (segment.size < end) return undefined;
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
