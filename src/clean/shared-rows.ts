/** Where somebody keeps what a row came to: so far, nobody. */
export interface Kept {
  by: object | undefined;
  start: number;
  end: number;
}

const KEPT = Symbol('kept');

/**
 * The row, frozen, for many records to hold: it stays what it is, so what was made of it once may be
 * kept. The place for that is no key of the row. It lies beside the row in memory; a WeakMap would
 * have to be looked through for it.
 */
export function sharedRow<Row extends object>(row: Row): Readonly<Row> {
  const kept: Kept = { by: undefined, start: 0, end: 0 };
  return Object.freeze(Object.defineProperty({ ...row }, KEPT, { value: kept }));
}

/** The place of a shared row; undefined for any other value. */
export const keptOf = (value: unknown): Kept | undefined =>
  // A property of any value but null and undefined may be read, and only ours has this key.
  (value as { [KEPT]?: Kept } | null | undefined)?.[KEPT];
