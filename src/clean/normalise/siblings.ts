import type { Normalise } from '../conform.ts';
import { FileList } from '../file-list.ts';

/** A file that is a text is its path. */
export const siblings: Normalise = (value, { longest }) => {
  // Where texts are cut, each of them has to be looked at.
  if (value instanceof FileList) return longest === Infinity ? value : value.toJSON();
  return Array.isArray(value) && value.some(isText)
    ? value.map((it: unknown) => (isText(it) ? { rfilename: it } : it))
    : value;
};

const isText = (value: unknown): value is string => typeof value === 'string';
