import { bytesBefore, marksOf, WORD, wordOf } from '../words.ts';

/**
 * The files of a model as the bytes of their JSON. A third of what the Hub sends of a model is their
 * names, and nothing of it changes on the way: where the list is exactly what its column wants, it is
 * copied, and not parsed, cleaned and written again. It is no list, so that whoever takes it for one
 * fails; who has to look into it is given the parsed one (`readsFiles`).
 */
export class FileList {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;

  /** @param bytes must stand until the rows of the record are written */
  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** The list itself. */
  toJSON(): unknown {
    return JSON.parse(this.bytes.toString('utf8', this.start, this.end));
  }
}

const OPEN = Buffer.from('{"rfilename":"');
const [COMMA, QUOTE, BACKSLASH, CLOSE, CLOSE_LIST] = [0x2c, 0x22, 0x5c, 0x7d, 0x5d];
const SPACE = 0x20;
const [QUOTES, BACKSLASHES, SPACES] = [wordOf(QUOTE), wordOf(BACKSLASH), wordOf(SPACE)];

/**
 * Where a list of files ends that begins at `start`; -1 where it is anything but records of one plain
 * text, `rfilename`, without white space, escapes or an empty list.
 */
export function endOfFiles(bytes: Buffer, view: DataView, start: number): number {
  let at = start + 1;
  for (;;) {
    if (!startsWith(view, at)) return -1;
    at = endOfText(bytes, view, at + OPEN.length);
    if (bytes[at] !== QUOTE || bytes[at + 1] !== CLOSE) return -1;
    const next = bytes[at + 2];
    at += 3;
    if (next === CLOSE_LIST) return at;
    if (next !== COMMA) return -1;
  }
}

const wordAt = (at: number): number => OPEN.readInt32LE(at);
const [FIRST, SECOND, THIRD] = [wordAt(0), wordAt(4), wordAt(8)];
const LAST = OPEN.readInt16LE(12);

const startsWith = (view: DataView, at: number): boolean =>
  at + OPEN.length <= view.byteLength &&
  view.getInt32(at, true) === FIRST &&
  view.getInt32(at + 4, true) === SECOND &&
  view.getInt32(at + 8, true) === THIRD &&
  view.getInt16(at + 12, true) === LAST;

/** The first byte that a plain text does not go on with: its quote, a backslash, a control character. */
function endOfText(bytes: Buffer, view: DataView, start: number): number {
  let at = start;
  for (const last = bytes.length - WORD; at <= last; at += WORD) {
    const word = view.getInt32(at, true);
    const controls = (word - SPACES) & ~word;
    const before = bytesBefore(marksOf(word, QUOTES) | marksOf(word, BACKSLASHES) | controls);
    if (before < WORD) return at + before;
  }
  while (at < bytes.length && isPlain(bytes[at] ?? 0)) at += 1;
  return at;
}

const isPlain = (byte: number): boolean => byte !== QUOTE && byte !== BACKSLASH && byte >= SPACE;
