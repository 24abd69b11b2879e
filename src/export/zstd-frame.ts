/** Bytes of the magic number that a frame of zstd begins with. */
export const MAGIC_BYTES = 4;
/** Bytes of the id of a dictionary and of the size of the content, by their flags in the header. */
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const SIZE_BYTES = [0, 2, 4, 8] as const;

/**
 * Bytes of the header of a frame, the magic number included.
 *
 * @param flags the byte after the magic number
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.1
 */
export function headerBytes(flags: number): number {
  const windowBytes = isSingle(flags) ? 0 : 1;
  return MAGIC_BYTES + 1 + windowBytes + (DICTIONARY_BYTES[flags & 3] ?? 0) + sizeBytes(flags);
}

const isSingle = (flags: number): boolean => (flags & 0x20) !== 0;

function sizeBytes(flags: number): number {
  const flag = flags >> 6;
  return flag === 0 && isSingle(flags) ? 1 : (SIZE_BYTES[flag] ?? 0);
}
