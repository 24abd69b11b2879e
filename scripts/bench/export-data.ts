import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Capture } from '../../src/storage/capture.ts';
import { createStore, readEntries } from '../../demo/hub/store.ts';
import { buildVocabulary } from '../../demo/hub/vocabulary.ts';

export const REPLICA = fileURLToPath(new URL('../../demo/data/models.jsonl.gz', import.meta.url));
export const AT = '2026-11-23T00:00:00.000Z';

const PER_PAGE = 1000;
/** The replica's records were chosen for odd shapes; the Hub's have 1.2 KB in the middle. */
const MAX_RECORD_CHARS = 12_000;

/** Pages of real records, repeated under ids of their own. Of a file other than the replica's, all. */
export function* pagesOf(
  records: number,
  file: string,
): Generator<{ body: string; count: number }, void> {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const usual = file === REPLICA ? lines.filter((it) => it.length <= MAX_RECORD_CHARS) : lines;
  const idless = usual.map((line) => line.replace(/^\{"_id":"[0-9a-f]{24}",/, '{'));
  for (let from = 0; from < records; from += PER_PAGE) {
    const count = Math.min(PER_PAGE, records - from);
    const page = Array.from({ length: count }, (_, i) => {
      const id = (from + i + 0x10000000).toString(16).padEnd(24, '0');
      return `{"_id":"${id}",${(idless[(from + i) % idless.length] ?? '').slice(1)}`;
    });
    // As a body comes from storage: one flat text.
    yield { body: Buffer.from(`[${page.join(',')}]`).toString(), count };
  }
}

/** The records of a file as they are. */
export const recordsIn = (file: string): number =>
  gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').length;

export const vocabularyOf = async (file: string): Promise<string> =>
  JSON.stringify(buildVocabulary(createStore(await readEntries(file))));

export const captureOf = (source: string, body: string, count: number): Capture => ({
  source,
  url: 'http://bench/',
  status: 200,
  headers: {},
  fetchedAt: AT,
  next: null,
  count,
  body: Buffer.from(body),
});
