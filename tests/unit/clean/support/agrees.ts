/** The original printed lists and booleans into texts the way Python does: read as JSON where it can be. */
function readText(text: string): unknown {
  for (const candidate of [
    text,
    text.replaceAll("'", '"').replaceAll('True', 'true').replaceAll('False', 'false'),
  ]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // Not JSON in this spelling: try the next, else it is a plain text.
    }
  }
  return text;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether our value says what the original's says: as text or as number, one value or a list of it,
 * absent or null or empty. Ours may say more in params; it may never say less.
 */
export function agrees(theirs: unknown, ours: unknown): boolean {
  if (isEmpty(theirs)) return isEmpty(ours);
  if (Array.isArray(ours) && !Array.isArray(theirs))
    return ours.length === 1 && agrees(theirs, ours[0]);
  if (Array.isArray(theirs)) {
    return (
      Array.isArray(ours) &&
      theirs.length === ours.length &&
      theirs.every((it, index) => agrees(it, ours[index]))
    );
  }
  if (isObject(theirs)) return isObject(ours) && agreeMembers(theirs, ours);
  return sameText(theirs, ours);
}

function agreeMembers(theirs: Record<string, unknown>, ours: Record<string, unknown>): boolean {
  const more = Object.keys(ours).filter((key) => !Object.hasOwn(theirs, key));
  return (
    Object.entries(theirs).every(([key, it]) => agrees(it, ours[key])) &&
    more.every((key) => key === 'params' || key === 'fields' || isEmpty(ours[key]))
  );
}

function sameText(theirs: unknown, ours: unknown): boolean {
  if (theirs === ours) return true;
  const [left, right] = [theirs, ours].map((it) => (typeof it === 'string' ? readText(it) : it));
  return JSON.stringify(left) === JSON.stringify(right);
}
