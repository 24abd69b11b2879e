import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let bundled: Promise<Buffer> | undefined;

/** The page's script, made of its sources once. */
export function gradioScript(): Promise<Buffer> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./app/main.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  });
  return Buffer.from(outputFiles[0]?.contents ?? '');
}
