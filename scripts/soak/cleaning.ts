import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { faultsOf } from '../../tests/unit/clean/support/check.ts';
import { mark, mutate } from '../../tests/unit/clean/support/mutate.ts';
import { createRandom } from '../../tests/unit/clean/support/random.ts';
import type { SoakPart } from './part.ts';

/** Each is made of its number and the seed alone. */
const RECORDS = 200_000;

export const part: SoakPart = {
  about: `${RECORDS.toLocaleString('en')} mutated real records: each is cleaned to rows that their schemas take`,
  run(seed) {
    const packed = readFileSync('demo/data/models.jsonl.gz');
    const lines = gunzipSync(packed).toString('utf8').trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line) as unknown);
    const failures: string[] = [];
    for (let number = 0; number < RECORDS && failures.length < 10; number += 1) {
      const random = createRandom(seed * 1_000_003 + number);
      const mutated = mutate(random.pick(records), random, random.pick(records));
      const input = number % 3 === 0 ? mark(mutated) : mutated;
      const faults = faultsOf(input);
      if (faults.length === 0) continue;
      const text = JSON.stringify(input).slice(0, 2000);
      failures.push(`record ${number}: ${JSON.stringify(faults)} ${text}`);
    }
    return Promise.resolve({ counts: `${RECORDS} records of seed ${seed}`, failures });
  },
};
