import { spawnSync } from 'node:child_process';
import { median, row } from './report.ts';

/** `--help` of what users run. */
export function benchStart(runs = 9): void {
  const program = 'bin/huggingface-etl.js';
  const time = (args: string[]): number => {
    const startedAt = performance.now();
    spawnSync(process.execPath, args);
    return performance.now() - startedAt;
  };
  time([program, '--help']);
  const help = median(Array.from({ length: runs }, () => time([program, '--help'])));
  const bare = median(Array.from({ length: runs }, () => time(['-e', '0'])));
  row(
    `--help (${program})`,
    `${help.toFixed(0)} ms (bare node ${bare.toFixed(0)} ms)`,
    'budget 150 ms',
  );
}
