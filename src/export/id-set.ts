/** What is told of an id that is added: not seen before, or seen with this name or with another one. */
export type Sight = 'new' | 'same' | 'renamed';

/** A set of record ids that remembers, in 32 bits, which name each of them had. */
export interface IdSet {
  /** Adds the id whose key stands at this word of `keys`. */
  add: (keys: Uint32Array, at: number) => Sight;
  /** Adds an id that has no key: see `hasKey`. */
  addOther: (id: string, nameHash: number) => Sight;
  readonly size: number;
  /** Bytes of the typed arrays; what stands in the fallback set is not counted. */
  readonly bytes: number;
}

/** Fuller makes long probes; 3.2 M ids fit 2^22 slots under it. */
const MAX_LOAD = 0.8;
/** Words of a key, and of a slot: three of the id, one of the name's hash. */
export const KEY_WORDS = 4;
const ID_WORDS = 3;

/**
 * An open-addressing hash set over 12-byte hexadecimal ids in one typed array: 16 bytes a slot, so
 * that 3.2 million models take 67 MB where a `Set` of strings takes six times that. Ids of any other
 * form go to an ordinary `Map`. Whoever knows the texts makes the keys, so they need not come here.
 *
 * @param slots room to begin with, a power of two. @default 65,536
 */
export function createIdSet(slots = 1 << 16): IdSet {
  let table = emptyTable(slots * KEY_WORDS);
  let count = 0;
  const others = new Map<string, number>();

  const grow = () => {
    const old = table;
    table = emptyTable(old.length * 2);
    for (let at = 0; at < old.length; at += KEY_WORDS) {
      if (hasKey(old, at)) copyKey(old, at, { table, slot: findSlot(table, old, at) });
    }
  };

  return {
    add: (keys, at) => {
      const slot = findSlot(table, keys, at);
      if (hasKey(table, slot)) {
        return table[slot + ID_WORDS] === keys[at + ID_WORDS] ? 'same' : 'renamed';
      }
      copyKey(keys, at, { table, slot });
      count += 1;
      if (count * KEY_WORDS > table.length * MAX_LOAD) grow();
      return 'new';
    },
    addOther: (id, nameHash) => {
      const known = others.get(id);
      if (known === undefined) others.set(id, nameHash);
      return known === undefined ? 'new' : known === nameHash ? 'same' : 'renamed';
    },
    get size() {
      return count + others.size;
    },
    get bytes() {
      return table.byteLength;
    },
  };
}

/**
 * Memory that is read before it is written comes twice from the system, and the second time stops every
 * thread: filled, a table of 67 MB costs 30 ms instead of 100 to 200.
 */
const emptyTable = (words: number): Uint32Array => new Uint32Array(words).fill(0);

function copyKey(
  keys: Uint32Array,
  at: number,
  { table, slot }: { table: Uint32Array; slot: number },
): void {
  for (let word = 0; word < KEY_WORDS; word += 1) table[slot + word] = keys[at + word] ?? 0;
}

/**
 * Writes the key of an id and its name at this word: `KEY_WORDS` of them. Of an id that is no 24 hexadecimal
 * digits, or begins with eight zeros, there is only the name's hash.
 */
export function writeKey(
  keys: Uint32Array,
  at: number,
  { id, name }: { id: string; name: string },
): void {
  keys[at + ID_WORDS] = hashText(name);
  if (writeObjectId(keys, at, id) && hasKey(keys, at)) return;
  keys.fill(0, at, at + ID_WORDS);
}

/** True when the key at this word has an id: the first eight digits are a time, and none is of 1970. */
export const hasKey = (keys: Uint32Array, at: number): boolean => keys[at] !== 0;

const HEX_DIGITS = new Uint8Array(128).fill(0xff);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  HEX_DIGITS[digit.charCodeAt(0)] = value;
}

/** The id of the key at this word; undefined when it has none. */
export function idOfKey(keys: Uint32Array, at: number): string | undefined {
  if (!hasKey(keys, at)) return undefined;
  let id = '';
  for (let word = at; word < at + ID_WORDS; word += 1) {
    id += (keys[word] ?? 0).toString(16).padStart(8, '0');
  }
  return id;
}

/** False for what is no 24 hexadecimal digits; some of them may have been written then. */
function writeObjectId(keys: Uint32Array, at: number, id: string): boolean {
  if (id.length !== 24) return false;
  for (let word = 0; word < ID_WORDS; word += 1) {
    let value = 0;
    for (let digitAt = word * 8; digitAt < word * 8 + 8; digitAt += 1) {
      const digit = HEX_DIGITS[id.charCodeAt(digitAt)] ?? 0xff;
      if (digit === 0xff) return false;
      value = (value << 4) | digit;
    }
    keys[at + word] = value;
  }
  return true;
}

/** Where a key stands in a table, or would stand: there is always a free slot. */
function findSlot(table: Uint32Array, keys: Uint32Array, at: number): number {
  const a = keys[at] ?? 0;
  const b = keys[at + 1] ?? 0;
  const c = keys[at + 2] ?? 0;
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  const mask = table.length / KEY_WORDS - 1;
  let slot = ((hash ^ (hash >>> 13)) & mask) * KEY_WORDS;
  while (hasKey(table, slot)) {
    if (table[slot] === a && table[slot + 1] === b && table[slot + 2] === c) return slot;
    slot = (slot + KEY_WORDS) % table.length;
  }
  return slot;
}

/** What stands for a name in a key: FNV-1a over UTF-16 units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
