import type { Normalise } from '../conform.ts';
import { isRecord } from '../json-text.ts';
import { cleanText, moveTail, repair } from '../sink.ts';

/** Tags are texts on the Hub; here they are looked up. One that the vocabulary lacks keeps its id. */
export const modelTags: Normalise = (value, sink, place) => {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) repair(sink, place, 'list_from_one');
  const rows: unknown[] = [];
  sink.size += Array.isArray(value) ? value.length * 60 : 60;
  for (const [index, tag] of (Array.isArray(value) ? value : [value]).entries()) {
    if (typeof tag === 'string') {
      const id = cleanText(sink, place, tag);
      rows.push(sink.tags.get(id) ?? { id, label: null, type: null, subType: null });
    } else if (isTag(tag)) rows.push(tag);
    else moveTail(sink, place, { tail: `[${index}]`, value: tag, why: 'type' });
  }
  return rows;
};

/** The row of an earlier cleaning. */
const isTag = (value: unknown): boolean =>
  isRecord(value) &&
  Object.keys(value).join() === 'id,label,type,subType' &&
  Object.values(value).every((it) => it === null || (typeof it === 'string' && it.isWellFormed()));
