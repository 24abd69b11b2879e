import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { headerBytes, MAGIC_BYTES } from './zstd-frame.ts';

const unpackFrame = promisify(zstdDecompress);

/**
 * Unpacks a file of zstd frames, one frame in memory at a time: our table files have 2 MiB in each.
 *
 * Node's own stream is not used: when a chunk of the file ends within a frame's checksum, it takes the
 * end of that frame for the end of the file, and the rest is lost without an error (Node 24.21).
 *
 * @throws {Error} for a file that is no zstd, or is cut off
 * @see https://www.rfc-editor.org/rfc/rfc8878
 */
export async function* unpackZstd(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of file) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = frameEnd(rest); end !== undefined; end = frameEnd(rest)) {
      yield await unpackFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) throw new Error('a zstd file that ends within a frame');
}

const MAGIC = 0xfd2fb528;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RUN_BLOCK = 1;

/** Where the first frame ends; undefined when it is not whole yet. */
function frameEnd(bytes: Buffer): number | undefined {
  if (bytes.length <= MAGIC_BYTES) return undefined;
  if (bytes.readUInt32LE(0) !== MAGIC) throw new Error('no zstd frame where one should begin');
  const flags = bytes.readUInt8(MAGIC_BYTES);
  let at = headerBytes(flags);
  for (let isLast = false; !isLast;) {
    if (bytes.length < at + BLOCK_HEADER_BYTES) return undefined;
    const header = bytes.readUIntLE(at, BLOCK_HEADER_BYTES);
    isLast = (header & 1) === 1;
    const isRun = ((header >> 1) & 3) === RUN_BLOCK;
    at += BLOCK_HEADER_BYTES + (isRun ? 1 : header >> 3);
  }
  const end = at + ((flags & 4) === 0 ? 0 : CHECKSUM_BYTES);
  return bytes.length < end ? undefined : end;
}
