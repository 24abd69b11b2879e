/** A part of `npm run test:soak`. */
export interface SoakPart {
  /** One line for the list of parts. */
  about: string;
  /** Runs it; what it draws depends on the seed alone. */
  run: (seed: number) => Promise<SoakResult>;
}

export interface SoakResult {
  /** What was done and what came of it, in numbers. */
  counts: string;
  failures: string[];
}

/** A repeatable stream of numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
