import { writeSync } from 'node:fs';
import { buildDuckdb } from '../../../src/export/duckdb.ts';
import { rollbackDuckdb } from '../../../src/export/duckdb/rollback.ts';
import { readManifest } from '../../../src/export/manifest.ts';

// A process of its own, so that a test can kill it: load EXPORT PATH [STEP] or rollback RUN PATH [STEP].
const [command, what = '', path = '', killAt = ''] = process.argv.slice(2);

const onStep = (step: string): void => {
  writeSync(1, `${step}\n`);
  if (step === killAt) process.kill(process.pid, 'SIGKILL');
};

if (command === 'rollback') await rollbackDuckdb(path, what, onStep);
else await buildDuckdb({ manifest: await readManifest(what), exportDir: what, path, onStep });
