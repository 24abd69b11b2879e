import type { Normalise } from '../conform.ts';
import { isRecord } from '../json-text.ts';
import { keepInExtra, repair } from '../sink.ts';
import { eachOrOne } from './each.ts';

/** A dataset that is a text is its name. */
export const resultDatasets: Normalise = eachOrOne((value) =>
  value === null || value === undefined || typeof value === 'object' ? value : { name: value },
);

/** `args: {language: "en"}` is its one value; the key is kept in extra. */
export const datasetArgs: Normalise = (value, sink, place) => {
  if (!isRecord(value)) return value;
  const members = Object.values(value);
  const [only] = members;
  if (members.length !== 1 || only === null || typeof only === 'object') return value;
  repair(sink, place, 'object_unwrapped');
  keepInExtra(sink, place, value);
  return only;
};
