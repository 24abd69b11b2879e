import { exportRun } from '../../../src/export/export.ts';
import { inputOf } from './captured.ts';

// A process of its own, so that a test can kill it: STORAGE OUT WORKERS.
const [storage = '', out = '', workers = '0'] = process.argv.slice(2);
await exportRun(inputOf(storage, { models: 'models' }), {
  out,
  compress: 'zstd',
  workers: Number(workers),
  shardBytes: 500_000,
  onProgress: (records) => process.stdout.write(`${records}\n`),
});
