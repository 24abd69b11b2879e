import { seededRandom } from '../../../../src/crawlers/pages/windows.ts';

/** A seeded source of choices: the same seed, the same records. */
export interface Random {
  /** A whole number from 0 to `below` − 1. */
  below: (below: number) => number;
  pick: <Item>(items: readonly Item[]) => Item;
}

export function createRandom(seed: number): Random {
  const next = seededRandom(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
