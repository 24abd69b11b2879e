import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of `package.json`: two up from `src/cli`, three from `dist/src/cli`. */
export function packageFolder(): string {
  for (const up of ['../../', '../../../']) {
    const folder = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(`${folder}package.json`)) return folder;
  }
  throw new Error('package.json is missing beside the program');
}

/** The version of the program. */
export function packageVersion(): string {
  const text = readFileSync(`${packageFolder()}package.json`, 'utf8');
  const { version } = JSON.parse(text) as { version: string }; // our own file
  return version;
}
