import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { tablesOf } from '../../src/tables/index.ts';
import { faultsOf } from '../../tests/unit/clean/support/check.ts';
import { mark, mutate } from '../../tests/unit/clean/support/mutate.ts';
import { createRandom } from '../../tests/unit/clean/support/random.ts';
import type { SoakPart, SoakResult } from './part.ts';

export const parts: Record<string, SoakPart> = {
  cleaning: cleaningOf(200_000),
  // A quarter of an hour of one core.
  'cleaning-million': cleaningOf(1_000_000),
};

function cleaningOf(records: number): SoakPart {
  return {
    about: `${records.toLocaleString('en')} mutated real records: each is cleaned to rows that their schemas take`,
    run: (seed) => Promise.resolve(cleanMutated(records, seed)),
  };
}

/** Each record is made of its number and the seed alone. */
function cleanMutated(records: number, seed: number): SoakResult {
  const packed = readFileSync('demo/data/models.jsonl.gz');
  const lines = gunzipSync(packed).toString('utf8').trimEnd().split('\n');
  const real = lines.map((line) => JSON.parse(line) as unknown);
  const failures: string[] = [];
  let done = 0;
  for (; done < records && failures.length < 10; done += 1) {
    const random = createRandom(seed * 1_000_003 + done);
    const mutated = mutate(random.pick(real), random, random.pick(real));
    const input = done % 3 === 0 ? mark(mutated) : mutated;
    const faults = faultsOrThrow(input);
    if (faults.length === 0) continue;
    const text = JSON.stringify(input).slice(0, 2000);
    failures.push(`record ${done}: ${JSON.stringify(faults)} ${text}`);
  }
  const counts = `${done} records of seed ${seed} to rows of ${tablesOf('model').length} tables: nothing thrown, no schema broken, nothing lost in ${done - failures.length}`;
  return { counts, failures };
}

function faultsOrThrow(input: unknown): string[] {
  try {
    return faultsOf(input);
  } catch (error) {
    return [`threw: ${String(error)}`];
  }
}
