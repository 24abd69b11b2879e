import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * `node scripts/licences.ts [FOLDER]`: may all that `npm` installs there be part of an Apache-2.0 program? Reads the
 * lock file, so that packages for other platforms are judged too. Exit code 1 and a line each for what may not.
 */
const RUNTIME = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'ISC',
  'MIT',
];
/** Only our own machines have these: nobody gets them from us. */
const DEVELOPMENT = [...RUNTIME, 'MIT-0', 'MPL-2.0'];
/** What says it in its licence file, or not as SPDX has it; read by a person. */
const READ: Record<string, string> = {
  'map-stream@0.1.0': 'MIT',
  'parent-require@1.0.0': 'MIT',
  'pause-stream@0.0.11': 'MIT OR Apache-2.0',
};

interface Installed {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** `(MIT OR GPL-2.0)` may be taken as MIT; of `MIT AND GPL-2.0` both hold. */
function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const ways = expression.replaceAll(/[()]/g, '').split(' OR ');
  return ways.some((way) => way.split(' AND ').every((licence) => allowed.includes(licence)));
}

const folder = process.argv[2] ?? path.dirname(import.meta.dirname);
const lock = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Installed>;
};
let count = 0;
let refused = 0;
for (const [place, { version, license, dev, link }] of Object.entries(lock.packages)) {
  const [, name] = /.*node_modules\/(.+)$/.exec(place) ?? [];
  if (name === undefined || link === true) continue; // of our own
  const licence = READ[`${name}@${version}`] ?? license ?? 'none said';
  count += 1;
  if (isAllowed(licence, dev === true ? DEVELOPMENT : RUNTIME)) continue;
  refused += 1;
  console.error(`${name}@${version}: ${licence}`);
}
console.log(`${count} packages, ${refused} with a licence that may not be`);
process.exit(refused === 0 && count > 0 ? 0 : 1);
