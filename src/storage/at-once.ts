/**
 * Works on so many items at a time; results are in the order of the items, which may come one by one.
 * After a failure nothing new is begun, and what is under way is waited for, so that nothing goes on behind
 * the caller's back.
 */
export async function atOnce<Item, Result>(
  most: number,
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = (async function* () {
    let at = 0;
    for await (const item of items) yield [at++, item] as const;
  })();
  const worker = async (): Promise<void> => {
    try {
      for await (const [at, item] of queue) {
        if (failures.length > 0) return;
        results[at] = await work(item);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Runs one piece of work after the other, in the order of asking. A failure is its caller's; the next one may pass. */
export function createTurns(): <Result>(work: () => Result | Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
