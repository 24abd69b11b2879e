import { seededRandom } from '../../../src/crawlers/pages/windows.ts';

/** Draws everything of one page, in the same order for the same seed. */
export interface Draw {
  /** One of the names, each as often as its weight says. */
  pick: <Name extends string>(weights: Readonly<Record<Name, number>>) => Name;
  one: <Value>(of: readonly Value[]) => Value;
  /** A whole number, both ends included. */
  int: (from: number, to: number) => number;
  chance: (share: number) => boolean;
  shuffled: <Value>(of: readonly Value[]) => Value[];
}

export function drawFrom(seed: number): Draw {
  const random = seededRandom(seed);
  const int = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const one = <Value>(of: readonly Value[]): Value => {
    const value = of[int(0, of.length - 1)];
    if (value === undefined) throw new RangeError('nothing to draw from');
    return value;
  };
  return {
    int,
    one,
    chance: (share) => random() < share,
    pick: <Name extends string>(weights: Readonly<Record<Name, number>>): Name => {
      const names = Object.keys(weights) as Name[]; // keys of the type that was given
      let left = random() * names.reduce((sum, name) => sum + weights[name], 0);
      return names.find((name) => (left -= weights[name]) < 0) ?? one(names);
    },
    shuffled: (of) =>
      of
        .map((value) => ({ value, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ value }) => value),
  };
}
