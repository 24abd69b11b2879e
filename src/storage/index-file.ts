import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { EtlError, systemCode } from '../errors.ts';

/** One line of a dataset's `index.jsonl`: the commit record of one record of a segment. */
export interface IndexLine {
  /** Number of the line, from 0. */
  n: number;
  /** Number of the segment file, from 1: `000001.jsonl.zst`. */
  segment: number;
  /** Where the record's frame begins in the segment, in bytes. */
  offset: number;
  /** Length of the frame as stored (compressed). */
  bytes: number;
  /** Of the frame's bytes as stored, lower-case hex. */
  sha256: string;
  /** The facts of the record; null where it has none. */
  url: string | null;
  /** Null, too, on all parts but the last of a capture in parts: it is committed with the last. */
  next: string | null;
  /** Like `next`: only the last part states it, so that counts can be summed. */
  count: number | null;
  fetchedAt: string | null;
  /** Set for a capture that was too large for one record: part 1 … `parts`. */
  part?: number;
  parts?: number;
}

/** What a record says about itself: the second half of its index line. */
export type RecordFacts = Pick<
  IndexLine,
  'url' | 'next' | 'count' | 'fetchedAt' | 'part' | 'parts'
>;

/** An index line and where it ends in `index.jsonl`, its newline included. */
export interface PlacedLine {
  line: IndexLine;
  end: number;
}

const INDEX_FILE = 'index.jsonl';
const READ_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Path of a dataset's `index.jsonl`. */
export const indexPath = (folder: string): string => join(folder, INDEX_FILE);

/** A committed part of the storage is not as it was written. */
export function corrupt(
  message: string,
  context: { file: string; offset: number; url?: string | null },
): EtlError {
  const where = `${context.file} at byte ${String(context.offset)}`;
  return new EtlError('STORAGE_CORRUPT', `${where}: ${message}`, { context });
}

/** True when this record is a part that another part must follow. */
export const isOpenGroup = (facts: RecordFacts | undefined): boolean =>
  facts?.part !== undefined && facts.part !== facts.parts;

/** True when a record may stand after `previous`: parts come in order, whole and uninterrupted. */
export function mayFollow(previous: RecordFacts | undefined, facts: RecordFacts): boolean {
  if (previous?.part === undefined || !isOpenGroup(previous)) return (facts.part ?? 1) === 1;
  return (
    facts.part === previous.part + 1 && facts.parts === previous.parts && facts.url === previous.url
  );
}

/**
 * Yields the lines of an index in order, those of an unfinished capture at the end included. What a
 * killed process left after the last whole line is passed over: a line without its newline, or one
 * last line that is none (after a power loss a line may be whole in length only).
 *
 * @throws {EtlError} `STORAGE_CORRUPT` when a line before the last cannot be read, or does not go on
 * where the line before it ended.
 */
export async function* scanIndex(folder: string): AsyncGenerator<PlacedLine, void> {
  const file = indexPath(folder);
  let previous: IndexLine | undefined;
  let unreadableAt: number | undefined;

  for await (const { text, start, end } of readLines(file)) {
    if (unreadableAt !== undefined)
      throw corrupt('not an index line', { file, offset: unreadableAt });
    const line = parseIndexLine(text);
    if (line === undefined) {
      unreadableAt = start;
      continue;
    }
    if (!goesOn(previous, line)) {
      throw corrupt('does not go on where the line before ended', { file, offset: start });
    }
    previous = line;
    yield { line, end };
  }
}

/** Yields what `scanIndex` yields, but a capture in parts only when its last part is there. */
export async function* scanCommitted(folder: string): AsyncGenerator<PlacedLine, void> {
  let group: PlacedLine[] = [];
  for await (const placed of scanIndex(folder)) {
    group.push(placed);
    if (isOpenGroup(placed.line)) continue;
    yield* group;
    group = [];
  }
}

function goesOn(previous: IndexLine | undefined, line: IndexLine): boolean {
  if (!mayFollow(previous, line)) return false;
  if (previous === undefined) return line.n === 0 && line.segment === 1 && line.offset === 0;
  if (line.n !== previous.n + 1) return false;
  if (line.segment === previous.segment) return line.offset === previous.offset + previous.bytes;
  return line.segment === previous.segment + 1 && line.offset === 0;
}

async function* readLines(
  file: string,
): AsyncGenerator<{ text: string; start: number; end: number }, void> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) {
      // A stream without encoding yields buffers.
      rest = Buffer.concat([rest, chunk as Buffer]);
      let from = 0;
      for (let at = rest.indexOf(NEWLINE); at !== -1; at = rest.indexOf(NEWLINE, from)) {
        const end = start + at + 1 - from;
        yield { text: rest.toString('utf8', from, at), start, end };
        start = end;
        from = at + 1;
      }
      rest = rest.subarray(from);
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

function parseIndexLine(text: string): IndexLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isIndexLine(value) ? value : undefined;
  } catch {
    // Not JSON: the caller decides whether that is a torn end or a damaged middle.
    return undefined;
  }
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';

function isIndexLine(value: unknown): value is IndexLine {
  if (typeof value !== 'object' || value === null) return false;
  // Each field that is read is checked below.
  const line = value as Partial<Record<keyof IndexLine, unknown>>;
  const isPlaced = [line.n, line.segment, line.offset, line.bytes].every(isCount);
  const isHashed = typeof line.sha256 === 'string';
  const hasFacts = [line.url, line.next, line.fetchedAt].every(isTextOrNull);
  const isCounted = line.count === null || typeof line.count === 'number';
  return isPlaced && isHashed && hasFacts && isCounted && hasParts(line.part, line.parts);
}

/** True for no part at all, and for a part within its parts. */
export const hasParts = (part: unknown, parts: unknown): boolean =>
  (part === undefined && parts === undefined) ||
  (isCount(part) && isCount(parts) && part >= 1 && part <= parts);
