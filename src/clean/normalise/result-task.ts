import type { Normalise } from '../conform.ts';

/** A task that is a text (or another scalar) is its name. */
export const resultTask: Normalise = (value) =>
  value === null || value === undefined || typeof value === 'object' ? value : { name: value };
