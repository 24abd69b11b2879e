import type { Normalise } from '../conform.ts';
import { repair } from '../sink.ts';
import { eachOrOne } from './each.ts';

/** `language: no` is Norwegian; YAML reads it as false. */
export const language: Normalise = eachOrOne((value, sink, place) => {
  if (value !== false) return value;
  repair(sink, place, 'norwegian');
  return 'no';
});
