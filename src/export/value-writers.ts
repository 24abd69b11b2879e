import { FileList } from '../clean/file-list.ts';
import { keptOf } from '../clean/shared-rows.ts';
import type { Column } from '../tables/columns.ts';
import {
  copyBytes,
  createByteSink,
  pack,
  reserve,
  writeJsonString,
  writeNumber,
  writePacked,
  writePlain,
  type ByteSink,
} from './byte-sink.ts';

/** Writes one value, never null, and checks it; false when it is not of the column's type. */
export type WriteValue = (value: unknown, sink: ByteSink) => boolean;

const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const NO_ELEMENTS = pack('[]');
const TRUE = pack('true');
const FALSE = pack('false');

export function putByte(sink: ByteSink, byte: number): void {
  if (sink.length === sink.room) reserve(sink, 1);
  sink.bytes[sink.length] = byte;
  sink.length += 1;
}

/**
 * The writer of a scalar column, of one element where it is REPEATED.
 *
 * @throws {Error} for a RECORD, which is no scalar
 */
export function scalarWriter({ name, type, values, pattern }: Column): WriteValue {
  switch (type) {
    case 'STRING':
      return values === undefined ? writeString : oneOfWriter(values);
    case 'INTEGER':
      return writeInteger;
    case 'FLOAT':
      return writeFloat;
    case 'BOOLEAN':
      return writeBoolean;
    case 'TIMESTAMP':
    case 'DATE':
      return patternWriter(pattern ?? '');
    case 'JSON':
      return writeJson;
    case 'RECORD':
      throw new Error(`${name}: a record is no scalar`);
  }
}

/** The writer of a list, by that of an element. */
export function listWriter(writeElement: WriteValue): WriteValue {
  return (value, sink) => {
    if (value instanceof FileList) return writeFiles(value, sink);
    if (!Array.isArray(value)) return false;
    if (value.length === 0) {
      writePacked(sink, NO_ELEMENTS);
      return true;
    }
    putByte(sink, OPEN_BRACKET);
    for (let i = 0; i < value.length; i += 1) {
      if (i > 0) putByte(sink, COMMA);
      if (!writeElement(value[i], sink)) return false;
    }
    putByte(sink, CLOSE_BRACKET);
    return true;
  };
}

/** It was looked at when it was found. */
function writeFiles({ bytes, start, end }: FileList, sink: ByteSink): true {
  reserve(sink, end - start);
  bytes.copy(sink.buffer, sink.length, start, end);
  sink.length += end - start;
  return true;
}

/** A shared row stays what it is: its bytes are kept for when it comes again. */
export function keepingWriter(write: WriteValue): WriteValue {
  // One piece of memory for all: bytes in arrays of their own would each be far from the others.
  const store = createByteSink();
  return (value, sink) => {
    const kept = keptOf(value);
    if (kept?.by === store) {
      copyBytes(store, kept, sink);
      return true;
    }
    const start = sink.length;
    if (!write(value, sink)) return false;
    // What another writer keeps there stays its own.
    if (kept === undefined || kept.by !== undefined) return true;
    kept.start = store.length;
    copyBytes(sink, { start, end: sink.length }, store);
    kept.end = store.length;
    kept.by = store;
    return true;
  };
}

const writeString: WriteValue = (value, sink) =>
  typeof value === 'string' && writeJsonString(sink, value);

const oneOfWriter = (values: readonly string[]): WriteValue => {
  const known = new Set<unknown>(values);
  return (value, sink) => known.has(value) && writeString(value, sink);
};

const patternWriter = (source: string): WriteValue => {
  const pattern = new RegExp(source);
  let fine: string | undefined;
  return (value, sink) => {
    if (typeof value !== 'string') return false;
    // Many rows have the time of the one before: that of the run, or the day when the Hub began to note it.
    if (value !== fine && !pattern.test(value)) return false;
    fine = value;
    return writeString(value, sink);
  };
};

const writeInteger: WriteValue = (value, sink) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false;
  writeNumber(sink, value);
  return true;
};

const writeFloat: WriteValue = (value, sink) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  writeNumber(sink, value);
  return true;
};

const writeBoolean: WriteValue = (value, sink) => {
  if (typeof value !== 'boolean') return false;
  writePacked(sink, value ? TRUE : FALSE);
  return true;
};

const writeJson: WriteValue = (value, sink) => {
  if (value === undefined || typeof value === 'function') return false;
  writePlain(sink, JSON.stringify(value));
  return true;
};
