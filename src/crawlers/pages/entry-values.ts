import { rankOf, withoutBadges } from '../../boards/form.ts';
import { isMissing, isObject, numberOf } from '../../boards/values.ts';
import { foldSpace } from '../../boards/text.ts';

/** A value in an object, by its path: keys joined by a character that no key has. */
export type Values = ReadonlyMap<string, string | number | boolean>;

const DEEPEST = 4;
/** More values than this in one object are data of another kind. */
const MOST_VALUES = 3000;

/** All plain values of an object, to some depth. Total: takes any JSON. */
export function valuesOf(item: unknown): Values {
  const values = new Map<string, string | number | boolean>();
  const visit = (value: unknown, path: string, depth: number): void => {
    if (values.size >= MOST_VALUES) return;
    if (isObject(value)) {
      if (depth >= DEEPEST) return;
      for (const key of Object.keys(value)) visit(value[key], `${path}\u0000${key}`, depth + 1);
    } else if (
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    ) {
      values.set(path, value);
    }
  };
  visit(item, '', 0);
  return values;
}

const COUNT =
  /^(?:total|count|(?:total|records|num|row|item)_?(?:count|rows|items|records|results|elements|hits|total|filtered))$/i;

/** The largest number that a JSON value gives, outside of its arrays, as one of rows; 0 for none. */
export function countIn(root: unknown, deepest = 3): number {
  if (!isObject(root) || deepest === 0) return 0;
  const counts = Object.entries(root).map(([key, value]) =>
    typeof value === 'number' && COUNT.test(key) ? value : countIn(value, deepest - 1),
  );
  return Math.max(0, ...counts);
}

/** The number a text begins with, and half a unit of its last decimal. */
function shownNumber(text: string): { value: number; unit: number } | null {
  // Ranks may be medals, or ordinals; they are short, and most texts are not.
  const value =
    numberOf(withoutBadges(text).replace('\u2212', '-')) ?? (text.length < 8 ? rankOf(text) : null);
  if (value === null) return null;
  const decimals = /\d\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return { value, unit: 10 ** -decimals };
}

/** A number that was loaded as a text, as CSV has all of them. */
const PLAIN_NUMBER = /^[+-]?\d{1,20}(?:\.\d{1,20})?$/;

/** Whether a value is a number, or the text of one. */
export const isNumeric = (value: string | number | boolean | undefined): boolean =>
  typeof value === 'number' || (typeof value === 'string' && PLAIN_NUMBER.test(value.trim()));

/** Factors between a value and what a page shows of it. */
export const SCALES = [1, 100] as const;

/** Whether a page that shows `text` shows `value`, rounded or cut, `scale` times as large. */
export function shows(text: string, value: string | number | boolean, scale: number): boolean {
  if (typeof value === 'string') {
    if (isMissing(value)) return isMissing(text);
    return foldSpace(value) === text || (isNumeric(value) && shows(text, Number(value), scale));
  }
  if (typeof value === 'boolean') return String(value) === text.toLowerCase();
  const shown = shownNumber(text);
  return shown !== null && Math.abs(shown.value - value * scale) < shown.unit * 0.999;
}
