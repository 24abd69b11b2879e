/** Readers for values of boards: each takes anything and answers null for what is not of its kind. */

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own property of an object, or undefined; never a value from the prototype. */
export const field = (value: unknown, ...path: string[]): unknown => {
  let at = value;
  for (const key of path) {
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
};

/** Text without surrounding space; null for the empty one and for what is no text. */
export const textOf = (value: unknown): string | null => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const text = typeof value === 'string' ? value.toWellFormed().trim() : '';
  return text === '' ? null : text;
};

/** What a text that begins with a number begins with: most texts are told by it, at little cost. */
const NUMBER_START = /^\s*[#$≈~]?[+\-.\d]/u;
/** Sign, digits, decimals, exponent; thousands separated by commas. */
const NUMBER = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** What most numbers look like: nothing of them has to be taken away first. */
const PLAIN_NUMBER = /^[+-]?\d{1,300}(?:\.\d+)?$/;

/** A finite number: a JSON number, or the number that a text begins with (`52.08 %`, `1,504 ±6`). */
export const numberOf = (value: unknown): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  if (PLAIN_NUMBER.test(value)) return Number(value);
  if (!NUMBER_START.test(value)) return null;
  const first =
    value
      .trim()
      .replace(/^[#$≈~]/u, '')
      .split(/[\s%±]/u, 1)[0] ?? '';
  if (!/\d/.test(first) || !NUMBER.test(first)) return null;
  const number = Number(first.replaceAll(',', ''));
  return Number.isFinite(number) ? number : null;
};

export const integerOf = (value: unknown): number | null => {
  const number = numberOf(value);
  return number !== null && Number.isSafeInteger(number) ? number : null;
};

const BOOLEANS: Partial<Record<string, boolean>> = {
  true: true,
  false: false,
  yes: true,
  no: false,
};

const LONGEST_BOOLEAN = 'false'.length;

export const booleanOf = (value: unknown): boolean | null => {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim() : '';
  if (text.length > LONGEST_BOOLEAN) return null;
  const name = text.toLowerCase();
  return (Object.hasOwn(BOOLEANS, name) ? BOOLEANS[name] : null) ?? null;
};

/** The day of an ISO date or time, as `YYYY-MM-DD`; null for a day that does not exist. */
export const dateOf = (value: unknown): string | null => {
  const day =
    typeof value === 'string' ? /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(value.trim())?.[0] : undefined;
  if (day === undefined) return null;
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? null : day;
};

/** The same JSON value with each lone surrogate replaced by U+FFFD. */
export const wellFormed = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [key.toWellFormed(), wellFormed(it)]),
  );
};

const MISSING = new Set(['', '-', '–', '—', '?', 'n/a', 'na', 'nan', 'none', 'null']);
const LONGEST_MISSING = 'none'.length;

/** Whether a cell says that there is no value. @param numbers that stand for "not measured" too */
export const isMissing = (text: string, numbers: readonly number[] = []): boolean => {
  const bare = text.trim();
  if (bare.length <= LONGEST_MISSING && MISSING.has(bare.toLowerCase())) return true;
  if (numbers.length === 0) return false;
  const number = numberOf(text);
  return number !== null && numbers.includes(number);
};

/** What a reader gives; undefined where it throws. Total also over functions that trust what they read. */
export const attempt = <Value>(read: () => Value): Value | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** The value of a JSON text; undefined when it is none. */
export const parsed = (text: string): unknown => attempt(() => JSON.parse(text) as unknown);
