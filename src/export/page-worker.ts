import { parentPort, workerData } from 'node:worker_threads';
import { createProcessPage, ownLines, type PageJob, type PageSettings } from './page.ts';

/** What a worker says when it has started, and answers for the job of this number. */
export type PageAnswer<Result> =
  'ready' | { job: number; result: Result } | { job: number; error: unknown };

const port = parentPort;
if (port === null) throw new Error('page-worker.ts runs as a worker thread only');

// The pool gives its settings; a Map passes between threads whole.
const processPage = createProcessPage(workerData as PageSettings);

port.on('message', ({ job, page }: { job: number; page: PageJob }) => {
  try {
    const result = ownLines(processPage(page));
    const buffers = result.tables.flatMap(({ lines, ends, rows }) => [
      lines.buffer,
      ends.buffer,
      rows.buffer,
    ]);
    port.postMessage({ job, result }, [...buffers, result.outcomes.buffer]);
  } catch (error) {
    port.postMessage({ job, error });
  }
});
port.postMessage('ready');
