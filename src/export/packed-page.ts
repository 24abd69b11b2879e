import { zstdDecompressSync } from 'node:zlib';
import { parsePage } from '../clean/parse-page.ts';
import { releaseMemory } from './release-memory.ts';
import {
  createProcessPage,
  type PageJob,
  type PageRecords,
  type PageResult,
  type PageSettings,
  type SpareMemory,
} from './page.ts';

/** A page of models as it lies in storage: unpacked by the thread that cleans it. */
export interface PackedPage extends Omit<PageJob, 'records'> {
  /** Body of its capture, alone in its memory: that may go to the thread which unpacks it. */
  packed: Uint8Array;
}

export type ReadPage = (page: PackedPage, spare?: SpareMemory) => PageResult;

/**
 * Unpacks pages and cleans them.
 *
 * @throws {SyntaxError} for a body that is no JSON
 */
export function createPageReader(settings: PageSettings): ReadPage {
  const processPage = createProcessPage(settings);
  return ({ packed, ...job }, spare) => {
    const text = zstdDecompressSync(packed, { chunkSize: 1 << 20 }).toString();
    releaseMemory(packed);
    return processPage({ ...job, records: recordsIn(text) }, spare);
  };
}

/** The records of the text of a page. */
export function recordsIn(text: string): PageRecords {
  const records = parsePage(text);
  return { count: records.length, at: (position) => records[position] };
}
