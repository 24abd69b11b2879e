import { expect, test } from '@playwright/test';
import { measureUpload } from '../../bigquery/large-upload.ts';

const SMALL_MB = 32;
/** `UPLOAD_MB=300` asks for the whole of what is promised. */
const LARGE_MB = Number(process.env['UPLOAD_MB'] ?? 128);
/** Between a small table and a large one; collection of garbage alone makes tens of megabytes. */
const FLAT_MB = 60;

test('a large table survives ten lost connections, and takes no more memory than a small one', async () => {
  test.setTimeout(600_000);
  const small = await measureUpload(SMALL_MB, ['usage']);
  const large = await measureUpload(LARGE_MB, ['usage']);
  for (const { wanted, ...measured } of [small, large]) {
    expect(measured).toMatchObject({ outcome: 'published', lost: 10, jobs: 1, rows: wanted });
  }
  // Each is a process of its own that does nothing else; the stand-in of the server is not in it.
  expect(large.maxMb - small.maxMb).toBeLessThan(FLAT_MB);
});
