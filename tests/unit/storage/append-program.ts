/** Appends sample captures to a dataset until it is killed; a line on stdout is a committed page. */
import { writeSync } from 'node:fs';
import { openCaptures } from '../../../src/storage/captures.ts';
import { sampleCapture } from './samples.ts';

const [dir = ''] = process.argv.slice(2);
const out = await openCaptures(dir, 'models', { maxFileBytes: 120_000 });
for (let page = out.committed.pages; ; page += 1) {
  await out.write(sampleCapture(page, 50_000));
  writeSync(1, `${String(page)}\n`);
}
