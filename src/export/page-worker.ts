import { parentPort } from 'node:worker_threads';
import { createPageReader, type PackedPage } from './packed-page.ts';
import type { PageSettings, SpareMemory } from './page.ts';

/** What a worker is given; the memory is that of an earlier result, whose lines are written. */
export interface PageTask {
  job: number;
  page: PackedPage;
  spare: SpareMemory | undefined;
}

/** What a worker answers for the job of this number. */
export type PageAnswer<Result> = { job: number; result: Result } | { job: number; error: unknown };

const port = parentPort;
if (port === null) throw new Error('page-worker.ts runs as a worker thread only');

// The pool's first message is its settings; a Map passes between threads whole.
port.once('message', (settings: PageSettings) => {
  const readPage = createPageReader(settings);
  port.on('message', ({ job, page, spare }: PageTask) => {
    try {
      // Lines and facts stand in memory that both threads see, so little is copied.
      port.postMessage({ job, result: readPage(page, spare) });
    } catch (error) {
      port.postMessage({ job, error });
    }
  });
});
