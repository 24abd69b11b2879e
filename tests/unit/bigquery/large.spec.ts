import { expect, test } from '@playwright/test';
import { measureUpload } from '../../bigquery/large-upload.ts';

/** `UPLOAD_MB=300` asks for the whole of what is promised, memory too, on a machine that is not busy. */
const ASKED_MB = process.env['UPLOAD_MB'];
const SMALL_MB = 16;
/** Between a small table and a large one; collection of garbage alone makes tens of megabytes. */
const FLAT_MB = 80;

test('a large table, uploaded by a process of its own, survives ten lost connections', async () => {
  test.setTimeout(600_000);
  const large = await measureUpload(Number(ASKED_MB ?? 32), ['usage']);
  expect(large).toMatchObject({ outcome: 'published', lost: 10, jobs: 1, rows: large.wanted });
  if (ASKED_MB === undefined) return;
  const small = await measureUpload(SMALL_MB, ['usage']);
  expect(large.maxMb - small.maxMb).toBeLessThan(FLAT_MB);
});
