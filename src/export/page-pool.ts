import { Worker } from 'node:worker_threads';
import { createPageReader, type PackedPage, type ReadPage } from './packed-page.ts';
import type { PageAnswer, PageTask } from './page-worker.ts';
import { memoryOf, type PageResult, type PageSettings, type SpareMemory } from './page.ts';

/** Turns pages into lines, in this thread or in others. */
export interface PagePool {
  /** Pages that may be under way at once; more only wait in memory. */
  readonly width: number;
  /** Says what pages become; before the first one, and once. */
  prepare: (settings: PageSettings) => void;
  /** Takes the page for good: the memory of its body is gone then. @throws {Error} before `prepare` */
  run: (page: PackedPage) => Promise<PageResult>;
  /** Takes back the memory of a result whose lines are written: they are lost then. */
  release: (result: PageResult) => void;
  /** Ends the threads; may be asked for more than once. */
  close: () => Promise<void>;
}

export interface PoolOptions {
  /** Threads beside this one, which start now; 0 works here. What comes out is the same. */
  workers: number;
}

/** Packed; unpacked it has ten times as many. */
const LARGE_BYTES = 2 * 1024 * 1024;
/** One page waits at each worker while it does another. */
const PAGES_PER_WORKER = 2;

/**
 * A record lives shortly, so the young of a thread need not be large: twice as much saves 4 % of the time
 * and takes 90 MB more. V8 lets the old grow by what it may take at most: with 1 GB a thread takes 30 MB or
 * more less than with a share of the machine's memory.
 */
const LIMITS = { maxYoungGenerationSizeMb: 40, maxOldGenerationSizeMb: 1024 };
/** Memory of a larger page is not kept: usual pages take a tenth of it. */
const MOST_SPARE_BYTES = 32 * 1024 * 1024;

export function createPagePool({ workers }: PoolOptions): PagePool {
  let settings: PageSettings | undefined;
  let readHere: ReadPage | undefined;
  const spares: SpareMemory[] = [];
  // A thread takes a tenth of a second to load its modules: until its first page there is time for it.
  const threads = Array.from({ length: workers }, startThread);
  return {
    width: Math.max(1, workers * PAGES_PER_WORKER),
    prepare: (given) => {
      settings = given;
      for (const thread of threads) thread.prepare(given);
    },
    run: (page) => {
      if (settings === undefined) throw new Error('a pool that was not prepared');
      const known = settings;
      const spare = spares.pop();
      // Its records might not fit in a thread.
      const isLarge = page.packed.length > LARGE_BYTES;
      if (workers > 0 && !isLarge) return leastBusy(threads).run(page, spare);
      return new Promise((resolve) => {
        readHere ??= createPageReader(known);
        resolve(readHere(page, spare));
      });
    },
    release: (result) => {
      const memory = memoryOf(result);
      const bytes = memory.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes <= MOST_SPARE_BYTES) spares.push(memory);
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
  prepare: (settings: PageSettings) => void;
  /** Pages that it was given and has not answered. */
  readonly waiting: number;
  run: (page: PackedPage, spare: SpareMemory | undefined) => Promise<PageResult>;
  close: () => Promise<void>;
}

interface Waiting {
  resolve: (result: PageResult) => void;
  reject: (error: unknown) => void;
}

function startThread(): Thread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./page-worker.${extension}`, import.meta.url), {
    resourceLimits: LIMITS,
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
    prepare: (settings) => worker.postMessage(settings),
    get waiting() {
      return waiting.size;
    },
    run: (page, spare) =>
      new Promise<PageResult>((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        jobs += 1;
        waiting.set(jobs, { resolve, reject });
        const task: PageTask = { job: jobs, page, spare };
        const { buffer } = page.packed;
        worker.postMessage(task, buffer instanceof ArrayBuffer ? [buffer] : []);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
