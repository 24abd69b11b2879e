/** A decimal number as people write it. */
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?$/i;

/** Longest text that is looked at. */
const LONGEST = 64;

/**
 * A score as a number, and whether it is called a percentage: `91.2 %` and `91.2 ± 0.3%` are 91.2. Null
 * for what is not one number.
 */
export function figureOf(text: string | null): { value: number; isPercent: boolean } | null {
  if (text === null || text.length > LONGEST) return null;
  const [before = '', error] = text.split(/±|\+\/-|\+-/).map((it) => it.trim());
  const isPercent = before.endsWith('%') || error?.endsWith('%') === true;
  const digits = (before.endsWith('%') ? before.slice(0, -1).trim() : before).replace(
    '\u2212',
    '-',
  );
  const value = Number(digits);
  return NUMBER.test(digits) && Number.isFinite(value) ? { value, isPercent } : null;
}
