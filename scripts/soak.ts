import { globSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SoakPart } from './soak/part.ts';

/**
 * What takes too long for `npm test`: `npm run test:soak -- NAME... [--seed N]`, or `all`. Without a
 * name it lists the parts. Each takes half an hour at most; the exit code is 1 if anything failed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});

const files = globSync(path.join(import.meta.dirname, 'soak', '*.ts')).sort();
const parts = new Map<string, SoakPart>();
for (const file of files) {
  // A file has one part, by its own name, or several.
  const own = (await import(file)) as { part?: SoakPart; parts?: Record<string, SoakPart> };
  if (own.part !== undefined) parts.set(path.basename(file, '.ts'), own.part);
  for (const [name, part] of Object.entries(own.parts ?? {})) parts.set(name, part);
}

const names = positionals.includes('all') ? [...parts.keys()] : positionals;
const unknown = names.find((name) => !parts.has(name));
if (names.length === 0 || unknown !== undefined) {
  if (unknown !== undefined) console.error(`There is no part ${unknown}`);
  for (const [name, { about }] of parts) console.log(`${name.padEnd(20)} ${about}`);
  process.exit(names.length === 0 ? 0 : 2);
}

let failed = 0;
for (const name of names) {
  const startedAt = performance.now();
  const result = await parts.get(name)?.run(Number(values.seed));
  if (result === undefined) continue;
  for (const failure of result.failures) console.error(`FAIL ${name}: ${failure}`);
  failed += result.failures.length;
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  console.log(`${name}: ${result.counts}; ${result.failures.length} failures; ${minutes} min`);
}
process.exit(failed === 0 ? 0 : 1);
