/*
 * Looks at four bytes at once, where a look at each would take most of the time. Words are little-endian,
 * as `DataView#getInt32(at, true)` gives them.
 */

/** Bytes of a word. */
export const WORD = 4;
const EACH_BYTE = 0x01010101;
const HIGH_BITS = 0x80808080;

/** A word of this byte alone. */
export const wordOf = (byte: number): number => byte * EACH_BYTE;

/**
 * Sets the high bit of each byte that is the one which `bytes` is made of; other bits mean nothing. The
 * lowest one that is set is right: a borrow only reaches bytes above it.
 */
export function marksOf(word: number, bytes: number): number {
  const other = word ^ bytes;
  return (other - EACH_BYTE) & ~other;
}

/** How many bytes stand before the first one that is marked; `WORD` when none is. */
export function bytesBefore(marks: number): number {
  const found = marks & HIGH_BITS;
  return found === 0 ? WORD : (31 - Math.clz32(found & -found)) >> 3;
}
