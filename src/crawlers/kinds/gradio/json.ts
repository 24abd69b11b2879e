/** Careful steps into JSON that anybody may have written. None of them throws. */

import { isObject, type JsonObject } from '../../../boards/values.ts';

export { field as at, isObject, parsed, type JsonObject } from '../../../boards/values.ts';

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
