import type { Repair } from '../../../../src/clean/rules.ts';

type Leaf = string | number | boolean;

/** Scalars of a value; null is none: the Hub uses it for absence. */
function leavesOf(value: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'object' && next !== null)
      waiting.push(...(Object.values(next) as unknown[]));
    else if (next !== null && next !== undefined) leaves.push(next as Leaf);
  }
  return leaves;
}

/** Leaves of the input that a clean record neither holds nor accounts for in its repairs. */
export function lostLeaves(input: unknown, model: unknown, repairs: readonly Repair[]): unknown[] {
  const kept = leavesOf(model);
  const texts = kept.map(String);
  const exact = new Set(texts);
  const all = texts.join('\u0001');
  const lost: unknown[] = [];
  const counts = { true: 0, false: 0 };
  for (const leaf of leavesOf(input)) {
    if (typeof leaf === 'boolean') counts[`${leaf}`] += 1;
    else if (!isFound(String(leaf), exact, all)) lost.push(leaf);
  }
  const norwegian = repairs.filter(({ rule }) => rule === 'norwegian').length;
  if (counts.true > occurrences(all, 'true')) lost.push(true);
  if (counts.false > occurrences(all, 'false') + norwegian) lost.push(false);
  return lost;
}

const occurrences = (text: string, word: string): number => text.split(word).length - 1;

/** As it stands, or as JSON writes it inside a text of params or extra. */
const isFound = (leaf: string, exact: ReadonlySet<string>, all: string): boolean =>
  leaf === '' ||
  exact.has(leaf) ||
  all.includes(leaf) ||
  all.includes(JSON.stringify(leaf).slice(1, -1));
