import type { ExportInput } from './export.ts';
import { EtlError } from '../errors.ts';
import type { Output } from './output.ts';
import { bodyOf, readCaptures, type StoredCapture } from '../storage/captures.ts';
import type { CaptureFacts, CapturePointer } from '../storage/capture.ts';
import type { TableWriter } from './table-writer.ts';

/** What the passes of one export share. */
export interface ExportSession {
  input: ExportInput;
  output: Output;
  rejects: TableWriter;
  /** By rule. */
  repairs: Map<string, RepairCount>;
  /** Threads that clean, beside this one; undefined leaves the number to the export. */
  workers: number | undefined;
  signal: AbortSignal | undefined;
  onProgress: (records: number) => void;
}

export interface RepairCount {
  count: number;
  /** The first record and place where it was done. */
  id: string;
  path: string;
}

export interface Reject {
  reason: string;
  detail: string;
  pointer: CapturePointer;
  /** JSON text, bounded. */
  record: string;
}

export async function writeReject(session: ExportSession, reject: Reject): Promise<void> {
  await session.rejects.append(Buffer.from(`${JSON.stringify(reject)}\n`), 1);
}

/** The datasets of models in order of reading; the catch-up pass begins with what changed since the list began. */
export const modelDatasets = ({ datasets, catchupSince }: ExportInput) => [
  { dataset: datasets.catchup, since: catchupSince },
  { dataset: datasets.models, since: null },
];

/** A capture and its number, for a `CapturePointer`. */
export interface NumberedCapture {
  capture: CaptureFacts & { body: string };
  n: number;
}

/** The captures of a dataset, until the signal says stop; none for a source that was left out. */
export async function* capturesOf(
  session: ExportSession,
  dataset: string | null,
): AsyncGenerator<NumberedCapture, void> {
  for await (const stored of storedCapturesOf(session, dataset)) {
    const { facts, n } = stored;
    yield { capture: { ...facts, body: bodyOf(stored).toString() }, n };
  }
}

/** The same captures as they lie in storage. */
export async function* storedCapturesOf(
  { input, signal }: ExportSession,
  dataset: string | null,
): AsyncGenerator<StoredCapture, void> {
  if (dataset === null) return;
  for await (const stored of readCaptures(input.storageDir, dataset)) {
    signal?.throwIfAborted();
    yield stored;
  }
}

/** What is thrown for a capture whose body is no JSON; other failures pass unchanged. */
export function fromCapture(
  error: unknown,
  { dataset, n, url }: { dataset: string | null; n: number; url: string },
): unknown {
  // A worker's error has lost its class on the way.
  const isSyntax = error instanceof Error && error.name === 'SyntaxError';
  if (!isSyntax) return error;
  return new EtlError('CAPTURE_NOT_JSON', `capture ${n} of ${dataset} is no JSON`, {
    cause: error,
    context: { dataset, n, url },
  });
}

/** What is read of a capture's body, whose failure names the capture. */
export function readBody<Value>(
  read: (body: string) => Value,
  { capture, n }: NumberedCapture,
  dataset: string | null,
): Value {
  try {
    return read(capture.body);
  } catch (error) {
    throw fromCapture(error, { dataset, n, url: capture.url });
  }
}

/** A time as the columns have it: UTC with milliseconds. A text that is no time becomes 1970. */
export function timestampOf(text: string): string {
  const time = Date.parse(text);
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}

/** The rule of every source: listed = exported + duplicates + rejected, exactly. */
export function checkCounts(
  source: string,
  counts: { listed: number; exported: number; duplicates: number; rejected: number },
): void {
  const { listed, exported, duplicates, rejected } = counts;
  if (listed === exported + duplicates + rejected) return;
  throw new EtlError('EXPORT_COUNT', `${source}: listed is not exported + duplicates + rejected`, {
    context: { source, listed, exported, duplicates, rejected },
  });
}
