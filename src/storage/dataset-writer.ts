import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError } from '../errors.ts';
import { ensureDataset } from './dataset-folder.ts';
import { syncFolder, withFile, writeAll, type OpenedFile, type OpenFile } from './files.ts';
import {
  indexPath,
  isOpenGroup,
  mayFollow,
  type IndexLine,
  type RecordFacts,
} from './index-file.ts';
import { factsOf } from './record-facts.ts';
import { cutTo, positionAfter, recover, type Position, type Recovery } from './recover.ts';
import { packFrame, segmentName, type Frame } from './segments.ts';

export interface DatasetWriterOptions {
  /** A segment is closed before a record that would make it longer. @default 256 MB */
  maxSegmentBytes?: number;
  /** For tests that simulate a disk. @default `open` of node:fs/promises */
  openFile?: OpenFile;
}

/** Appends to one dataset. One writer a dataset at a time: the storage's lock sees to it. */
export interface DatasetWriter {
  readonly name: string;
  /** What was cut when the dataset was opened. */
  readonly recovery: Recovery;
  /** Committed records; those of an unfinished capture in parts do not count yet. */
  readonly count: number;
  /**
   * Appends JSON texts (each one object, no newline), a record each, in order; calls are queued.
   * Resolves when they are on the disk for good. After a failure nothing of the failed call's last
   * record is left, all that was committed stays, and the next call may succeed.
   *
   * @throws {EtlError} `STORAGE_FULL`, `STORAGE_DENIED`
   * @throws {Error} for a part without the part before it, or when another writer is at work
   */
  append(records: readonly string[]): Promise<void>;
}

interface PackedRecord {
  facts: RecordFacts;
  frame: Frame;
}

interface PlacedRecord {
  line: IndexLine;
  frame: Buffer;
}

interface WriterState {
  folder: string;
  openFile: OpenFile;
  maxSegmentBytes: number;
  /** After the last record, and after the last record that ends a capture. */
  tail: Position;
  committed: Position;
  /** Set while files may hold more than `tail` says. */
  isDirty: boolean;
}

const MAX_SEGMENT_BYTES = 256 * 1024 * 1024;

/**
 * Opens a dataset for writing; makes it when it does not exist.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`, `STORAGE_FULL`, `STORAGE_DENIED`
 * @see recover.ts for what opening repairs and what it refuses
 */
export async function openDataset(
  storageDir: string,
  name: string,
  { maxSegmentBytes = MAX_SEGMENT_BYTES, openFile = open }: DatasetWriterOptions = {},
): Promise<DatasetWriter> {
  const { folder, position, recovery } = await whileDoing(`opening dataset ${name}`, async () => {
    const madeFolder = await ensureDataset(storageDir, name);
    return { folder: madeFolder, ...(await recover(madeFolder, openFile)) };
  });
  const state: WriterState = {
    folder,
    openFile,
    maxSegmentBytes,
    tail: position,
    committed: position,
    isDirty: false,
  };

  let queue: Promise<void> = Promise.resolve();
  return {
    name,
    recovery,
    get count() {
      return state.committed.n;
    },
    append(records) {
      // Packing starts at once, beside the writing of the call before.
      const packing = packRecords(records);
      packing.catch(() => undefined); // reported below, once its turn has come
      const appended = queue.then(async () => {
        const packed = await packing;
        await whileDoing(`writing to dataset ${name}`, () => appendRecords(state, packed));
      });
      queue = appended.catch(() => undefined); // its caller has the error; the next one may pass
      return appended;
    },
  };
}

/** One after the other, as each compression at work holds more than a megabyte. */
async function packRecords(records: readonly string[]): Promise<PackedRecord[]> {
  const packed: PackedRecord[] = [];
  for (const json of records) packed.push({ facts: factsOf(json), frame: await packFrame(json) });
  return packed;
}

async function appendRecords(state: WriterState, records: readonly PackedRecord[]): Promise<void> {
  const [first] = records;
  if (first === undefined) return;
  const isBroken = isOpenGroup(state.tail.last) && !mayFollow(state.tail.last, first.facts);
  const from = isBroken ? state.committed : state.tail;
  checkOrder(from, records);
  if (state.isDirty || isBroken) await cutBack(state, from);

  let left = records;
  while (left.length > 0) {
    const run = placeRun(state, left);
    await writeRun(state, run);
    left = left.slice(run.length);
  }
}

function checkOrder(from: Position, records: readonly PackedRecord[]): void {
  let previous: RecordFacts | undefined = from.last;
  for (const { facts } of records) {
    if (!mayFollow(previous, facts)) {
      throw new Error(
        `part ${String(facts.part)} of ${String(facts.url)} follows no part before it`,
      );
    }
    previous = facts;
  }
}

async function cutBack(state: WriterState, to: Position): Promise<void> {
  state.isDirty = true;
  await cutTo(state.folder, to, state.openFile);
  state.tail = to;
  state.isDirty = false;
}

/** Gives the next records their places: as many as go into one segment, at least one. */
function placeRun(state: WriterState, records: readonly PackedRecord[]): PlacedRecord[] {
  const run: PlacedRecord[] = [];
  let { n, segment, segmentEnd: offset } = state.tail;
  for (const { facts, frame } of records) {
    const bytes = frame.bytes.length;
    if (offset > 0 && offset + bytes > state.maxSegmentBytes) {
      if (run.length > 0) break;
      segment += 1;
      offset = 0;
    }
    const line: IndexLine = { n, segment, offset, bytes, sha256: frame.sha256, ...facts };
    run.push({ line, frame: frame.bytes });
    n += 1;
    offset += bytes;
  }
  return run;
}

/** Frames, sync, index lines, sync. Until the lines are written, the frames do not count. */
async function writeRun(state: WriterState, run: readonly PlacedRecord[]): Promise<void> {
  const { folder, openFile, tail } = state;
  const [first] = run;
  if (first === undefined) return;
  const { segment, offset } = first.line;
  const flags = constants.O_RDWR | constants.O_CREAT;

  await withFile(openFile(join(folder, segmentName(segment)), flags), (segmentFile) =>
    withFile(openFile(indexPath(folder), constants.O_RDWR), async (indexFile) => {
      // Before anything is marked dirty: what another writer wrote must not be cut off.
      await checkSize(segmentFile, offset);
      await checkSize(indexFile, tail.indexEnd);
      state.isDirty = true;
      try {
        await writeAll(segmentFile, Buffer.concat(run.map(({ frame }) => frame)), offset);
        await segmentFile.datasync();
        if (offset === 0) await syncFolder(folder);
        await writeLines(state, indexFile, run);
        state.isDirty = false;
      } catch (error) {
        // Gives back the space at once; if that fails too, the next call tries again.
        await cutBack(state, tail).catch(() => undefined);
        throw error;
      }
    }),
  );
}

async function writeLines(
  state: WriterState,
  indexFile: OpenedFile,
  run: readonly PlacedRecord[],
): Promise<void> {
  let position = state.tail;
  let committed = state.committed;
  const lines: string[] = [];
  for (const { line } of run) {
    const text = `${JSON.stringify(line)}\n`;
    lines.push(text);
    position = positionAfter(line, position.indexEnd + Buffer.byteLength(text));
    if (!isOpenGroup(line)) committed = position;
  }
  await writeAll(indexFile, Buffer.from(lines.join('')), state.tail.indexEnd);
  await indexFile.datasync();
  state.tail = position;
  state.committed = committed;
}

async function checkSize(file: OpenedFile, expected: number): Promise<void> {
  const { size } = await file.stat();
  if (size === expected) return;
  throw new Error(
    `another writer changed the dataset: ${String(size)} bytes, not ${String(expected)}`,
  );
}

async function whileDoing<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw fromSystemError(error, doing);
  }
}
