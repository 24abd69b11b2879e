import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleOpenLlm } from '../tests/replica/open-llm/bundle.ts';

/** Puts what the compiler does not into `dist`: the bundle of the board's page, and the data. */
const project = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

await bundleOpenLlm(project('dist/tests/replica/open-llm/app.js'));
cpSync(project('tests/replica/data'), project('dist/tests/replica/data'), { recursive: true });
