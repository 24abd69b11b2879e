import { readFileSync } from 'node:fs';
import { columnsOf } from '../../../../src/tables/columns.ts';
import type { Column } from '../../../../src/tables/columns.ts';
import { rawModel } from '../../../../src/tables/raw-model.ts';
import type { Random } from './random.ts';

type Box = Record<string, unknown> | unknown[];

const namesOf = (columns: readonly Column[]): string[] =>
  columns.flatMap(({ name, fields = [] }) => [name, ...namesOf(fields)]);

/** What is strange everywhere. */
const STRANGE = JSON.parse(
  readFileSync(new URL('../fixtures/strange.json', import.meta.url), 'utf8'),
) as { keys: string[]; texts: string[] }; // our own file

/** The keys that mean something somewhere, and those that are strange everywhere. */
const KEYS = [...new Set(namesOf(columnsOf(rawModel))), ...STRANGE.keys];

const TEXTS = [...STRANGE.texts, 'x'.repeat(5000), '\ud800'.repeat(50)];

const NUMBERS = [
  ...[0, -0, 1, -1, 0.1, 1.5, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 53) - 2, 1e21, 1e308],
  ...[5e-324, 1e-7, 4294967296.5],
];

export function randomValue(random: Random, depth = 0): unknown {
  switch (random.below(depth > 3 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return random.below(2) === 0;
    case 2:
    case 3:
      return random.pick(NUMBERS);
    case 4:
    case 5:
      return random.pick(TEXTS);
    case 6:
      return Array.from({ length: random.below(4) }, () => randomValue(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(6) }, () => [
          random.pick(KEYS),
          randomValue(random, depth + 1),
        ]),
      );
  }
}

/** A copy of a record with a few things wrong with it, or made strange. Its ids stay what they are. */
export function mutate(record: unknown, random: Random, donor: unknown): unknown {
  const copy = copyOf(record);
  for (let times = 1 + random.below(6); times > 0; times -= 1) {
    const boxes: Box[] = [];
    collect(copy, boxes);
    if (boxes.length > 0) change(random.pick(boxes), random, donor);
  }
  if (isBox(copy) && isBox(record)) {
    for (const key of ['_id', 'id'])
      define(copy, key, Object.getOwnPropertyDescriptor(record, key)?.value);
  }
  return copy;
}

const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const isBox = (value: unknown): value is Box => typeof value === 'object' && value !== null;

function collect(value: unknown, boxes: Box[]): void {
  if (!isBox(value)) return;
  boxes.push(value);
  for (const member of Object.values(value)) collect(member, boxes);
}

/** Never by assignment: a key `__proto__` must become a member. */
function define(box: Box, key: string, value: unknown): void {
  Object.defineProperty(box, key, { value, enumerable: true, configurable: true, writable: true });
}

type Change = (box: Box, key: string, of: { random: Random; donor: unknown; old: unknown }) => void;

/** A key of the box that is not taken yet, if it is a list; else one of the strange ones. */
const freshKey = (box: Box, random: Random): string =>
  Array.isArray(box) ? String(box.length) : random.pick(KEYS);

const CHANGES: readonly Change[] = [
  (box, key, { random }) => define(box, key, randomValue(random)),
  (box, key) => {
    if (Array.isArray(box)) box.splice(Number(key), 1);
    else Reflect.deleteProperty(box, key);
  },
  (box, _key, { random, old }) => define(box, freshKey(box, random), copyOf(old)),
  (box, key, { old }) => define(box, key, [old]),
  (box, key, { random, old }) =>
    define(box, key, { [random.pick(['value', 'name', 'x', 'default'])]: old }),
  (box, key, { random, old }) => define(box, key, [old, copyOf(old), randomValue(random, 2)]),
  (box, _key, { random }) => define(box, freshKey(box, random), randomValue(random)),
  (box, key, { random, donor, old }) =>
    define(box, key, isBox(donor) ? copyOf(random.pick(Object.values(donor))) : old),
];

function change(box: Box, random: Random, donor: unknown): void {
  const keys = Object.keys(box);
  const key = keys.length === 0 ? '0' : random.pick(keys);
  const old: unknown = (box as Record<string, unknown>)[key] ?? null;
  random.pick(CHANGES)(box, key, { random, donor, old });
}

/** Gives each scalar its own text or number, so that it can be found again for certain. */
export function mark(value: unknown, count = { next: 1000003 }): unknown {
  if (typeof value === 'string') return `${value}~${(count.next += 7)}~`;
  if (typeof value === 'number')
    return Number.isInteger(value) ? (count.next += 7) : (count.next += 7) + 0.5;
  if (Array.isArray(value)) return value.map((it) => mark(it, count));
  if (!isBox(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [
      key,
      key === '_id' || key === 'id' ? it : mark(it, count),
    ]),
  );
}
