import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EtlError } from '../../src/errors.ts';
import { seededRandom } from '../../src/crawlers/pages/windows.ts';
import { bodyOf, openCaptures, readCaptures } from '../../src/storage/captures.ts';
import { checkDataset, describeDataset } from '../../src/storage/dataset-facts.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { sampleCapture } from '../../tests/unit/storage/samples.ts';
import type { SoakPart } from './part.ts';

const KILLS = 200;
const DAMAGES = 100;
const BODY_BYTES = 50_000;
const PROGRAM = fileURLToPath(
  new URL('../../tests/unit/storage/append-program.ts', import.meta.url),
);

/** Pages that are as they were written, all of them in order. */
async function goodPages(dir: string): Promise<number> {
  let pages = 0;
  for await (const stored of readCaptures(dir, 'models')) {
    const { body, ...facts } = sampleCapture(stored.n, BODY_BYTES);
    const isSame = JSON.stringify(facts) === JSON.stringify(stored.facts);
    if (!isSame || !body.equals(bodyOf(stored))) throw new Error(`page ${stored.n} is another`);
    pages += 1;
  }
  return pages;
}

/** Kills a writer at random moments; how many pages it reported and lost. */
async function soakKills(dir: string, random: () => number): Promise<number> {
  let lost = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = spawn(process.execPath, [PROGRAM, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
    child.kill('SIGKILL');
    await once(child, 'close');
    const last = Number(output.trim().split('\n').at(-1));
    const out = await openCaptures(dir, 'models');
    await out.close();
    if (out.committed.pages <= last) lost += 1;
  }
  return lost;
}

/** Flips, cuts or removes; how many damages nobody found although something had changed. */
async function soakDamages(
  dir: string,
  random: () => number,
): Promise<{ found: number; silent: number }> {
  const expected = await describeDataset(dir, 'models');
  const counts = { found: 0, silent: 0 };
  for (let at = 0; at < DAMAGES; at += 1) {
    const facts = expected[Math.floor(random() * expected.length)];
    const path = join(dir, 'datasets', 'models', facts?.file ?? '');
    const whole = await readFile(path);
    const place = Math.floor(random() * whole.length);
    if (at % 3 === 0) await rm(path);
    else if (at % 3 === 1) await truncate(path, place);
    else await writeFile(path, whole.with(place, whole.readUInt8(place) ^ (1 << (at % 8))));
    const error = await checkDataset(dir, 'models', expected).catch((it: unknown) => it);
    if (error instanceof EtlError && error.code === 'STORAGE_CORRUPT') counts.found += 1;
    else counts.silent += 1;
    await writeFile(path, whole);
  }
  await checkDataset(dir, 'models', expected);
  return counts;
}

export const part: SoakPart = {
  about: `${KILLS} kills of a writer of captures, ${DAMAGES} damages to a finished dataset`,
  async run(seed) {
    const random = seededRandom(seed);
    const { folder: dir, remove } = await temporaryFolder();
    try {
      const lost = await soakKills(dir, random);
      const pages = await goodPages(dir);
      const { found, silent } = await soakDamages(dir, random);
      const counts = `${KILLS} kills, ${pages} pages, ${lost} lost; ${DAMAGES} damages, ${found} found, ${silent} silent`;
      return { counts, failures: lost + silent > 0 ? [counts] : [] };
    } finally {
      await remove();
    }
  },
};
