import { controlText, variantOf } from '../boards/controls.ts';
import type { InferredBoard } from '../boards/infer.ts';
import type { BoardReading } from '../boards/reading.ts';
import type { BoardSnapshot, SnapshotFile } from '../boards/snapshot.ts';
import type { Capture } from '../storage/capture.ts';
import type { Reconciliation } from './reconcile.ts';

/** A board that was read and may be used. */
interface ReadBoard {
  board: string;
  renderer: string;
  seconds: number;
  reading: BoardReading;
  agreed: Reconciliation;
  /** Where its rows came from files. */
  files?: readonly SnapshotFile[];
  inferred?: InferredBoard | null | undefined;
  robots?: 'ignored' | undefined;
}

/** What is stored of a board: all that was read of it, as JSON. */
export function boardCapture(read: ReadBoard, url: string, fetchedAt: Date): Capture {
  const snapshot = snapshotOf(read);
  return {
    source: `boards/${read.board}`,
    url,
    status: 200,
    headers: { 'content-type': 'application/json' },
    fetchedAt: fetchedAt.toISOString(),
    next: null,
    count: (read.reading.loaded ?? snapshot.shown).length,
    body: Buffer.from(JSON.stringify(snapshot)),
  };
}

function snapshotOf(read: ReadBoard): BoardSnapshot {
  const { board, renderer, seconds, reading, agreed, files, inferred, robots } = read;
  const { stated, filters, controls = [], headers, loadedFrom } = reading;
  const { status, proof, shown, shownChecked, hidden } = agreed;
  return {
    ...{ board, renderer, status, proof, stated, filters },
    controls: controls.map(controlText),
    variant: variantOf(controls),
    ...{ headers, loadedFrom, loaded: reading.records ?? reading.loaded },
    ...{ shown, shownChecked, hidden, seconds },
    ...(files && { files }),
    ...(inferred && { inferred }),
    ...(robots && { robots }),
  };
}
