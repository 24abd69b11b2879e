import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { EtlError } from '../../errors.ts';
import type { TableEntry } from '../manifest.ts';

const NEWLINE = 0x0a;

/**
 * A table as plain JSONL in parts of whole rows, of `partBytes` at most unless a row is longer. Where it
 * is cut depends on the rows alone, not on files and their packing: so a part is the same after a kill.
 * The last one is given out only when the whole is what the manifest says.
 *
 * @throws {EtlError} `CHECK_REFUSED`
 */
export async function* partsOf(
  entry: TableEntry,
  exportDir: string,
  partBytes: number,
): AsyncGenerator<Buffer, void> {
  const hash = createHash('sha256');
  let bytes = 0;
  let pieces: Buffer[] = [];
  let held = 0;
  for (const { path } of entry.files) {
    for await (const piece of unpacked(join(exportDir, path))) {
      hash.update(piece);
      bytes += piece.length;
      pieces.push(piece);
      held += piece.length;
      // One byte more than a part: then what is held is not the last one.
      while (held > partBytes) {
        const all = Buffer.concat(pieces, held);
        const end = endOfPart(all, partBytes);
        if (end === 0 || end === all.length) break;
        yield all.subarray(0, end);
        pieces = [all.subarray(end)];
        held -= end;
      }
    }
  }
  if (bytes !== entry.bytes || hash.digest('hex') !== entry.sha256) {
    const name = entry.files[0]?.path ?? 'a table';
    throw new EtlError('CHECK_REFUSED', `${name}: unpacked it is not what the manifest says`, {
      context: { bytes, expected: entry.bytes },
    });
  }
  if (held > 0) yield Buffer.concat(pieces, held);
}

/** After the last row that ends within a part, or the first row where that is longer; 0: not here yet. */
const endOfPart = (bytes: Buffer, partBytes: number): number =>
  bytes.lastIndexOf(NEWLINE, partBytes - 1) + 1 || bytes.indexOf(NEWLINE, partBytes) + 1;

/** The bytes of a table file, unpacked; each is one stream of its packer. */
export function unpacked(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path);
  const end = extname(path);
  const unpacker =
    end === '.zst' ? createZstdDecompress() : end === '.gz' ? createGunzip() : undefined;
  // `pipeline` hands the file's failure on to the reader, which `pipe` does not. A binary stream without
  // an encoding gives buffers.
  const bytes = unpacker === undefined ? file : pipeline(file, unpacker, () => undefined);
  return bytes as AsyncIterable<Buffer>;
}
