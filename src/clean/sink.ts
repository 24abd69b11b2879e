import { createHash } from 'node:crypto';
import { jsonText, paramText } from './json-text.ts';
import type { Repair, RepairRule } from './rules.ts';
import type { TagEntry } from './tags.ts';

type Param = { name: string; value: string | null } | { name: string; val: string | null };

/** What cleaning one record collects on the way. */
export interface Sink {
  repairs: Repair[];
  extra: { path: string; json: string }[];
  /** The params of the record in hand; keys and misfits below it go there. */
  params: Param[];
  /** How those params spell their value. */
  valueKey: 'value' | 'val';
  /** Positions in the lists on the way down; −1 where a single value stood for a list. */
  at: number[];
  /** Longest text that is left whole, in UTF-16 units. */
  longest: number;
  /** Texts seen so far, in UTF-16 units: a cheap estimate of the record's size. */
  size: number;
  /** The vocabulary of tags. */
  tags: ReadonlyMap<string, TagEntry>;
}

/** Where a column stands. `[]` in a path or label is filled with the position at hand. */
export interface Place {
  /** From the top of the record. */
  path: string;
  /** From the record whose params take misfits; null where they go to extra. */
  label: string | null;
  /** How many lists are on the way to it, and to its params. */
  lists: { path: number; label: number };
}

/** @param tags the vocabulary. @default none */
export const createSink = (longest: number, tags: Sink['tags'] = new Map()): Sink => ({
  repairs: [],
  extra: [],
  params: [],
  valueKey: 'value',
  at: [],
  longest,
  size: 0,
  tags,
});

/** The path of a place with its positions filled in, e.g. `cardData.widget[2].text`. */
const pathOf = (sink: Sink, place: Place): string =>
  place.lists.path === 0 ? place.path : fill(place.path, sink.at, 0);

function fill(template: string, at: readonly number[], first: number): string {
  let index = first;
  return template.replaceAll('[]', () => {
    const position = at[index] ?? -1;
    index += 1;
    return position < 0 ? '' : `[${position}]`;
  });
}

/** The place of an element of the list there. */
export const inList = ({ path, label, lists }: Place): Place => ({
  path: `${path}[]`,
  label: label === null ? null : `${label}[]`,
  lists: { path: lists.path + 1, label: lists.label + 1 },
});

export function repair(sink: Sink, place: Place, rule: RepairRule): void {
  sink.repairs.push({ rule, path: pathOf(sink, place) });
}

/** Keeps a value as sent in extra, under the path of a place. Say why by a repair of its own. */
export function keepInExtra(sink: Sink, place: Place, value: unknown): void {
  addExtra(sink, pathOf(sink, place), value);
}

function addExtra(sink: Sink, where: string, value: unknown): void {
  const json = jsonText(value);
  const path = wellFormed(where);
  sink.size += json.length + path.length;
  sink.extra.push({ path: path.slice(0, sink.longest).toWellFormed(), json: bounded(sink, json) });
}

/** Moves a value of the wrong type to the nearest params, or to extra, and counts it. */
export function moveAway(sink: Sink, place: Place, value: unknown): null {
  moveTail(sink, place, { tail: '', value, why: 'type' });
  return null;
}

/** The same for a member of the place: `tail` is `.key` or `[3]`. */
export function moveTail(
  sink: Sink,
  place: Place,
  { tail, value, why }: { tail: string; value: unknown; why: 'key' | 'type' | 'list' },
): void {
  const path = pathOf(sink, place) + tail;
  const toParams = place.label !== null;
  const rule =
    why === 'list' ? 'not_in_list' : (`${why}_to_${toParams ? 'params' : 'extra'}` as const);
  sink.repairs.push({ rule, path: wellFormed(path) });
  if (place.label === null) {
    addExtra(sink, path, value);
    return;
  }
  const first = place.lists.path - place.lists.label;
  const label = (place.lists.label === 0 ? place.label : fill(place.label, sink.at, first)) + tail;
  const name = label.startsWith('.') ? label.slice(1) : label;
  addParam(sink, place, { name, value });
}

function addParam(sink: Sink, place: Place, param: { name: string; value: unknown }): void {
  const name = cleanText(sink, place, param.name);
  const text = param.value === null ? null : cleanText(sink, place, paramText(param.value));
  sink.params.push(sink.valueKey === 'val' ? { name, val: text } : { name, value: text });
}

/** A text that every warehouse takes: whole characters, and not beyond the bound of this pass. */
export function cleanText(sink: Sink, place: Place, text: string): string {
  sink.size += text.length;
  if (text.length <= sink.longest && text.isWellFormed()) return text;
  const whole = text.toWellFormed();
  if (whole !== text && text.length <= sink.longest) {
    repair(sink, place, 'lone_surrogate');
    sink.extra.push({ path: pathOf(sink, place), json: JSON.stringify(text) });
  }
  return whole.length <= sink.longest ? whole : cut(sink, place, whole);
}

function cut(sink: Sink, place: Place, text: string): string {
  const sha256 = createHash('sha256').update(text).digest('hex');
  repair(sink, place, 'cut');
  sink.extra.push({
    path: pathOf(sink, place),
    json: JSON.stringify({ length: text.length, sha256 }),
  });
  // A cut may fall between the halves of a character: toWellFormed would leave a mark there.
  const kept = text.slice(0, sink.longest);
  return kept.isWellFormed() ? kept : kept.slice(0, -1);
}

const bounded = (sink: Sink, json: string): string => {
  if (json.length <= sink.longest) return json;
  const sha256 = createHash('sha256').update(json).digest('hex');
  return JSON.stringify({ cut: { length: json.length, sha256 } });
};

const wellFormed = (text: string): string => (text.isWellFormed() ? text : text.toWellFormed());
