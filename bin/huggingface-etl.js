#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `huggingface-etl needs Node.js 24 (22.19 or later works); this is ${process.versions.node}. [NODE_TOO_OLD]\n`,
  );
  process.exit(2);
}
if (process.platform === 'win32') {
  process.stderr.write(
    'huggingface-etl runs on Linux and macOS. On Windows use WSL 2 or the container. [PLATFORM_REFUSED]\n',
  );
  process.exit(2);
}
// Types are taken off once: what is read the next time starts in half the time.
nodeModule.enableCompileCache();
// A checkout runs what is in `src`, never what was built once; a package has `dist` only.
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : '../dist/src/main.js');
