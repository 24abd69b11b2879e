/** Appends sample captures to a dataset until it is killed; a line on stdout is a committed page. */
import { writeSync } from 'node:fs';
import { lastCommit } from '../../../src/storage/captures.ts';
import { openDataset } from '../../../src/storage/dataset-writer.ts';
import { bodyLengthOf, pageOf, partsOf } from './append-plan.ts';
import { recordsOf, sampleCapture } from './samples.ts';

const [dir = ''] = process.argv.slice(2);
const writer = await openDataset(dir, 'models', { maxSegmentBytes: 400_000 });
const last = await lastCommit(dir, 'models');
writeSync(1, 'ready\n');
for (let page = last === undefined ? 0 : pageOf(last.next); ; page += 1) {
  const capture = sampleCapture(page, bodyLengthOf(page));
  for (const record of recordsOf(capture, partsOf(page))) await writer.append([record]);
  writeSync(1, `${String(page)}\n`);
}
