import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleOpenLlm } from '../demo/open-llm/bundle.ts';

/** Puts what the compiler does not into `dist`: the bundle of the demo's board, and the demo's data. */
const project = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

await bundleOpenLlm(project('dist/demo/open-llm/app.js'));
cpSync(project('demo/data'), project('dist/demo/data'), { recursive: true });
