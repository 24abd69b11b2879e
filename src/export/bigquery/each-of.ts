/** Enough to hide the latency of Google; each one may hold a piece of an upload in memory. */
const AT_ONCE = 4;

/**
 * Works on a few items at a time; results are in the order of the items. After a failure nothing new
 * is begun, and what is under way is waited for, so that nothing goes on behind the caller's back.
 */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [at, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
