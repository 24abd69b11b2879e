import type { Normalise } from '../conform.ts';
import { isRecord } from '../json-text.ts';
import { repair } from '../sink.ts';

/** `{value: […]}`, as some configs have it, is its value; other objects pass. */
export const unwrapValue: Normalise = (value, sink, place) => {
  if (!isRecord(value) || !Object.hasOwn(value, 'value') || Object.keys(value).length > 1)
    return value;
  repair(sink, place, 'object_unwrapped');
  return value['value'];
};
