/** Cheap, and true of few pages: a run of digits as long as the first unsafe integer. */
const LONG_NUMBER = /[:[, \n\r\t-]\d{16}/;

/** A number of JSON with such a run, and not the end of a text: quotes would stand between. */
const LONG_INTEGER = /[:[,]\s*-?\d{16}/;

/** An exponent that a double may not hold. The rest is looked at only where one ends. */
const LARGE_EXPONENT = /[eE]\+?\d{3}[\s\d,\]}](?<=[:[,]\s*-?[\d.]+[eE]\+?\d{3}.)/s;

/** What `JSON.parse` of this engine tells a reviver beside key and value. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * The elements of a page: of a list its members, of a single object that object. An integer beyond
 * ±(2^53−1) comes as its text, digit for digit, and so does a number too large for a double.
 *
 * @throws {SyntaxError} when the text is no JSON.
 */
export function parsePage(text: string): unknown[] {
  const page: unknown = mayHoldLargeNumber(text) ? parseExactly(text) : JSON.parse(text);
  return Array.isArray(page) ? page : [page];
}

const mayHoldLargeNumber = (text: string): boolean =>
  (LONG_NUMBER.test(text) && LONG_INTEGER.test(text)) ||
  LARGE_EXPONENT.test(text) ||
  /^\s*-?\d/.test(text);

const exact: Reviver = (_key, value, { source }) => {
  if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value))
    return value;
  return !Number.isFinite(value) || /^-?\d+$/.test(source) ? source : value;
};

// TypeScript's library does not know the third argument of a reviver yet.
const parseExactly = (text: string): unknown =>
  JSON.parse(text, exact as (key: string, value: unknown) => unknown);
