import { type Configuration, Dataset } from 'crawlee';
import type { Capture } from '../storage/capture.ts';
import { readIndex } from '../storage/captures.ts';
import { writeCapture } from '../storage/storage-client.ts';
import { cursorOf } from '../api/models.ts';

/** A dataset that a crawl appends to and goes on from. */
export interface CapturesOut {
  write: (capture: Capture) => Promise<void>;
  /** What is committed already. */
  committed: Committed;
}

export interface Committed {
  pages: number;
  records: number;
  /** Path and query of the page after the last one; null at the end of the list; undefined: no page yet. */
  next: string | null | undefined;
  /** Cursors of the committed pages; the first page has none. */
  cursors: string[];
}

/** Opens the raw dataset of a source, through Crawlee, and reads how far it is. */
export async function openCaptures(
  config: Configuration,
  storageDir: string,
  name: string,
): Promise<CapturesOut> {
  // Opening cuts what a killed process left behind its last commit; only then is the index the truth.
  const dataset = await Dataset.open(name, { config });
  await dataset.getInfo();
  const committed: Committed = { pages: 0, records: 0, next: undefined, cursors: [] };
  for await (const line of readIndex(storageDir, name)) {
    if (line.part !== undefined && line.part !== line.parts) continue;
    committed.pages += 1;
    committed.records += line.count ?? 0;
    committed.next = line.next ?? null;
    committed.cursors.push(cursorOf(line.url ?? '/') ?? '');
  }
  return { write: (capture) => writeCapture(dataset, capture), committed };
}
