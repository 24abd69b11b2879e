/** A growing buffer that JSON is written into, as UTF-8. */
export interface ByteSink {
  bytes: Uint8Array;
  /** The same memory, for words and for the engine's own routines. */
  view: DataView;
  buffer: Buffer;
  /** Bytes so far; lowering it forgets the last ones. */
  length: number;
  /** Writing up to here needs no more room; some bytes more are there for whole words. */
  room: number;
}

/** A word is eight bytes, so the last of a key may reach seven beyond it. */
const WORD = 8;
const BEYOND = WORD;

export function createByteSink(startBytes = 1 << 16): ByteSink {
  const bytes = new Uint8Array(startBytes + BEYOND);
  return { ...viewsOf(bytes), length: 0 };
}

/** A sink in this memory, which may be used by several threads in turn. */
export const byteSinkIn = (memory: ArrayBufferLike): ByteSink => ({
  ...viewsOf(new Uint8Array(memory)),
  length: 0,
});

/** Memory for a sink of so many bytes that no thread counts as its own, to collect garbage sooner. */
export const sharedMemory = (bytes: number): SharedArrayBuffer =>
  new SharedArrayBuffer(bytes + BEYOND);

const viewsOf = (bytes: Uint8Array) => ({
  bytes,
  view: new DataView<ArrayBufferLike>(bytes.buffer),
  buffer: Buffer.from(bytes.buffer),
  room: bytes.length - BEYOND,
});

/** The bytes so far, where they stand: they change when the sink is written to. */
export const bytesSoFar = ({ bytes, length }: ByteSink): Uint8Array => bytes.subarray(0, length);

/** Makes room for that many more bytes. */
export function reserve(sink: ByteSink, more: number): void {
  const needed = sink.length + more;
  if (needed <= sink.room) return;
  const room = Math.max(sink.room * 2, needed);
  const isShared = sink.bytes.buffer instanceof SharedArrayBuffer;
  const grown = new Uint8Array(isShared ? sharedMemory(room) : new ArrayBuffer(room + BEYOND));
  grown.set(sink.bytes.subarray(0, sink.length));
  Object.assign(sink, viewsOf(grown));
}

/** Longer texts are quicker through the engine's own routine than unit by unit. */
const SHORT = 34;
/** Still longer ones nearly all hold a line break or a quote. */
const LONG = 400;
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DELETE = 0x7f;
const MINUS = 0x2d;
const ZERO = 0x30;
/** Below it, a division by ten is one of 32-bit integers. */
const LARGEST_QUICK = 2 ** 30;

/** Writes text that stands as it is. */
export function writePlain(sink: ByteSink, text: string): void {
  if (text.length <= SHORT && writeShortPlain(sink, text)) return;
  reserve(sink, text.length * BYTES_PER_UNIT);
  sink.length += sink.buffer.write(text, sink.length, 'utf8');
}

/** False, and nothing written, when a unit is no ASCII. */
function writeShortPlain(sink: ByteSink, text: string): boolean {
  if (sink.length + SHORT > sink.room) reserve(sink, SHORT);
  const { bytes } = sink;
  let at = sink.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > DELETE) return false;
    bytes[at] = unit;
    at += 1;
  }
  sink.length = at;
  return true;
}

/** Bytes that are written often, packed so that eight of them are written at once. */
export interface Packed {
  words: BigUint64Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
}

/** @param text ASCII */
export const pack = (text: string): Packed => packBytes(Buffer.from(text, 'latin1'));

export function packBytes(bytes: Uint8Array): Packed {
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD) * WORD);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  const count = padded.length / WORD;
  const words = BigUint64Array.from({ length: count }, (_, i) => view.getBigUint64(i * WORD, true));
  return { words, bytes: padded.subarray(0, bytes.length), length: bytes.length };
}

/** Up to here, words written one by one are quicker than a call of the engine's own routine. */
const FEW_BYTES = 56;

export function writePacked(sink: ByteSink, { words, bytes, length }: Packed): void {
  if (sink.length + length > sink.room) reserve(sink, length);
  if (length > FEW_BYTES) {
    sink.bytes.set(bytes, sink.length);
  } else {
    const { view } = sink;
    let at = sink.length;
    for (let i = 0; i < words.length; i += 1) {
      // Words that are only moved are no big integers to the engine: nothing is made for them.
      view.setBigUint64(at, words[i] ?? 0n, true);
      at += WORD;
    }
  }
  sink.length += length;
}

/** The same for a copy, whose call is slower. */
const FEW_COPIED = 128;

/** Appends bytes of another sink, or of the same one. */
export function copyBytes(
  from: ByteSink,
  { start, end }: Readonly<{ start: number; end: number }>,
  sink: ByteSink,
): void {
  const count = end - start;
  if (sink.length + count > sink.room) reserve(sink, count);
  if (count > FEW_COPIED) {
    from.buffer.copy(sink.buffer, sink.length, start, end);
  } else {
    const source = from.view;
    const { view, length } = sink;
    for (let at = 0; at < count; at += WORD) {
      view.setBigUint64(length + at, source.getBigUint64(start + at, true), true);
    }
  }
  sink.length += count;
}

/** Writes a finite number as JSON does. */
export function writeNumber(sink: ByteSink, value: number): void {
  if (value === (value | 0) && value > -LARGEST_QUICK && value < LARGEST_QUICK) {
    writeSmallInteger(sink, value | 0);
  } else {
    writeAscii(sink, String(value));
  }
}

function writeSmallInteger(sink: ByteSink, value: number): void {
  let rest = value < 0 ? -value : value;
  let digits = 1;
  for (let limit = 10; limit <= rest; limit *= 10) digits += 1;
  if (sink.length + digits >= sink.room) reserve(sink, digits + 1);
  const { bytes } = sink;
  if (value < 0) {
    bytes[sink.length] = MINUS;
    sink.length += 1;
  }
  for (let at = sink.length + digits - 1; at >= sink.length; at -= 1) {
    const tens = (rest / 10) | 0;
    bytes[at] = ZERO + rest - tens * 10;
    rest = tens;
  }
  sink.length += digits;
}

/** Writes ASCII that stands as it is. */
export function writeAscii(sink: ByteSink, text: string): void {
  if (sink.length + text.length > sink.room) reserve(sink, text.length);
  const { bytes } = sink;
  let at = sink.length;
  for (let i = 0; i < text.length; i += 1) {
    bytes[at] = text.charCodeAt(i);
    at += 1;
  }
  sink.length = at;
}

/** Writes a text as a JSON string. False, and nothing written, when it holds half a character. */
export function writeJsonString(sink: ByteSink, text: string): boolean {
  const isWritten = text.length <= SHORT ? writeShortText(sink, text) : writeLongText(sink, text);
  if (isWritten) return true;
  if (!text.isWellFormed()) return false;
  writePlain(sink, JSON.stringify(text));
  return true;
}

/** Copies a text unit by unit, as long as it is ASCII that needs no escape: most texts are. */
function writeShortText(sink: ByteSink, text: string): boolean {
  if (sink.length + SHORT + 2 > sink.room) reserve(sink, SHORT + 2);
  const { bytes } = sink;
  let at = sink.length;
  bytes[at] = QUOTE;
  at += 1;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < SPACE || unit >= DELETE || unit === QUOTE || unit === BACKSLASH) return false;
    bytes[at] = unit;
    at += 1;
  }
  bytes[at] = QUOTE;
  sink.length = at + 1;
  return true;
}

/** The same with the engine's own routine; looked at afterwards, four bytes at once. */
function writeLongText(sink: ByteSink, text: string): boolean {
  if (text.length > LONG) return false;
  reserve(sink, text.length * BYTES_PER_UNIT + 2);
  const { bytes } = sink;
  const start = sink.length + 1;
  const written = sink.buffer.write(text, start, 'utf8');
  const end = start + written;
  if (written !== text.length || needsEscape(sink, start, end)) return false;
  bytes[sink.length] = QUOTE;
  bytes[end] = QUOTE;
  sink.length = end + 1;
  return true;
}

const EACH_BYTE = 0x01010101;
const HIGH_BITS = 0x80808080;

/** True when a byte is a quote, a backslash, a control or no ASCII; now and then for others too. */
function needsEscape({ view, bytes }: ByteSink, start: number, end: number): boolean {
  let found = 0;
  let at = start;
  // A byte borrows from its high bit when it is below what is taken away, and not when it was above.
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true);
    const quotes = word ^ (QUOTE * EACH_BYTE);
    const slashes = word ^ (BACKSLASH * EACH_BYTE);
    found |= word;
    found |= (quotes - EACH_BYTE) & ~quotes;
    found |= (slashes - EACH_BYTE) & ~slashes;
    found |= (word - SPACE * EACH_BYTE) & ~word;
  }
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < SPACE || byte >= DELETE || byte === QUOTE || byte === BACKSLASH) return true;
  }
  return (found & HIGH_BITS) !== 0;
}
