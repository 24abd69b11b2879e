/** Any value of JSON.parse. Exported for normalisers: what they take and give. */
export type JsonRecord = Record<string, unknown>;

/** True for `{…}`: no list, no null. */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for a text, a number or a boolean. */
export const isScalar = (value: unknown): boolean =>
  value !== null && value !== undefined && typeof value !== 'object';

/** Bounds the recursion of JSON.stringify, which would throw on a deeper value. */
const DEEP = 'Maximum call stack';

/** The JSON of a value, at any depth. A number that JSON has no word for becomes its name as text. */
export function jsonText(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith(DEEP)) return deepJsonText(value);
    return '"not JSON"';
  }
}

/** JSON.stringify with its own stack: for values nested more deeply than ours would hold. */
export function deepJsonText(value: unknown): string {
  const parts: string[] = [];
  const waiting: ({ text: string } | { value: unknown })[] = [{ value }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ('text' in next) parts.push(next.text);
    else if (Array.isArray(next.value))
      push(
        waiting,
        '[]',
        next.value.map((it: unknown) => ['', it]),
      );
    else if (isRecord(next.value)) {
      push(
        waiting,
        '{}',
        Object.entries(next.value).map(([key, it]) => [`${JSON.stringify(key)}:`, it]),
      );
    } else parts.push(jsonText(next.value));
  }
  return parts.join('');
}

function push(
  waiting: ({ text: string } | { value: unknown })[],
  [open, close]: string,
  members: [prefix: string, value: unknown][],
): void {
  waiting.push({ text: close ?? '' });
  for (let index = members.length - 1; index >= 0; index -= 1) {
    const [prefix, value] = members[index] ?? ['', null];
    waiting.push({ value }, { text: `${index === 0 ? '' : ','}${prefix}` });
  }
  waiting.push({ text: open ?? '' });
}

/** What JSON looks like from both ends: only such a text is worth trying, since a failure is slow. */
const MAYBE_JSON = /^\s*(?:[[{"].*[\]}"]|true|false|null|-?\d[\d.eE+-]*)\s*$/s;

/**
 * What a params value holds: JSON, except that a text which is no JSON itself stands without quotes.
 * So a reader who tries JSON and else takes the text gets back exactly what was sent.
 */
export function paramText(value: unknown): string {
  if (typeof value !== 'string') return jsonText(value);
  return MAYBE_JSON.test(value) && parses(value) ? JSON.stringify(value) : value;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON: that is the answer, not a failure.
    return false;
  }
}
