import { parentPort, Worker, workerData } from 'node:worker_threads';
import { pageProcessor, type PageJob, type PageResult, type PageSettings } from './page.ts';

/** A page and what it will have given. */
export interface PageUnderWay<Job extends PageJob> {
  job: Job;
  /** @throws what `processPage` throws; an error of a thread has lost its class on the way */
  result: Promise<PageResult>;
}

/** One is in work, one waits. */
const PAGES_PER_THREAD = 2;

/**
 * Cleans pages and yields them in order. What they give does not depend on the threads.
 *
 * @param workers threads beside this one; 0 works in this one
 */
export async function* processPages<Job extends PageJob>(
  jobs: AsyncIterable<Job>,
  settings: PageSettings,
  workers: number,
): AsyncGenerator<PageUnderWay<Job>, void> {
  const threads =
    workers === 0
      ? [thisThread(settings)]
      : Array.from({ length: workers }, () => startThread(settings));
  const most = Math.max(1, workers * PAGES_PER_THREAD);
  const underWay: PageUnderWay<Job>[] = [];
  let count = 0;
  try {
    for await (const job of jobs) {
      const thread = threads[count % threads.length];
      if (thread === undefined) return;
      count += 1;
      const result = thread.run(job);
      // Awaited in its turn: until then a failure must not count as unhandled.
      result.catch(() => undefined);
      underWay.push({ job, result });
      if (underWay.length === most) yield* underWay.splice(0, 1);
    }
    yield* underWay;
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

interface Thread {
  run: (job: PageJob) => Promise<PageResult>;
  close: () => Promise<unknown>;
}

const thisThread = (settings: PageSettings): Thread => {
  const process = pageProcessor(settings);
  return {
    run: (job) => new Promise((resolve) => resolve(process(job))),
    close: () => Promise.resolve(),
  };
};

/** What a thread answers, page by page. */
type Answer = { result: PageResult } | { error: unknown };

/** With a share of the machine's memory as its limit, V8 would let the garbage of a thread grow. */
const LIMITS = { maxYoungGenerationSizeMb: 40, maxOldGenerationSizeMb: 1024 };

/** A thread runs this very file, with its settings under this name. */
const SETTINGS = 'huggingface-etl page settings';

function startThread(settings: PageSettings): Thread {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { [SETTINGS]: settings },
    resourceLimits: LIMITS,
  });
  const waiting: PromiseWithResolvers<PageResult>[] = [];
  let failure: Error | undefined;
  const fail = (error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`a thread of the export ended with ${code}`)));
  worker.on('message', (answer: Answer) => {
    const job = waiting.shift();
    if ('result' in answer) job?.resolve(answer.result);
    else job?.reject(answer.error);
  });
  return {
    run: ({ packed, observedAt, since, carried }) => {
      if (failure !== undefined) return Promise.reject(failure);
      const job = Promise.withResolvers<PageResult>();
      waiting.push(job);
      const page = { packed, observedAt, since };
      worker.postMessage((carried ? { ...page, carried } : page) satisfies PageJob);
      return job.promise;
    },
    close: () => worker.terminate(),
  };
}

function serve(settings: PageSettings): void {
  const process = pageProcessor(settings);
  parentPort?.on('message', (job: PageJob) => {
    try {
      // What was a buffer comes as plain bytes, which it takes as well.
      const result = process(job);
      // The lines go over without a copy.
      const memory = result.tables.map(({ lines }) => lines.buffer);
      parentPort?.postMessage({ result } satisfies Answer, memory);
    } catch (error) {
      parentPort?.postMessage({ error } satisfies Answer);
    }
  });
}

const own: unknown = workerData;
// Another program's thread that imports us has data of its own, and the main thread has none.
if (typeof own === 'object' && own !== null && SETTINGS in own)
  serve(own[SETTINGS] as PageSettings);
