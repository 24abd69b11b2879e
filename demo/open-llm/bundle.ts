import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const appFolder = fileURLToPath(new URL('./app/', import.meta.url));

/** Bundles the board's page (production, minified) into one script. Needs the dev dependencies. */
export async function bundleOpenLlm(outfile: string): Promise<void> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [`${appFolder}main.tsx`],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  mkdirSync(dirname(outfile), { recursive: true });
  // Test workers may build at the same time: the file appears whole or not at all.
  const temporary = `${outfile}.${process.pid}`;
  writeFileSync(temporary, outputFiles[0]?.contents ?? '');
  renameSync(temporary, outfile);
}

/** True when there is no bundle, or one that is older than the page's sources. */
export function isStale(outfile: string): boolean {
  if (!existsSync(outfile)) return true;
  const built = statSync(outfile).mtimeMs;
  return readdirSync(appFolder).some((file) => statSync(appFolder + file).mtimeMs > built);
}
