import { Worker } from 'node:worker_threads';
import type { PageAnswer } from './page-worker.ts';
import { createProcessPage, type PageJob, type PageResult, type PageSettings } from './page.ts';

/** Turns pages into lines, in this thread or in others. */
export interface PagePool {
  /** Pages that may be under way at once; more only wait in memory. */
  readonly width: number;
  run: (job: PageJob) => Promise<PageResult>;
  close: () => Promise<void>;
}

/** One page waits at each worker while it does another. */
const PAGES_PER_WORKER = 2;

/**
 * @param workers threads beside this one; 0 works here. What comes out is the same.
 */
export function createPagePool(workers: number, settings: PageSettings): PagePool {
  if (workers > 0) return createThreads(workers, settings);
  const processPage = createProcessPage(settings);
  return {
    width: 1,
    run: (job) => Promise.resolve(processPage(job)),
    close: () => Promise.resolve(),
  };
}

interface Waiting {
  resolve: (result: PageResult) => void;
  reject: (error: unknown) => void;
}

function createThreads(workers: number, settings: PageSettings): PagePool {
  const threads = Array.from({ length: workers }, () => startThread(settings));
  let next = 0;
  return {
    width: workers * PAGES_PER_WORKER,
    run: (job) => {
      const thread = threads[next];
      next = (next + 1) % threads.length;
      if (thread === undefined) return Promise.reject(new Error('a pool without threads'));
      return thread.run(job);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

function startThread(settings: PageSettings) {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./page-worker.${extension}`, import.meta.url), {
    workerData: settings,
  });
  const waiting = new Map<number, Waiting>();
  let jobs = 0;
  let failure: Error | undefined;

  const fail = (error: Error) => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => fail(new Error(`a worker of the export ended with ${String(code)}`)));
  worker.on('message', (answer: PageAnswer<PageResult>) => {
    const job = waiting.get(answer.job);
    waiting.delete(answer.job);
    if ('result' in answer) job?.resolve(answer.result);
    else job?.reject(answer.error);
  });

  return {
    run: (page: PageJob) =>
      new Promise<PageResult>((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        jobs += 1;
        waiting.set(jobs, { resolve, reject });
        worker.postMessage({ job: jobs, page });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
