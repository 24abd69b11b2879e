/** A set of record ids that remembers, in 32 bits, which name each of them had. */
export interface IdSet {
  /**
   * Adds an id. Answers `new` for one not seen before, `same` for one seen with this name, `renamed`
   * for one seen with another name.
   */
  add: (id: string, name: string) => 'new' | 'same' | 'renamed';
  readonly size: number;
  /** Bytes of the typed arrays; what stands in the fallback set is not counted. */
  readonly bytes: number;
}

/** Fuller makes long probes; 3.2 M ids fit 2^22 slots under it. */
const MAX_LOAD = 0.8;
/** Words a slot: three of the id, one of the name's hash. */
const WORDS = 4;

/**
 * An open-addressing hash set over 12-byte hexadecimal ids in one typed array: 16 bytes a slot, so
 * that 3.2 million models take 67 MB where a `Set` of strings takes six times that. Ids of any other
 * form go to an ordinary `Map`.
 *
 * @param slots room to begin with, a power of two. @default 65,536
 */
export function createIdSet(slots = 1 << 16): IdSet {
  let table = new Uint32Array(slots * WORDS);
  let mask = slots - 1;
  let count = 0;
  const others = new Map<string, number>();
  const words = new Uint32Array(WORDS - 1);

  const grow = () => {
    const old = table;
    table = new Uint32Array(old.length * 2);
    mask = table.length / WORDS - 1;
    for (let at = 0; at < old.length; at += WORDS) {
      if (isFree(old, at)) continue;
      const target = findSlot(table, mask, old.subarray(at, at + 3));
      table.set(old.subarray(at, at + WORDS), target);
    }
  };

  const add: IdSet['add'] = (id, name) => {
    const nameHash = hashText(name);
    if (!readObjectId(id, words)) {
      const known = others.get(id);
      if (known === undefined) others.set(id, nameHash);
      return known === undefined ? 'new' : known === nameHash ? 'same' : 'renamed';
    }
    const slot = findSlot(table, mask, words);
    if (!isFree(table, slot)) return table[slot + 3] === nameHash ? 'same' : 'renamed';
    table.set(words, slot);
    table[slot + 3] = nameHash;
    count += 1;
    if (count > (mask + 1) * MAX_LOAD) grow();
    return 'new';
  };

  return {
    add,
    get size() {
      return count + others.size;
    },
    get bytes() {
      return table.byteLength;
    },
  };
}

const HEX_DIGITS = new Uint8Array(128).fill(0xff);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  HEX_DIGITS[digit.charCodeAt(0)] = value;
}

/** Reads 24 hexadecimal digits; false for any other id, and for one of the year 1970: see `isFree`. */
function readObjectId(id: string, words: Uint32Array): boolean {
  if (id.length !== 24) return false;
  for (let word = 0; word < words.length; word += 1) {
    let value = 0;
    for (let at = word * 8; at < word * 8 + 8; at += 1) {
      const digit = HEX_DIGITS[id.charCodeAt(at)] ?? 0xff;
      if (digit === 0xff) return false;
      value = (value << 4) | digit;
    }
    words[word] = value;
  }
  return words[0] !== 0;
}

/** An id that starts with eight zeros never gets here, so zero means free. */
const isFree = (table: Uint32Array, slot: number): boolean => table[slot] === 0;

function findSlot(table: Uint32Array, mask: number, words: ArrayLike<number>): number {
  const [a = 0, b = 0, c = 0] = [words[0], words[1], words[2]];
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  let slot = ((hash ^ (hash >>> 13)) & mask) * WORDS;
  while (!isFree(table, slot)) {
    if (table[slot] === a && table[slot + 1] === b && table[slot + 2] === c) return slot;
    slot = (slot + WORDS) % table.length;
  }
  return slot;
}

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
