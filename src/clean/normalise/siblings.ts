import type { Normalise } from '../conform.ts';
import { each } from './each.ts';

/** A file that is a text is its path. */
export const siblings: Normalise = each((value) =>
  typeof value === 'string' ? { rfilename: value } : value,
);
