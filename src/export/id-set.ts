import { sameName } from '../tables/repo-names.ts';

/** What was told of an id when it was added first. */
export interface Seen {
  place: number;
  /** Whether it had the name that it has now, capitals aside. */
  hasSameName: boolean;
}

/** A set of record ids that remembers where each was seen first and, in 64 bits, under which name. */
export interface IdSet {
  /** Adds an id; undefined when it is new. @param place below 2^32 */
  add: (id: string, name: string, place: number) => Seen | undefined;
  /** The ids that have these names, in lower case, by name. */
  find: (names: ReadonlySet<string>) => Map<string, string>;
}

/** Fuller makes long probes; 3.2 M ids fit 2^22 slots under it. */
const MAX_LOAD = 0.8;
const OBJECT_ID = /^(?!0{8})[0-9a-f]{24}$/;
/** Words of a slot: three of the id, the first of them never 0; two of the hash of the name; the place. */
const SLOT = 6;
const [NAME, PLACE] = [3, 5];

/**
 * An open-addressing hash set over 12-byte hexadecimal ids in one typed array: 24 bytes a slot, so that
 * 3.2 million models take 100 MB where a `Set` of strings takes four times that. Ids of any other form go
 * to an ordinary `Map`.
 *
 * @param slots room to begin with, a power of two
 */
export function createIdSet(slots = 1 << 16): IdSet {
  let table = new Uint32Array(slots * SLOT);
  let count = 0;
  const others = new Map<string, { name: string; place: number }>();

  const grow = () => {
    const old = table;
    table = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += SLOT) {
      const slot = old.subarray(at, at + SLOT);
      if (slot[0] !== 0) table.set(slot, slotOf(table, slot));
    }
  };

  const addObjectId = (id: string, name: string, place: number): Seen | undefined => {
    const key = [0, 8, 16].map((at) => Number.parseInt(id.slice(at, at + 8), 16));
    const slot = slotOf(table, key);
    const hash = hashName(name);
    if (table[slot] !== 0) {
      const hasSameName = table[slot + NAME] === hash[0] && table[slot + NAME + 1] === hash[1];
      return { place: table[slot + PLACE] ?? 0, hasSameName };
    }
    table.set([...key, ...hash, place], slot);
    count += 1;
    if (count * SLOT > table.length * MAX_LOAD) grow();
    return undefined;
  };

  return {
    add: (id, name, place) => {
      if (OBJECT_ID.test(id)) return addObjectId(id, name, place);
      const known = others.get(id);
      if (known !== undefined) return { place: known.place, hasSameName: known.name === name };
      others.set(id, { name, place });
      return undefined;
    },
    find: (names) => {
      const wanted = new Map([...names].map((name) => [keyOf(...hashName(name)), name]));
      const found = new Map<string, string>();
      for (let at = 0; at < table.length; at += SLOT) {
        if (table[at] === 0) continue;
        const name = wanted.get(keyOf(table[at + NAME] ?? 0, table[at + NAME + 1] ?? 0));
        if (name !== undefined) found.set(name, idOf(table.subarray(at, at + 3)));
      }
      for (const [id, { name }] of others)
        if (names.has(sameName(name))) found.set(sameName(name), id);
      return found;
    },
  };
}

/** Where an id stands in a table, or would stand: there is always a free slot. */
function slotOf(table: Uint32Array, [a = 0, b = 0, c = 0]: Iterable<number>): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  const slots = table.length / SLOT;
  let slot = ((hash ^ (hash >>> 13)) & (slots - 1)) * SLOT;
  while (table[slot] !== 0) {
    if (table[slot] === a && table[slot + 1] === b && table[slot + 2] === c) return slot;
    slot = (slot + SLOT) % table.length;
  }
  return slot;
}

const idOf = (words: Uint32Array): string =>
  Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');

/** 53 of 64 bits, as a number. */
const keyOf = (a: number, b: number): number => a * 0x200000 + (b >>> 11);

/** FNV-1a over UTF-16 units, and a second hash that goes another way. */
function hashName(text: string): [number, number] {
  const name = sameName(text);
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < name.length; i += 1) {
    const unit = name.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return [a >>> 0, b >>> 0];
}
