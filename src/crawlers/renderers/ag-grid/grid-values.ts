import { field, isObject } from '../../../boards/values.ts';
import { foldSpace } from '../../../boards/text.ts';
import { shows } from '../../pages/entry-values.ts';

/** Whether a grid that loaded `value` shows `text` for it, as it is or rounded. */
export function showsValue(text: string, value: unknown): boolean {
  if (value === null || value === '') return text === '';
  if (typeof value === 'number') return text === String(value) || shows(text, value, 1);
  return (typeof value === 'string' || typeof value === 'boolean') && shows(text, value, 1);
}

/** The text of a loaded value, as far as it has one. */
export const loadedText = (value: unknown): string =>
  typeof value === 'string'
    ? foldSpace(value)
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';

/** Gives a column's value of entries: under its id, or where the dots of that lead; else undefined. */
export function valueReader(id: string): (item: unknown) => unknown {
  const path = id.split('.');
  // Of any other name, what an object of JSON has is its own.
  const isInherited = id in Object.prototype;
  return (item) => {
    const found = isInherited || !isObject(item) ? undefined : item[id];
    if (found !== undefined && found !== null) return found;
    return (
      field(item, id) ?? (isObject(item) && Object.hasOwn(item, id) ? null : field(item, ...path))
    );
  };
}
