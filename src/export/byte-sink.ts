/** A growing buffer that JSON is written into, as UTF-8. */
export interface ByteSink {
  bytes: Buffer;
  /** Bytes so far; lowering it forgets the last ones. */
  length: number;
}

export const createByteSink = (startBytes = 1 << 16): ByteSink => ({
  bytes: Buffer.allocUnsafeSlow(startBytes),
  length: 0,
});

/** The bytes so far, in an array buffer of their own that may be handed to another thread. */
export const takeBytes = ({ bytes, length }: ByteSink): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.subarray(0, length));

/** Makes room for that many more bytes. */
export function reserve(sink: ByteSink, more: number): void {
  const needed = sink.length + more;
  if (needed <= sink.bytes.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(sink.bytes.length * 2, needed));
  sink.bytes.copy(grown, 0, 0, sink.length);
  sink.bytes = grown;
}

/** Longer texts are quicker through the engine's own routines than unit by unit. */
const SHORT = 64;
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DELETE = 0x7f;

/** Writes text that stands as it is. */
export function writePlain(sink: ByteSink, text: string): void {
  reserve(sink, text.length * BYTES_PER_UNIT);
  sink.length += sink.bytes.write(text, sink.length, 'utf8');
}

/** Writes ASCII that stands as it is: digits, keys. */
export function writeAscii(sink: ByteSink, text: string): void {
  reserve(sink, text.length);
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
  if (text.length <= SHORT && writeShortAscii(sink, text)) return true;
  if (!text.isWellFormed()) return false;
  writePlain(sink, JSON.stringify(text));
  return true;
}

/** Most texts are short and need no escape: they are copied unit by unit, without a second string. */
function writeShortAscii(sink: ByteSink, text: string): boolean {
  reserve(sink, SHORT + 2);
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
