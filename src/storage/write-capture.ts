import type { Dataset } from 'crawlee';
import type { Capture } from './capture.ts';

/** `Dataset` refuses an item over 9,436,240 bytes of JSON; this leaves room for the part numbers. */
const MAX_ITEM_BYTES = 9_400_000;
/** A UTF-16 unit takes at most six bytes in JSON, as `\u0000` and half a pair do; most take at most 3. */
const LONGEST_UNIT_BYTES = 6;
const PLAIN_UNIT_BYTES = 3;
const LONG_ESCAPE = /[\u0000-\u0007\u000b\u000e-\u001f]/;

const writing = new WeakMap<Dataset, Promise<void>>();

/**
 * Stores a capture through Crawlee's `Dataset.pushData`; one that is too large for an item goes in
 * parts, which `readCaptures` joins. Resolves when the whole capture is on the disk for good. Calls on
 * one dataset are queued, so that parts stay together.
 *
 * @throws what `DatasetWriter.append` throws; the capture then does not count, not even in part
 */
export function writeCapture(dataset: Dataset, capture: Capture): Promise<void> {
  const before = writing.get(dataset) ?? Promise.resolve();
  const written = before.then(() => pushCapture(dataset, capture));
  writing.set(
    dataset,
    written.catch(() => undefined), // its caller has the error; the next capture may pass
  );
  return written;
}

async function pushCapture(dataset: Dataset, capture: Capture): Promise<void> {
  const { source, url, status, headers, fetchedAt, next, count, body } = capture;
  // The body must be the last key: facts are read from what stands before it.
  const head = { source, url, status, headers, fetchedAt, next, count };
  const bodies = splitBody(body, MAX_ITEM_BYTES - Buffer.byteLength(JSON.stringify(head)));
  const [only = ''] = bodies;
  if (bodies.length <= 1) return dataset.pushData({ ...head, body: only });

  for (const [index, slice] of bodies.entries()) {
    await dataset.pushData({ ...head, part: index + 1, parts: bodies.length, body: slice });
  }
}

/** Splits a text so that no piece is longer than `maxBytes` as JSON and none ends within a pair. */
function splitBody(body: string, maxBytes: number): string[] {
  // Counting exactly takes 4 ms a megabyte; nearly all pages are told by their length.
  if (body.length * LONGEST_UNIT_BYTES <= maxBytes) return [body];
  if (body.length * PLAIN_UNIT_BYTES <= maxBytes && isPlain(body)) return [body];
  const pieces: string[] = [];
  let start = 0;
  let bytes = 0;
  for (let at = 0; at < body.length;) {
    const unit = body.charCodeAt(at);
    const isPair = isHigh(unit) && isLow(body.charCodeAt(at + 1));
    const size = isPair ? 4 : jsonBytes(unit);
    if (bytes + size > maxBytes && at > start) {
      pieces.push(body.slice(start, at));
      start = at;
      bytes = 0;
    }
    bytes += size;
    at += isPair ? 2 : 1;
  }
  pieces.push(body.slice(start));
  return pieces;
}

const isPlain = (body: string): boolean => body.isWellFormed() && !LONG_ESCAPE.test(body);
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Backspace, tab, newline, form feed, carriage return: `\t` and so on. */
const isShortEscape = (unit: number): boolean => unit >= 0x08 && unit <= 0x0d && unit !== 0x0b;

/** Length of what `JSON.stringify` makes of a UTF-16 unit outside a pair, in UTF-8 bytes. */
function jsonBytes(unit: number): number {
  if (unit === 0x22 || unit === 0x5c || isShortEscape(unit)) return 2;
  if (unit < 0x20) return LONGEST_UNIT_BYTES;
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return unit >= 0xd800 && unit <= 0xdfff ? LONGEST_UNIT_BYTES : 3;
}
