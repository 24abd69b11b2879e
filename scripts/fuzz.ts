import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { faultsOf } from '../tests/unit/clean/support/check.ts';
import { mark, mutate } from '../tests/unit/clean/support/mutate.ts';
import { createRandom } from '../tests/unit/clean/support/random.ts';

/**
 * Cleans mutated real records until something breaks: `node scripts/fuzz.ts --records 200000 --seed 1`.
 * Each record is made from its number alone, so a failure is repeated with `--first N --records 1`.
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '200000' },
    first: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: 'demo/data/models.jsonl.gz' },
  },
});

const lines = gunzipSync(readFileSync(values.data)).toString('utf8').trimEnd().split('\n');
const records = lines.map((line) => JSON.parse(line) as unknown);
const first = Number(values.first);
const last = first + Number(values.records);
const started = performance.now();
let failures = 0;

for (let number = first; number < last && failures < 10; number += 1) {
  const random = createRandom(Number(values.seed) * 1_000_003 + number);
  const mutated = mutate(random.pick(records), random, random.pick(records));
  const input = number % 3 === 0 ? mark(mutated) : mutated;
  const faults = faultsOf(input);
  if (faults.length === 0) continue;
  failures += 1;
  console.error(`record ${number}:`, faults, JSON.stringify(input).slice(0, 2000));
}

const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `${last - first} records from seed ${values.seed} in ${seconds} s, ${failures} failures`,
);
process.exitCode = failures === 0 ? 0 : 1;
