import { FileList } from './file-list.ts';
import { isRecord } from './json-text.ts';
import type { JsonRecord } from './json-text.ts';
import type { Sink } from './sink.ts';

/** A record of texts only (a file, of which a model has many) that needs nothing is used as it is. */
export function isFineRecord(value: JsonRecord, names: readonly string[], sink: Sink): boolean {
  let count = 0;
  let size = 0;
  for (const key in value) {
    const text = value[key];
    if (key !== names[count] || typeof text !== 'string') return false;
    if (text.length > sink.longest || !text.isWellFormed()) return false;
    count += 1;
    size += key.length + 8 + text.length;
  }
  if (count !== names.length) return false;
  sink.size += size + 2;
  return true;
}

/** The same for a list of such records: no other list is made for it. */
export function areFineRecords(value: unknown, names: readonly string[], sink: Sink): boolean {
  if (value instanceof FileList) {
    sink.size += value.end - value.start;
    return true;
  }
  if (!Array.isArray(value)) return false;
  const before = sink.size;
  for (let index = 0; index < value.length; index += 1) {
    const member: unknown = value[index];
    if (!isRecord(member) || !isFineRecord(member, names, sink)) {
      sink.size = before;
      return false;
    }
  }
  sink.size += value.length * 24;
  return true;
}

/** Most lists of texts need nothing: they are used as they are. */
export function fineTexts(value: unknown, sink: Sink): boolean {
  if (!Array.isArray(value)) return false;
  let size = 0;
  for (let index = 0; index < value.length; index += 1) {
    const text: unknown = value[index];
    if (typeof text !== 'string' || text.length > sink.longest || !text.isWellFormed())
      return false;
    size += text.length + 3;
  }
  sink.size += size;
  return true;
}
