import type { BoardSnapshot } from '../boards/snapshot.ts';
import type { CapturePlace } from '../boards/last-good.ts';
import { EtlError } from '../errors.ts';
import { bodyOf, readCaptures } from '../storage/captures.ts';

/** Name of the data set of a run's boards. */
export const boardsDataset = (run: string): string => `boards-${run}`;

/** Where the capture lies that a run has written last; undefined when it has written none. */
export async function lastPlace(
  storageDir: string,
  run: string,
): Promise<CapturePlace | undefined> {
  const dataset = boardsDataset(run);
  for await (const { n } of readCaptures(storageDir, dataset, { desc: true }))
    return { run, dataset, n };
  return undefined;
}

/** The capture of a board at its place; null when its data set is gone or can no longer be read. */
export async function snapshotAt(
  storageDir: string,
  board: string,
  place: CapturePlace | null,
): Promise<BoardSnapshot | null> {
  if (place === null) return null;
  try {
    for await (const stored of readCaptures(storageDir, place.dataset, { from: place.n })) {
      // Written by our own crawler and checked by its hash.
      if (stored.facts.source === `boards/${board}`)
        return JSON.parse(bodyOf(stored).toString()) as BoardSnapshot;
      return null;
    }
  } catch (error) {
    // An old capture that the disk has lost costs a comparison, not the new one.
    if (!(error instanceof EtlError) || error.code !== 'STORAGE_CORRUPT') throw error;
  }
  return null;
}

/** Where a run's good capture of a board lies: the last one that it wrote; null for none. */
export async function placeInRun(
  storageDir: string,
  board: string,
  run: string,
): Promise<CapturePlace | null> {
  const dataset = boardsDataset(run);
  let place: CapturePlace | null = null;
  for await (const { facts, n } of readCaptures(storageDir, dataset)) {
    if (facts.source === `boards/${board}`) place = { run, dataset, n };
  }
  return place;
}
