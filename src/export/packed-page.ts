import { modelTables } from '../clean/model-tables.ts';
import { parseExact, parsePage } from '../clean/parse-page.ts';
import { createBodyReader, type PageBody } from '../storage/body-reader.ts';
import { createRecordReader } from './record-reader.ts';
import { releaseMemory } from '../storage/memory.ts';
import { unpackLine } from '../storage/segments.ts';
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
  /** Of its capture, one a part, each alone in its memory: that may go to the thread which unpacks it. */
  frames: readonly Uint8Array<ArrayBuffer>[];
}

/** The message of the error for a frame that holds something else. */
export const NO_CAPTURE = 'no capture';

export type ReadPage = (page: PackedPage, spare?: SpareMemory) => PageResult;

/**
 * Unpacks pages and cleans them.
 *
 * @throws {SyntaxError} for a body that is no JSON; {Error} with `NO_CAPTURE`
 */
export function createPageReader(settings: PageSettings): ReadPage {
  const processPage = createProcessPage(settings);
  const readBody = createBodyReader();
  const readsFiles = modelTables.some(
    (it) => it.readsFiles && settings.tables.includes(it.table.name),
  );
  return ({ frames, ...job }, spare) => {
    const bodyOf = (frame: Uint8Array): PageBody => {
      const line = unpackLine(frame);
      releaseMemory(frame);
      const body = readBody(line);
      // What the body is of stands elsewhere.
      releaseMemory(line);
      if (body === undefined) throw new Error(NO_CAPTURE);
      return body;
    };
    const [first, ...others] = frames;
    if (first !== undefined && others.length === 0) {
      return processPage({ ...job, records: recordsOf(bodyOf(first), { readsFiles }) }, spare);
    }
    const text = frames.map((frame) => bodyOf(frame).bytes.toString()).join('');
    return processPage({ ...job, records: recordsIn(text) }, spare);
  };
}

/**
 * One record after the other: what is parsed of it is garbage before the next one is. A page that is
 * parsed at once lives through several collections of the young, each of which copies it.
 *
 * @param readsFiles whether somebody looks into the files of a record; else they may be a `FileList`
 */
export function recordsOf(body: PageBody, { readsFiles = false } = {}): PageRecords {
  if (body.ends === undefined) return recordsIn(body.bytes.toString());
  // Looking for large numbers takes a tenth of what parsing takes.
  const parse: (text: string) => unknown = body.isExact ? JSON.parse : parseExact;
  const copied = readsFiles ? { ...body, siblingsAt: [] } : body;
  return { count: body.ends.length, at: createRecordReader(copied, parse) };
}

/** The records of the text of a page. */
export function recordsIn(text: string): PageRecords {
  const records = parsePage(text);
  return { count: records.length, at: (position) => records[position] };
}
