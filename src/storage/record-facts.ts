import { hasParts, type RecordFacts } from './index-file.ts';

/** A record without a `body` is only parsed for its facts up to this size, in UTF-16 units. */
const PARSE_LIMIT = 1_000_000;
const BODY_KEY = ',"body":"';
const NO_FACTS: RecordFacts = { url: null, next: null, count: null, fetchedAt: null };

/**
 * What a serialised record says about itself, without parsing its body. A capture's `body` is its last
 * key, so its facts stand before the first `,"body":"`; inside a string that text cannot occur, as a
 * string escapes its quotes.
 */
export function factsOf(json: string): RecordFacts {
  const bodyAt = json.indexOf(BODY_KEY);
  const head = bodyAt === -1 ? undefined : parseObject(`${json.slice(0, bodyAt)}}`);
  // A head without these is of another object, or has keys after its body.
  if (head !== undefined && 'url' in head && 'next' in head && 'count' in head) return pick(head);
  const whole = json.length <= PARSE_LIMIT ? parseObject(json) : head;
  return whole === undefined ? NO_FACTS : pick(whole);
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    // The text begins with `{`, so JSON.parse gives an object; each value stays unknown.
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    // A nested `body`: what stands before it is no object.
    return undefined;
  }
}

function pick(item: Record<string, unknown>): RecordFacts {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const facts: RecordFacts = {
    url: text(item['url']),
    next: text(item['next']),
    count: typeof item['count'] === 'number' ? item['count'] : null,
    fetchedAt: text(item['fetchedAt']),
  };
  const { part, parts } = item;
  if (typeof part !== 'number' || typeof parts !== 'number' || !hasParts(part, parts)) return facts;
  if (part < parts) return { ...facts, next: null, count: null, part, parts };
  return { ...facts, part, parts };
}
