import type { StatedResult } from '../boards/rows/check-benchmarks.ts';
import type { CleanContext, Cleaner } from '../clean/cleaner.ts';
import { parsePage } from '../clean/parse-page.ts';
import { CLEANERS } from '../clean/repos.ts';
import type { Repair } from '../clean/rules.ts';
import type { TagEntry } from '../clean/tags.ts';
import { evalResults } from '../tables/eval-results.ts';
import { tablesOf, type RecordTable } from '../tables/index.ts';
import type { RawModel } from '../tables/raw-model.ts';
import type { CleanRecords, RecordOrigin } from '../tables/table.ts';
import { createCompleter, type Completed, type Completion } from './carried.ts';
import { rejectedText, textOf } from './export-session.ts';
import { rowLine, RowRefused } from './row-line.ts';

/** A page of a list, as it lies in storage. */
export interface PageJob {
  packed: Buffer;
  /** ISO 8601, UTC, milliseconds. */
  observedAt: string;
  /** Records last modified before this are passed over; null takes all. */
  since: string | null;
  /** Of a page of a light list: the pages, as they lie in storage, that its records are completed from. */
  carried?: readonly Buffer[];
}

export interface PageSettings {
  /** What its records are. */
  origin: RecordOrigin;
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Names of the tables that are wanted. */
  tables: readonly string[];
  /** Benchmarks whose results are told beside the tables, to be compared with leaderboards. */
  benchmarks: ReadonlySet<string>;
  /** Of a light list: what its records are completed from. */
  completion?: Completion;
}

/** What became of a record. */
export type PageRecord =
  | { outcome: 'passed_over' }
  | { outcome: 'rejected'; reason: string; detail: string; record: string }
  | {
      outcome: 'taken';
      _id: string;
      id: string;
      /** `carried`: completed; `thin`: of a light list, and with nothing to complete it from. */
      from: 'page' | 'carried' | 'thin';
      repairs: RuleCount[];
      stated: StatedResult[];
    };

export interface RuleCount {
  rule: string;
  count: number;
  /** Where in the record it was done first. */
  path: string;
}

/** What a page gave. Which records are duplicates only the caller knows, so it can leave any out. */
export interface PageResult {
  records: PageRecord[];
  tables: PageTable[];
}

export interface PageTable {
  name: string;
  /** Lines of all taken records, in order. */
  lines: Uint8Array<ArrayBuffer>;
  /** How many of them each record gave. */
  rows: number[];
}

/** Cleans the records of a page and projects them onto the wanted tables. Never throws for a record. */
export type ProcessPage = (job: PageJob) => PageResult;

/** @throws {SyntaxError} its function, for a page that is no JSON */
export function pageProcessor(settings: PageSettings): ProcessPage {
  const complete = settings.completion === undefined ? null : createCompleter(settings.completion);
  return (job) => processPage(job, settings, complete);
}

function processPage(
  { packed, observedAt, since, carried }: PageJob,
  { origin, vocabulary, benchmarks, tables }: PageSettings,
  complete: ReturnType<typeof createCompleter> | null,
): PageResult {
  const page: Page = {
    context: { tags: vocabulary, observedAt, readAt: observedAt },
    clean: CLEANERS[origin],
    // Only models state results.
    benchmarks: origin === 'model' ? benchmarks : new Set(),
    tables: tablesOf(origin)
      .filter(({ table }) => tables.includes(table.name))
      .map((it) => ({ ...(it as RecordTable<never>), lines: [], counts: [] })),
  };
  const sent = parsePage(textOf({ packed }));
  const whole: readonly Sent[] =
    carried === undefined || complete === null
      ? sent.map((record) => ({ record }))
      : complete(sent, carried);
  const records = whole.map((it): PageRecord => {
    const became = isBefore(it.record, since) ? PASSED_OVER : takeRecord(page, it);
    if (became.outcome !== 'taken') for (const { counts } of page.tables) counts.push(0);
    return became;
  });
  return {
    records,
    tables: page.tables.map(({ table, lines, counts }) => ({
      name: table.name,
      lines: new TextEncoder().encode(lines.join('')),
      rows: counts,
    })),
  };
}

const PASSED_OVER: PageRecord = { outcome: 'passed_over' };

/** A page on its way. */
interface Page {
  context: CleanContext;
  clean: Cleaner<CleanRecords[RecordOrigin]>;
  benchmarks: ReadonlySet<string>;
  /** Of this kind of record. */
  tables: (RecordTable<never> & { lines: string[]; counts: number[] })[];
}

/** A record, completed where its list is light. */
type Sent = Partial<Completed> & Pick<Completed, 'record'>;

function takeRecord(page: Page, { record: sent, readAt }: Sent): PageRecord {
  const { clean, tables } = page;
  const context = { ...page.context, readAt: readAt ?? page.context.readAt };
  const cleaned = clean(sent, context);
  if (!cleaned.ok) return rejected(sent, cleaned);
  const { record, repairs } = cleaned;
  try {
    const all = tables.map(({ table, rows }) =>
      rows(record as never, context).map((row) => rowLine(table, row)),
    );
    for (const [index, lines] of all.entries()) {
      tables[index]?.lines.push(...lines);
      tables[index]?.counts.push(lines.length);
    }
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    return rejected(sent, { reason: 'schema', detail: error.message });
  }
  const { _id, id } = record;
  const from = readAt === undefined ? 'page' : readAt === null ? 'thin' : 'carried';
  const { benchmarks } = page;
  const stated = benchmarks.size === 0 ? [] : statedBy(record as RawModel, { context, benchmarks });
  return { outcome: 'taken', _id, id, from, repairs: countRules(repairs), stated };
}

const rejected = (
  record: unknown,
  { reason, detail }: { reason: string; detail: string },
): PageRecord => ({ outcome: 'rejected', reason, detail, record: rejectedText(record) });

/** What a model states of benchmarks which have a leaderboard. */
function statedBy(
  model: RawModel,
  { context, benchmarks }: { context: CleanContext; benchmarks: ReadonlySet<string> },
): StatedResult[] {
  const rows = evalResults.project?.(model, context) ?? [];
  return rows
    .filter(({ benchmark }) => benchmarks.has(benchmark ?? ''))
    .map(({ id, benchmark, task_ids, filename, pull_request, value_text }) => {
      return { id, benchmark, task_ids, filename, pull_request, value_text };
    });
}

function countRules(repairs: readonly Repair[]): RuleCount[] {
  const counts = new Map<string, RuleCount>();
  for (const { rule, path } of repairs) {
    const known = counts.get(rule);
    if (known === undefined) counts.set(rule, { rule, count: 1, path });
    else known.count += 1;
  }
  return [...counts.values()];
}

/** True for a record of the catch-up pass that did not change since: the list counts it. */
function isBefore(record: unknown, since: string | null): boolean {
  if (since === null || typeof record !== 'object' || record === null) return false;
  const modified = 'lastModified' in record ? record.lastModified : undefined;
  // Without a date nothing says that it changed: the list has it anyway.
  return !(typeof modified === 'string' && Date.parse(modified) >= Date.parse(since));
}
