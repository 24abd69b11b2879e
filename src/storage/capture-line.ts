import type { Capture } from './capture.ts';

/**
 * The capture in a line of JSON; undefined for JSON that is none.
 *
 * @throws {SyntaxError} for a text that is no JSON
 */
export function parseCapture(json: string): Capture | undefined {
  // Written by us and checked by hash; what is not a capture at all is caught below.
  const item = JSON.parse(json) as Partial<Capture>;
  const { source, url, status, headers, fetchedAt, next = null, count, body } = item;
  if (source === undefined || url === undefined || status === undefined) return undefined;
  if (headers === undefined || fetchedAt === undefined) return undefined;
  if (count === undefined || body === undefined) return undefined;
  return { source, url, status, headers, fetchedAt, next, count, body };
}
