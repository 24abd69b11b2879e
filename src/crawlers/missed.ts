import type { Page } from '../api/list.ts';
import { LIST_FIELDS, type RepoKind } from '../api/repos.ts';
import type { Failure } from '../api/retry.ts';
import { field } from '../boards/values.ts';
import { itemCapture } from '../storage/capture.ts';
import { openCaptures, type CapturesOut } from '../storage/captures.ts';

/** A record that could not be had, or not whole: what `missed.jsonl` says of it. */
export interface MissedRecord {
  id: string | null;
  source: string;
  reason:
    'gated' | 'private_or_missing' | 'bad_record' | 'server_error' | 'rate_limited' | 'too_large';
  detail: string;
  url: string;
  at: string;
}

const REASONS: Partial<Record<Failure['kind'], MissedRecord['reason']>> = {
  shape: 'bad_record',
  size: 'too_large',
};

/** What a page lacks: its record, or the heavy fields of its records. */
export function missedIn(
  { source, kind, at }: { source: string; kind: RepoKind; at: string },
  { answer: { url }, records, isLight, skipped }: Page,
): MissedRecord[] {
  const facts = { source, url, at };
  if (skipped !== undefined) {
    const { record, failure } = skipped;
    const reason = REASONS[failure.kind] ?? 'server_error';
    return [{ ...facts, id: idOf(record), reason, detail: failure.error.message }];
  }
  if (!isLight) return [];
  const heavy = LIST_FIELDS[kind].heavy.join(', ');
  const detail = `The Hub could not answer with ${heavy}; the rest is there.`;
  return records.map((record) => ({ ...facts, id: idOf(record), reason: 'server_error', detail }));
}

function idOf(record: unknown): string | null {
  const id = field(record, 'id');
  return typeof id === 'string' ? id : null;
}

/** The run's dataset of missed records, made with the first one. */
export interface MissedWriter {
  write: (record: MissedRecord) => Promise<void>;
  /** Until the next one is written. */
  close: () => Promise<void>;
}

export function missedWriter(storageDir: string, dataset: string, now: () => Date): MissedWriter {
  let opened: Promise<CapturesOut> | undefined;
  return {
    async write(record) {
      const out = await (opened ??= openCaptures(storageDir, dataset));
      await out.write(itemCapture(record, now()));
    },
    async close() {
      const out = opened;
      opened = undefined;
      await (await out)?.close();
    },
  };
}
