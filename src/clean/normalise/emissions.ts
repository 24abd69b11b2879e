import type { Normalise } from '../conform.ts';

/** `co2_eq_emissions` may be the figure alone, with or without a unit. */
export const emissions: Normalise = (value) =>
  value === null || typeof value === 'object' ? value : { emissions: value };
