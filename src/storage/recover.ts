import { constants } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, withFile, type OpenFile } from './files.ts';
import { corrupt, indexPath, isOpenGroup, scanIndex, type IndexLine } from './index-file.ts';
import { createSegmentReader, segmentName, segmentNumber } from './segments.ts';

/** How far a dataset is written. */
export interface Position {
  /** Number of the next index line; so many records lie before it. */
  n: number;
  /** The segment that is written to, from 1, and where its last record ends. */
  segment: number;
  segmentEnd: number;
  indexEnd: number;
  last: IndexLine | undefined;
}

/** What a killed process had left behind the last commit, and was cut on opening. In bytes. */
export interface Recovery {
  cutBytes: number;
  cutIndexBytes: number;
  cutSegmentBytes: number;
}

/** One append writes at most one Crawlee payload (9.4 MB) past the index; this leaves ample room. */
const MAX_UNCOMMITTED_BYTES = 32 * 1024 * 1024;

export const START: Position = { n: 0, segment: 1, segmentEnd: 0, indexEnd: 0, last: undefined };

/** The position after a line that ends at `indexEnd`. */
export const positionAfter = (line: IndexLine, indexEnd: number): Position => ({
  n: line.n + 1,
  segment: line.segment,
  segmentEnd: line.offset + line.bytes,
  indexEnd,
  last: line,
});

/**
 * Finds the last commit of a dataset and cuts off what lies behind it, durably. Reads the index and
 * the last record; other records are checked when they are read.
 *
 * @throws {EtlError} `STORAGE_CORRUPT` when something committed is missing or damaged, or when more
 * lies behind the last commit than one append can leave (then nothing is cut).
 */
export async function recover(
  folder: string,
  openFile: OpenFile,
): Promise<{ position: Position; recovery: Recovery }> {
  let tail = START;
  let committed = START;
  const ends = new Map<number, number>();
  for await (const { line, end } of scanIndex(folder)) {
    tail = positionAfter(line, end);
    ends.set(tail.segment, tail.segmentEnd);
    if (!isOpenGroup(line)) committed = tail;
  }

  const sizes = await segmentSizes(folder);
  checkSizes(folder, ends, sizes);
  await verifyLast(folder, committed.last);

  const cutIndexBytes = (await stat(indexPath(folder))).size - committed.indexEnd;
  await cutTo(folder, committed, openFile);
  const kept = keptSizes(ends, committed);
  let cutSegmentBytes = 0;
  for (const [segment, size] of sizes) cutSegmentBytes += size - (kept.get(segment) ?? 0);
  const cutBytes = cutIndexBytes + cutSegmentBytes;
  return { position: committed, recovery: { cutBytes, cutIndexBytes, cutSegmentBytes } };
}

/**
 * Cuts a dataset back to a position: the index first, so that a line never stands without its record.
 */
export async function cutTo(folder: string, to: Position, openFile: OpenFile): Promise<void> {
  await cutFile(indexPath(folder), to.indexEnd, openFile);
  const sizes = await segmentSizes(folder);
  let isRemoved = false;
  for (const segment of sizes.keys()) {
    const path = join(folder, segmentName(segment));
    if (segment === to.segment && to.segmentEnd > 0) await cutFile(path, to.segmentEnd, openFile);
    if (segment < to.segment || (segment === to.segment && to.segmentEnd > 0)) continue;
    await unlink(path);
    isRemoved = true;
  }
  if (isRemoved) await syncFolder(folder);
}

async function cutFile(path: string, size: number, openFile: OpenFile): Promise<void> {
  if ((await stat(path)).size <= size) return;
  await withFile(openFile(path, constants.O_RDWR), async (file) => {
    await file.truncate(size);
    await file.datasync();
  });
}

async function segmentSizes(folder: string): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  for (const name of (await readdir(folder)).sort()) {
    const segment = segmentNumber(name);
    if (segment !== undefined) sizes.set(segment, (await stat(join(folder, name))).size);
  }
  return sizes;
}

function keptSizes(ends: Map<number, number>, committed: Position): Map<number, number> {
  const kept = [...ends].filter(([segment]) => segment < committed.segment);
  return new Map([...kept, [committed.segment, committed.segmentEnd]]);
}

function checkSizes(folder: string, ends: Map<number, number>, sizes: Map<number, number>): void {
  const lastSegment = Math.max(1, ...ends.keys());
  for (const [segment, end] of ends) {
    const size = sizes.get(segment);
    const file = join(folder, segmentName(segment));
    if (size === undefined) throw corrupt('the segment is missing', { file, offset: 0 });
    if (size < end) {
      throw corrupt(`the segment ends before its last record, at ${String(end)}`, {
        file,
        offset: size,
      });
    }
  }
  for (const [segment, size] of sizes) {
    const end = ends.get(segment) ?? 0;
    const file = join(folder, segmentName(segment));
    if (segment < lastSegment && size > end) {
      throw corrupt('bytes that no index line names', { file, offset: end });
    }
    if (size - end > MAX_UNCOMMITTED_BYTES) {
      throw corrupt(`${String(size - end)} bytes that the index should name`, {
        file,
        offset: end,
      });
    }
    if (segment > lastSegment + 1) throw corrupt('the index lost its lines', { file, offset: 0 });
  }
}

async function verifyLast(folder: string, last: IndexLine | undefined): Promise<void> {
  if (last === undefined) return;
  await withFile(Promise.resolve(createSegmentReader(folder)), (reader) => reader.readFrame(last));
}
