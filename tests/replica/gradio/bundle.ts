import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
let bundled: Promise<Buffer> | undefined;

/** The page's script: the file beside, where the build left one, else made of the sources, once. */
export function gradioScript(): Promise<Buffer> {
  bundled ??= existsSync(here('./app.js')) ? readFile(here('./app.js')) : bundleGradio();
  return bundled;
}

/** Bundles the page's script. Needs the dev dependencies. */
export async function bundleGradio(): Promise<Buffer> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [here('./app/main.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  });
  return Buffer.from(outputFiles[0]?.contents ?? '');
}
