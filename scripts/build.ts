import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleOpenLlm } from '../demo/open-llm/bundle.ts';

/**
 * Compiles `src` and what `demo` serves to `dist`, with types, and puts there what the compiler does not:
 * the bundle of the demo's React page, and the demo's data.
 */
const project = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

rmSync(project('dist'), { recursive: true, force: true });
const compile = ['--project', project('tsconfig.build.json')];
const { status } = spawnSync(project('node_modules/.bin/tsc'), compile, { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await bundleOpenLlm(project('dist/demo/open-llm/app.js'));
cpSync(project('demo/data'), project('dist/demo/data'), { recursive: true });
