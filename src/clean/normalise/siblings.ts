import type { Normalise } from '../conform.ts';

/** A file that is a text is its path. */
export const siblings: Normalise = (value) =>
  Array.isArray(value) && value.some(isText)
    ? value.map((it: unknown) => (isText(it) ? { rfilename: it } : it))
    : value;

const isText = (value: unknown): value is string => typeof value === 'string';
