import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** Compiles `src` and what `demo` serves to `dist`, with types, and bundles the demo's React page. */
const run = (command: string, args: string[]): void => {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

rmSync('dist', { recursive: true, force: true });
run('node_modules/.bin/tsc', ['--project', 'tsconfig.build.json']);
run(process.execPath, ['scripts/build-demo.ts']);
