import type { Normalise } from '../conform.ts';
import { isRecord } from '../json-text.ts';
import { cleanText, moveTail, repair } from '../sink.ts';
import type { Place, Sink } from '../sink.ts';

/** Tags are texts on the Hub; here they are looked up. One that the vocabulary lacks keeps its id. */
export const modelTags: Normalise = (value, sink, place) => {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) repair(sink, place, 'list_from_one');
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const rows: unknown[] = [];
  sink.size += list.length * 60;
  for (let index = 0; index < list.length; index += 1) {
    const tag = list[index];
    if (typeof tag === 'string') {
      rows.push(tagRow(tag, sink, place));
    } else if (isTag(tag)) rows.push(tag);
    else moveTail(sink, place, { tail: `[${index}]`, value: tag, why: 'type' });
  }
  return rows;
};

function tagRow(tag: string, sink: Sink, place: Place): object {
  // The vocabulary holds clean texts: what is found there as it was sent needs no look.
  const known = tag.length > sink.longest ? undefined : sink.tags.get(tag);
  if (known !== undefined) {
    sink.size += tag.length;
    return known;
  }
  const id = cleanText(sink, place, tag);
  const found = id === tag ? undefined : sink.tags.get(id);
  return found ?? { id, label: null, type: null, subType: null };
}

/** The row of an earlier cleaning. */
const isTag = (value: unknown): boolean =>
  isRecord(value) &&
  Object.keys(value).join() === 'id,label,type,subType' &&
  Object.values(value).every((it) => it === null || (typeof it === 'string' && it.isWellFormed()));
