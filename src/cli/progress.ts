import { printable, type Logger } from '../log.ts';
import type { SourceProgress } from '../pipeline/crawl-stage.ts';
import { duration, plural } from '../report/format.ts';

/** What a source has done so far. */
export interface ProgressFacts extends SourceProgress {
  /** Records expected in all, for the ETA. */
  expected?: number | undefined;
  quotaLeft?: number | undefined;
}

/** Tells a person how far each source is, on stderr. */
export interface Progress {
  update: (source: string, facts: ProgressFacts) => void;
  /** Writes other text, a log line say, above the live lines. */
  above: (text: string) => void;
  close: () => void;
}

export interface ProgressOptions {
  /** One live line a source instead of log lines. */
  live: boolean;
  columns: number;
  write: (text: string) => void;
  log: Logger;
  now: () => number;
  /** Milliseconds between log lines. @default 10_000 */
  everyMs?: number;
}

interface Entry extends ProgressFacts {
  startedAt: number;
  firstRecords: number;
}

/** Milliseconds between two paintings of the live lines. */
const PAINT_EVERY_MS = 200;

/** On a terminal one live line a source; else one log line each ten seconds, and one when it ends. */
export function createProgress(options: ProgressOptions): Progress {
  const { live, write, log, now, everyMs = 10_000 } = options;
  const entries = new Map<string, Entry>();
  let painted = 0;
  const lines = (): string[] =>
    [...entries].map(([source, it]) =>
      printable(line(source, it, now())).slice(0, options.columns - 1),
    );
  const paint = (): void => {
    const up = painted > 0 ? `\u001b[${painted}A` : '';
    const text = lines();
    write(`${up}${text.map((it) => `\u001b[2K${it}\n`).join('')}`);
    painted = text.length;
  };
  const tell = (source: string, what: string): void => {
    const { records, pages, note, quotaLeft } = entries.get(source) ?? {};
    log.info({ source, pages, records, quotaLeft, note }, what);
  };
  const tellAll = (): void => {
    for (const source of entries.keys()) tell(source, 'progress');
  };
  const timer = setInterval(live ? paint : tellAll, live ? PAINT_EVERY_MS : everyMs);
  timer.unref();
  return {
    update(source, { ended = false, ...facts }) {
      const before = entries.get(source);
      entries.set(source, {
        startedAt: before?.startedAt ?? now(),
        firstRecords: before?.firstRecords ?? facts.records ?? 0,
        ...before,
        ...facts,
      });
      if (!ended || live) return;
      tell(source, 'source ended');
      entries.delete(source);
    },
    above(text) {
      write(painted > 0 ? `\u001b[${painted}A\u001b[J${text}` : text);
      const wasPainted = painted > 0;
      painted = 0;
      if (wasPainted) paint();
    },
    close() {
      clearInterval(timer);
      if (live && entries.size > 0) paint();
      // What comes after it, a summary say, stays the last.
      painted = 0;
      entries.clear();
    },
  };
}

function line(source: string, entry: Entry, now: number): string {
  const { records = 0, pages, expected, quotaLeft, note } = entry;
  const seconds = (now - entry.startedAt) / 1000;
  const rate = seconds > 0 ? (records - entry.firstRecords) / seconds : 0;
  const parts = [source.padEnd(10)];
  if (pages !== undefined) parts.push(plural(pages, 'page'));
  if (entry.records !== undefined) parts.push(plural(records, 'record'));
  if (rate >= 1) parts.push(`${Math.round(rate).toLocaleString('en')}/s`);
  if (quotaLeft !== undefined) parts.push(`quota ${quotaLeft}`);
  if (expected !== undefined && rate >= 1 && expected > records) {
    parts.push(`ETA ${duration((expected - records) / rate)}`);
  }
  if (note !== undefined) parts.push(note);
  return parts.join('  ');
}
