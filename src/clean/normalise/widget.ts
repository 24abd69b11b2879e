import type { Normalise } from '../conform.ts';
import { eachOrOne } from './each.ts';

const isScalar = (value: unknown): boolean =>
  value !== null && value !== undefined && typeof value !== 'object';

/** Examples to try: a bare text, or a list of texts, is the input of one example. */
export const widget: Normalise = eachOrOne((value) => {
  if (isScalar(value)) return { text: [value] };
  return Array.isArray(value) && value.length > 0 && value.every(isScalar)
    ? { text: value as unknown[] }
    : value;
});
