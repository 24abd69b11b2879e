import { createHash } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError } from '../errors.ts';
import { BLOCK_BYTES, type BlockPacker } from './block-packer.ts';
import type { TableEntry, TableFile } from './manifest.ts';

export interface TableWriterOptions {
  folder: string;
  /** May serve other tables too. Whoever made it closes it. */
  packer: BlockPacker;
  /** A file is closed after the line that brings it to this many uncompressed bytes. */
  shardBytes: number;
}

export interface TableWriter {
  /** Takes whole lines. Resolves when more may come: waits while the disk is behind. */
  append: (lines: Buffer, rows: number) => Promise<void>;
  /** Writes the rest, syncs, and tells what the table holds. */
  close: () => Promise<TableEntry>;
  /** Closes the file without finishing it. */
  abort: () => Promise<void>;
}

const NEWLINE = 0x0a;

/**
 * Writes one table as JSONL files: `<name>.jsonl`, or `<name>-00001.jsonl`, `-00002` … when it is
 * larger than one shard. Same lines in, same bytes out.
 */
export function createTableWriter(name: string, options: TableWriterOptions): TableWriter {
  const wholeHash = createHash('sha256');
  const files: TableFile[] = [];
  const blocks: Blocks = { filling: Buffer.alloc(0), other: Buffer.alloc(0) };
  let shard: Shard | undefined;
  let rows = 0;
  let bytes = 0;

  const pathOf = (number: number) =>
    `${name}-${String(number).padStart(5, '0')}.jsonl${options.packer.suffix}`;

  const finishShard = async () => {
    if (shard === undefined) return;
    const finished = shard;
    shard = undefined;
    files.push(await finished.close());
  };

  const append = async (lines: Buffer, lineCount: number) => {
    wholeHash.update(lines);
    rows += lineCount;
    bytes += lines.length;
    let rest = lines;
    let restRows = lineCount;
    while (rest.length > 0) {
      shard ??= await openShard(options, pathOf(files.length + 1), blocks);
      const end = shardEnd(rest, options.shardBytes - shard.size);
      const part = rest.subarray(0, end);
      const partRows = end === rest.length ? restRows : countLines(part);
      await shard.append(part, partRows);
      if (shard.size >= options.shardBytes) await finishShard();
      rest = rest.subarray(end);
      restRows -= partRows;
    }
  };

  const close = async (): Promise<TableEntry> => {
    if (files.length === 0) shard ??= await openShard(options, pathOf(1), blocks);
    await finishShard();
    const only = files.length === 1 ? files[0] : undefined;
    if (only !== undefined) {
      const path = `${name}.jsonl${options.packer.suffix}`;
      await rename(join(options.folder, only.path), join(options.folder, path));
      only.path = path;
    }
    return { rows, files, bytes, sha256: wholeHash.digest('hex') };
  };

  return {
    append: (lines, lineCount) => append(lines, lineCount).catch(rethrow(name)),
    close: () => close().catch(rethrow(name)),
    abort: async () => shard?.abort(),
  };
}

const rethrow = (name: string) => (error: unknown) => {
  throw fromSystemError(error, `writing table ${name}`);
};

interface Shard {
  readonly size: number;
  append: (lines: Buffer, rows: number) => Promise<void>;
  close: () => Promise<TableFile>;
  abort: () => Promise<void>;
}

async function openShard(
  options: TableWriterOptions,
  path: string,
  blocks: Blocks,
): Promise<Shard> {
  const file = await open(join(options.folder, path), 'w');
  const sink = createBlockSink(file, options.packer, blocks);
  let size = 0;
  let rows = 0;
  return {
    get size() {
      return size;
    },
    append: async (lines, lineCount) => {
      size += lines.length;
      rows += lineCount;
      await sink.append(lines);
    },
    close: async () => {
      const written = await sink.finish();
      await file.sync();
      await file.close();
      return { path, rows, ...written };
    },
    abort: () => file.close(),
  };
}

/**
 * Memory of the block that fills and of the one on its way. All files of a table use it, so that none of
 * it is left to the collector.
 */
interface Blocks {
  filling: Buffer;
  other: Buffer;
}

/** Cuts bytes into blocks, compresses each, and writes them in order. Takes a copy of the bytes. */
function createBlockSink(file: FileHandle, packer: BlockPacker, blocks: Blocks) {
  const hash = createHash('sha256');
  let filled = 0;
  let written = 0;
  // At most one block is on its way while the next one fills.
  let inFlight: Promise<void> = Promise.resolve();

  const writeBlock = async (whole: Buffer) => {
    const pieces = await packer.pack(whole);
    for (const piece of pieces) {
      hash.update(piece);
      written += piece.length;
      await file.writeFile(piece);
    }
    packer.release(pieces);
  };
  const flush = async () => {
    const whole = blocks.filling.subarray(0, filled);
    await inFlight;
    // What was on its way is written: its memory takes the next block.
    [blocks.filling, blocks.other] = [blocks.other, blocks.filling];
    filled = 0;
    inFlight = writeBlock(whole);
    // The failure is thrown by the next await; until then it must not count as unhandled.
    inFlight.catch(() => undefined);
  };
  /** Small tables never need a whole block's memory. */
  const grow = (needed: number) => {
    const larger = Buffer.allocUnsafeSlow(
      Math.min(BLOCK_BYTES, Math.max(needed, blocks.filling.length * 2)),
    );
    blocks.filling.copy(larger, 0, 0, filled);
    blocks.filling = larger;
  };

  return {
    append: async (bytes: Buffer) => {
      for (let from = 0; from < bytes.length;) {
        const end = Math.min(bytes.length, from + BLOCK_BYTES - filled);
        if (filled + end - from > blocks.filling.length) grow(filled + end - from);
        filled += bytes.copy(blocks.filling, filled, from, end);
        from = end;
        if (filled === BLOCK_BYTES) await flush();
      }
    },
    finish: async (): Promise<{ bytes: number; sha256: string }> => {
      await flush();
      await inFlight;
      return { bytes: written, sha256: hash.digest('hex') };
    },
  };
}

/** Where a shard with `room` bytes left ends in `lines`: after the line that fills it. */
function shardEnd(lines: Buffer, room: number): number {
  if (lines.length < room) return lines.length;
  const newline = lines.indexOf(NEWLINE, Math.max(0, room - 1));
  return newline === -1 ? lines.length : newline + 1;
}

function countLines(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(NEWLINE); at !== -1; at = lines.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
