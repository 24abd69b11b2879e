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
