import { Worker } from 'node:worker_threads';
import type { PageAnswer } from './page-worker.ts';
import {
  createProcessPage,
  ownLines,
  type PageJob,
  type PageResult,
  type PageSettings,
} from './page.ts';

/** Turns pages into lines, in this thread or in others. */
export interface PagePool {
  /** Pages that may be under way at once; more only wait in memory. */
  readonly width: number;
  run: (job: PageJob) => Promise<PageResult>;
  close: () => Promise<void>;
}

export interface PoolOptions {
  /** Threads beside this one; 0 works here. What comes out is the same. */
  workers: number;
  /** Pages that are done here before the threads are started. @default 0 */
  startAfter?: number;
}

/** One page waits at each worker while it does another. */
const PAGES_PER_WORKER = 2;

/**
 * Twice what V8 gives the young of a thread by itself: 5 to 10 % quicker. It lets the old grow by what it
 * may take at most: with 1 GB a thread takes 30 MB or more less than with a share of the machine's memory.
 */
const LIMITS = { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 1024 };
/** Characters of a page that is cleaned here, as its records might not fit in a thread; usual are 1.2 M. */
const LARGE_PAGE = 8 * 1024 * 1024;

export function createPagePool(
  { workers, startAfter = 0 }: PoolOptions,
  settings: PageSettings,
): PagePool {
  const here = createProcessPage(settings);
  if (workers === 0) {
    return {
      width: 1,
      run: (job) => new Promise((resolve) => resolve(here(job))),
      close: () => Promise.resolve(),
    };
  }
  const threads: Thread[] = [];
  let jobs = 0;
  return {
    width: workers * PAGES_PER_WORKER,
    run: (job) => {
      jobs += 1;
      if (threads.length === 0 && jobs > startAfter) {
        for (let i = 0; i < workers; i += 1) threads.push(startThread(settings));
      }
      // A thread takes as long to start as twenty pages take, so nobody waits for it.
      const isEarly = jobs <= startAfter || (startAfter > 0 && !threads.every((it) => it.isReady));
      if (isEarly || job.body.length > LARGE_PAGE)
        return new Promise((resolve) => resolve(ownLines(here(job))));
      return leastBusy(threads).run(job);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

function leastBusy(threads: readonly Thread[]): Thread {
  const [first, ...others] = threads;
  if (first === undefined) throw new Error('a pool without threads');
  return others.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best), first);
}

interface Thread {
  readonly isReady: boolean;
  /** Pages that it was given and has not answered. */
  readonly waiting: number;
  run: (page: PageJob) => Promise<PageResult>;
  close: () => Promise<void>;
}

interface Waiting {
  resolve: (result: PageResult) => void;
  reject: (error: unknown) => void;
}

function startThread(settings: PageSettings): Thread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./page-worker.${extension}`, import.meta.url), {
    workerData: settings,
    resourceLimits: LIMITS,
  });
  const waiting = new Map<number, Waiting>();
  let isReady = false;
  let jobs = 0;
  let failure: Error | undefined;

  const fail = (error: Error) => {
    failure = error;
    // A thread that cannot start must not keep the pages from being refused by it.
    isReady = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => fail(new Error(`a worker of the export ended with ${String(code)}`)));
  worker.on('message', (answer: PageAnswer<PageResult>) => {
    if (answer === 'ready') {
      isReady = true;
      return;
    }
    const job = waiting.get(answer.job);
    waiting.delete(answer.job);
    if ('result' in answer) job?.resolve(answer.result);
    else job?.reject(answer.error);
  });

  return {
    get isReady() {
      return isReady;
    },
    get waiting() {
      return waiting.size;
    },
    run: (page) =>
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
