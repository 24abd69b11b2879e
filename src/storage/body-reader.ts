import { parseCapture } from './capture-line.ts';
import { bytesBefore, marksOf, WORD, wordOf } from '../words.ts';

/** The body of a capture: a page of an API as it was sent. */
export interface PageBody {
  /** UTF-8. It stands there until the next line is read. */
  bytes: Buffer;
  /**
   * Where each record ends, of a list of objects without white space between them: the first begins
   * at 1, each other one after the comma. Undefined for a page of any other form.
   */
  ends: readonly number[] | undefined;
  /** Where the list under the key `siblings` of each record begins, its own and last one; 0 for none. */
  siblingsAt: readonly number[];
  /** False when it may hold a number that a double does not: one of 16 digits, or with an exponent. */
  isExact: boolean;
}

/** What stands before the text of a body, which is a capture's last key, and after it. */
const BODY_KEY = ',"body":"';
const LINE_END = '"}\n';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];
const [DOT, ZERO, NINE, LETTER_E, TO_LOWER] = [0x2e, 0x30, 0x39, 0x65, 0x20];
/** An integer of fewer digits is below 2^53. */
const MANY_DIGITS = 16;
const BACKSLASHES = wordOf(BACKSLASH);
const COLON = 0x3a;
const SIBLINGS = Buffer.from('"siblings"');

/**
 * Reads the body of a capture from its line of JSON, newline included; undefined when the line is no
 * capture. Of the body only the escapes are taken away, and the ends of its records noted on the way:
 * that takes less time than parsing a string of a megabyte, and leaves none of it behind. One reader
 * serves one thread.
 *
 * @throws {SyntaxError} for a line that is no JSON
 */
export function createBodyReader(): (line: Buffer) => PageBody | undefined {
  let plain = Buffer.alloc(0);
  return (line) => {
    const keyAt = line.indexOf(BODY_KEY, 0, 'latin1');
    const end = line.length - LINE_END.length;
    if (keyAt !== -1 && line.toString('latin1', end) === LINE_END && isHead(line, keyAt)) {
      const body = line.subarray(keyAt + BODY_KEY.length, end);
      if (plain.length < body.length + WORD) plain = Buffer.allocUnsafeSlow(2 * body.length + WORD);
      const page = unescapeInto(plain, body);
      if (page !== undefined) return page;
    }
    const body = parseCapture(line.toString('utf8', 0, line.length - 1))?.body;
    const bytes = Buffer.from(body ?? '');
    if (body === undefined) return undefined;
    return { bytes, ends: undefined, siblingsAt: [], isExact: false };
  };
}

/** True when what stands before the body is all that a capture has beside it. */
function isHead(line: Buffer, keyAt: number): boolean {
  try {
    return parseCapture(`${line.toString('utf8', 0, keyAt)},"body":""}`) !== undefined;
  } catch {
    // A nested `body`: what stands before it is no object, and the whole line has to tell.
    return false;
  }
}

interface Copying {
  body: Buffer;
  from: DataView;
  to: DataView;
  at: number;
  length: number;
  /** Where the last text begins. */
  textAt: number;
}

/** Undefined for an escape that JSON in JSON has no use for: such a body is parsed. */
function unescapeInto(plain: Buffer, body: Buffer): PageBody | undefined {
  const copying: Copying = {
    body,
    from: new DataView(body.buffer, body.byteOffset, body.length),
    to: new DataView(plain.buffer, plain.byteOffset, plain.length),
    at: 0,
    length: 0,
    textAt: 0,
  };
  const ends: number[] = [];
  const siblingsAt: number[] = [];
  let isExact = true;
  let [depth, digits, listAt] = [0, 0, 0];
  while (copying.at < body.length) {
    const byte = body[copying.at] ?? 0;
    if (byte === BACKSLASH) {
      copying.textAt = copying.length;
      if (!copyText(copying)) return undefined;
      listAt = siblingsAfter(copying, depth, listAt);
      continue;
    }
    plain[copying.length] = byte;
    copying.at += 1;
    copying.length += 1;
    if (byte === OPEN) depth += 1;
    else if (byte === CLOSE && (depth -= 1) === 0) {
      ends.push(copying.length);
      siblingsAt.push(listAt);
      listAt = 0;
    }
    const wasNumber = digits !== 0;
    digits = digitsWith(byte, digits);
    if (digits >= MANY_DIGITS || (wasNumber && (byte | TO_LOWER) === LETTER_E)) isExact = false;
  }
  const bytes = plain.subarray(0, copying.length);
  return { bytes, ends: isListOf(ends, bytes) ? ends : undefined, siblingsAt, isExact };
}

const [SIBL, INGS] = [SIBLINGS.readInt32LE(1), SIBLINGS.readInt32LE(5)];

/** Where the list begins, if the text that was copied last is its key in a record; else as before. */
function siblingsAfter({ body, to, at, textAt, length }: Copying, depth: number, before: number) {
  if (depth !== 1 || length - textAt !== SIBLINGS.length) return before;
  const isName = to.getInt32(textAt + 1, true) === SIBL && to.getInt32(textAt + 5, true) === INGS;
  return isName && body[at] === COLON && body[at + 1] === OPEN_LIST ? length + 1 : before;
}

/** Digits of an integer so far, with one more byte; below zero within the decimals after it. */
function digitsWith(byte: number, digits: number): number {
  if (byte >= ZERO && byte <= NINE) return digits + 1;
  return byte === DOT ? -Infinity : 0;
}

/**
 * Copies a text of the body, quotes included: `\"`, plain bytes, and escapes of its own, whose
 * backslash stands there as two. Stands at a backslash whenever it goes on.
 */
function copyText(copying: Copying): boolean {
  const { body, from, to } = copying;
  let { at, length } = copying;
  let isOpen = false;
  for (;;) {
    const unit = body[at + 1];
    to.setUint8(length, unit ?? 0);
    at += 2;
    length += 1;
    if (unit === QUOTE) {
      if (isOpen) break;
      isOpen = true;
    } else if (unit === BACKSLASH && isOpen) {
      at = copyEscape(copying, at, length);
      length += 1;
    } else return false;
    for (let before = WORD; before === WORD;) {
      // Too few bytes are left for a word: such an end is parsed.
      if (at + WORD > body.length) return false;
      const word = from.getInt32(at, true);
      to.setInt32(length, word, true);
      before = bytesBefore(marksOf(word, BACKSLASHES));
      at += before;
      length += before;
    }
  }
  copying.at = at;
  copying.length = length;
  return true;
}

/**
 * Copies what an escape of the body's own is of: one unit, which may be a quote or a backslash itself.
 * Gives where the body goes on: nowhere, after what is no escape.
 */
function copyEscape({ body, to }: Copying, at: number, length: number): number {
  const isEscaped = body[at] === BACKSLASH;
  const unit = body[isEscaped ? at + 1 : at] ?? 0;
  to.setUint8(length, unit);
  if (!isEscaped) return at + 1;
  return isEscape(unit) ? at + 2 : body.length;
}

const isEscape = (unit: number): boolean => unit === QUOTE || unit === BACKSLASH;

/** True for `[{…},{…}]` with those ends. */
function isListOf(ends: readonly number[], bytes: Buffer): boolean {
  const last = ends.length - 1;
  if (last < 0 || bytes[0] !== OPEN_LIST || bytes[1] !== OPEN) return false;
  for (let at = 0; at < last; at += 1) {
    const end = ends[at] ?? 0;
    if (bytes[end] !== COMMA || bytes[end + 1] !== OPEN) return false;
  }
  return ends[last] === bytes.length - 1 && bytes[bytes.length - 1] === CLOSE_LIST;
}
