/**
 * The elements of a page: of a list its members, of a single object that object.
 *
 * @throws {SyntaxError} when the text is no JSON.
 */
export function parsePage(text: string): unknown[] {
  const page = parseExact(text);
  return Array.isArray(page) ? page : [page];
}

/**
 * A value as it was sent: an integer beyond ±(2^53−1) comes as its text, digit for digit, and so does a
 * number too large for a double. Of a key that stands twice in one object the last value counts, as
 * everywhere with `JSON.parse`.
 *
 * @throws {SyntaxError} when the text is no JSON.
 */
export function parseExact(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return holdsLargeNumber(value) ? JSON.parse(quoteLargeNumbers(text)) : value;
}

/**
 * True when a number may not be the one that was sent. Walking the values takes a tenth of what
 * parsing took; looking for long runs of digits in the text took seven times as much.
 */
function holdsLargeNumber(page: unknown): boolean {
  // A stack of its own: JSON may nest more deeply than calls.
  const waiting: unknown[] = [];
  if (isOrHoldsLarge(page, waiting)) return true;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) {
      for (let index = 0; index < next.length; index += 1) {
        if (isOrHoldsLarge(next[index], waiting)) return true;
      }
    } else {
      const record = next as Record<string, unknown>; // an object of JSON that is no list
      for (const key in record) if (isOrHoldsLarge(record[key], waiting)) return true;
    }
  }
  return false;
}

/** Whether a value is a large number; what is no scalar waits for its turn. */
function isOrHoldsLarge(value: unknown, waiting: unknown[]): boolean {
  if (typeof value === 'string') return false;
  // Beyond 2^53 all doubles are integers, and a number that none can hold is infinite.
  if (typeof value === 'number') return !(Math.abs(value) <= Number.MAX_SAFE_INTEGER);
  if (typeof value === 'object' && value !== null) waiting.push(value);
  return false;
}

/** A text of JSON, which stays as it is, or a number. */
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** The same JSON, with each number that a double does not hold as a text of its digits. */
const quoteLargeNumbers = (text: string): string =>
  text.replaceAll(TEXT_OR_NUMBER, (token) => (isInexact(token) ? `"${token}"` : token));

function isInexact(token: string): boolean {
  if (token.startsWith('"')) return false;
  const value = Number(token);
  return !Number.isFinite(value) || (/^-?\d+$/.test(token) && !Number.isSafeInteger(value));
}
