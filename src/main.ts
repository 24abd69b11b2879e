#!/usr/bin/env node
import { endOnClosedPipe, exitWith } from './cli/exit.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `huggingface-etl needs Node.js 24 (22.19 or later works); this is ${process.versions.node}. [NODE_TOO_OLD]\n`,
  );
  process.exit(2);
}
endOnClosedPipe();
const { main } = await import('./cli/program.ts');
await exitWith(await main(process.argv.slice(2)));
