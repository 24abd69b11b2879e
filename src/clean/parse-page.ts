/** Finds most texts without a number that a double cannot hold; a hit in a string costs time only. */
const SUSPICIOUS = /[:[,\s]-?(?:\d{16}|\d[\d.]*[eE]\+?\d{2})/;

/** What `JSON.parse` of this engine tells a reviver beside key and value. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * The elements of a page: of a list its members, of a single object that object. An integer beyond
 * ±(2^53−1) comes as its text, digit for digit, and so does a number too large for a double.
 *
 * @throws {SyntaxError} when the text is no JSON.
 */
export function parsePage(text: string): unknown[] {
  const page: unknown = SUSPICIOUS.test(text)
    ? JSON.parse(text, exact as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
  return Array.isArray(page) ? page : [page];
}

const exact: Reviver = (_key, value, { source }) => {
  if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value))
    return value;
  return !Number.isFinite(value) || /^-?\d+$/.test(source) ? source : value;
};
