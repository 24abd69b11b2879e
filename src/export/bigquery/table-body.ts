import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { EtlError } from '../../errors.ts';
import type { TableEntry } from '../manifest.ts';

export interface Chunk {
  /** Only valid until the next chunk is asked for. */
  bytes: Uint8Array;
  /** Of its first byte in the whole body. */
  offset: number;
}

/**
 * A table as one body of plain JSONL, its files one after the other and unpacked on the way, in pieces
 * of `chunkBytes` (the last one may be smaller). Holds one piece in memory. The last piece is given out
 * only when the whole is what the manifest says: an upload of anything else never completes.
 *
 * @throws {EtlError} `CHECK_REFUSED`
 */
export async function* tableBody(
  entry: TableEntry,
  exportDir: string,
  chunkBytes: number,
): AsyncGenerator<Chunk> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(chunkBytes);
  let filled = 0;
  let offset = 0;
  for (const { path } of entry.files) {
    for await (const part of unpacked(join(exportDir, path))) {
      hash.update(part);
      let rest: Uint8Array = part;
      while (rest.length > 0) {
        if (filled === chunkBytes) {
          yield { bytes: buffer, offset };
          offset += filled;
          filled = 0;
        }
        const taken = rest.subarray(0, chunkBytes - filled);
        buffer.set(taken, filled);
        filled += taken.length;
        rest = rest.subarray(taken.length);
      }
    }
  }
  const bytes = offset + filled;
  if (bytes !== entry.bytes || hash.digest('hex') !== entry.sha256) {
    const name = entry.files[0]?.path ?? 'a table';
    throw new EtlError('CHECK_REFUSED', `${name}: unpacked it is not what the manifest says`, {
      context: { bytes, expected: entry.bytes },
    });
  }
  if (filled > 0) yield { bytes: buffer.subarray(0, filled), offset };
}

/** `pipeline` hands the file's failure on to the reader of the unpacker, which `pipe` does not. */
function unpacked(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path);
  if (!/\.(gz|zst)$/.test(path)) return file as AsyncIterable<Buffer>;
  const plain = path.endsWith('.gz') ? createGunzip() : createZstdDecompress();
  pipeline(file, plain, () => undefined);
  return plain as AsyncIterable<Buffer>;
}
