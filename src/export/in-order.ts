/**
 * Runs a job for each item of a stream, up to `width` at once, and yields the results in the order
 * of the items. Takes the next item only when there is room, so memory is bounded by `width`.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  width: number,
  run: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const underWay: Promise<Result>[] = [];
  for await (const item of items) {
    const job = run(item);
    // Its failure is thrown below, in its turn; until then it must not count as unhandled.
    job.catch(() => undefined);
    underWay.push(job);
    const first = underWay.length >= width ? underWay.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const job of underWay) yield await job;
}
