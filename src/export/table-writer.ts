import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { fromSystemError } from '../errors.ts';
import type { TableEntry, TableFile } from './manifest.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

export interface TableWriterOptions {
  folder: string;
  compress: Compression;
  /** A file is closed after the piece that brings it to this many uncompressed bytes. */
  shardBytes: number;
}

export interface TableWriter {
  /** Takes whole lines. Resolves when more may come: waits while the disk is behind. */
  append: (lines: Uint8Array, rows: number) => Promise<void>;
  /** Writes the rest, syncs, and tells what the table holds. */
  close: () => Promise<TableEntry>;
  /** Closes the file without finishing it. */
  abort: () => Promise<void>;
}

/** The end of a file's name, and what its bytes go through. */
const PACKERS: Record<Compression, { suffix: string; create: () => Transform }> = {
  none: { suffix: '', create: () => new PassThrough() },
  gzip: { suffix: '.gz', create: () => createGzip({ level: 6 }) },
  zstd: {
    suffix: '.zst',
    create: () =>
      createZstdCompress({
        // Level 3 takes a third longer for files that are 6 % smaller.
        params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
        // Each chunk is a trip through the thread pool.
        chunkSize: 256 * 1024,
      }),
  },
};

/**
 * Writes one table as JSONL files: `<name>.jsonl`, or `<name>-00001.jsonl`, `-00002` … when it is
 * larger than one shard. The same pieces in, the same bytes out. Calls of `append` must not overlap.
 */
export function createTableWriter(name: string, options: TableWriterOptions): TableWriter {
  const { folder, compress, shardBytes } = options;
  const { suffix } = PACKERS[compress];
  const wholeHash = createHash('sha256');
  const files: TableFile[] = [];
  let shard: Shard | undefined;
  let rows = 0;
  let bytes = 0;

  const openNext = () => {
    const number = String(files.length + 1).padStart(5, '0');
    return openShard(folder, `${name}-${number}.jsonl${suffix}`, compress);
  };

  const append = async (lines: Uint8Array, count: number) => {
    if (lines.length === 0) return;
    wholeHash.update(lines);
    rows += count;
    bytes += lines.length;
    shard ??= await openNext();
    await shard.append(lines, count);
    if (shard.bytes >= shardBytes) await finish();
  };

  const finish = async () => {
    const file = await shard?.close();
    shard = undefined;
    if (file !== undefined) files.push(file);
  };

  const close = async (): Promise<TableEntry> => {
    if (files.length === 0) shard ??= await openNext();
    await finish();
    const only = files.length === 1 ? files[0] : undefined;
    if (only !== undefined) {
      const path = `${name}.jsonl${suffix}`;
      await rename(join(folder, only.path), join(folder, path));
      only.path = path;
    }
    return { rows, files, bytes, sha256: wholeHash.digest('hex') };
  };

  const rethrow = (error: unknown) => {
    throw fromSystemError(error, `writing table ${name}`);
  };
  return {
    append: (lines, count) => append(lines, count).catch(rethrow),
    close: () => close().catch(rethrow),
    abort: async () => shard?.abort(),
  };
}

interface Shard {
  /** Uncompressed, so far. */
  readonly bytes: number;
  append: (lines: Uint8Array, rows: number) => Promise<void>;
  close: () => Promise<TableFile>;
  abort: () => Promise<void>;
}

async function openShard(folder: string, path: string, compress: Compression): Promise<Shard> {
  const file = await open(join(folder, path), 'w');
  const hash = createHash('sha256');
  const packer = PACKERS[compress].create();
  const written: TableFile = { path, rows: 0, bytes: 0, sha256: '' };
  const done = pipeline(packer, async (packed: AsyncIterable<Buffer>) => {
    for await (const chunk of packed) {
      hash.update(chunk);
      written.bytes += chunk.length;
      await file.writeFile(chunk);
    }
  });
  // Reported by the next call.
  done.catch(() => undefined);
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    append: async (lines, rows) => {
      bytes += lines.length;
      written.rows += rows;
      const taken = new Promise<void>((resolve) => packer.write(lines, () => resolve()));
      // A packer that was destroyed says only that; the pipeline knows why.
      await Promise.race([taken, done]);
      if (packer.destroyed) await done;
    },
    close: async () => {
      packer.end();
      await done;
      await file.sync();
      await file.close();
      return { ...written, sha256: hash.digest('hex') };
    },
    abort: async () => {
      packer.destroy();
      await done.catch(() => undefined);
      await file.close();
    },
  };
}
