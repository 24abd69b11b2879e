import type { StatedResult } from '../boards/rows/check-benchmarks.ts';
import { cleanModel, type CleanContext, type Repair, type TagEntry } from '../clean/model.ts';
import { parsePage } from '../clean/parse-page.ts';
import { evalResults } from '../tables/eval-results.ts';
import { modelTables, type ModelTable } from '../tables/index.ts';
import type { RawModel } from '../tables/raw-model.ts';
import { rejectedText, textOf } from './export-session.ts';
import { rowLine, RowRefused } from './row-line.ts';

/** A page of models, as it lies in storage. */
export interface PageJob {
  packed: Buffer;
  /** ISO 8601, UTC, milliseconds. */
  observedAt: string;
  /** Records last modified before this are passed over; null takes all. */
  since: string | null;
}

export interface PageSettings {
  run: string;
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Names of the tables that are wanted. */
  tables: readonly string[];
  /** Benchmarks whose results are told beside the tables, to be compared with leaderboards. */
  benchmarks: ReadonlySet<string>;
}

/** What became of a record. */
export type PageRecord =
  | { outcome: 'passed_over' }
  | { outcome: 'rejected'; reason: string; detail: string; record: string }
  | { outcome: 'taken'; _id: string; id: string; repairs: RuleCount[]; stated: StatedResult[] };

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

/**
 * Cleans the records of a page and projects them onto the wanted tables. Never throws for a record.
 *
 * @throws {SyntaxError} for a page that is no JSON
 */
export function processPage(
  { packed, observedAt, since }: PageJob,
  { run, vocabulary, benchmarks, tables }: PageSettings,
): PageResult {
  const page: Page = {
    context: { run, tags: vocabulary, observedAt },
    benchmarks,
    tables: modelTables
      .filter(({ table }) => tables.includes(table.name))
      .map((it) => ({ ...it, lines: [], counts: [] })),
  };
  const records = parsePage(textOf({ packed })).map((record): PageRecord => {
    const became = isBefore(record, since) ? PASSED_OVER : takeRecord(page, record);
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
  benchmarks: ReadonlySet<string>;
  tables: (ModelTable & { lines: string[]; counts: number[] })[];
}

function takeRecord({ context, benchmarks, tables }: Page, record: unknown): PageRecord {
  const cleaned = cleanModel(record, context);
  if (!cleaned.ok) return rejected(record, cleaned);
  const { model, repairs } = cleaned;
  try {
    const all = tables.map(({ table, rows }) =>
      rows(model, context).map((row) => rowLine(table, row)),
    );
    for (const [index, lines] of all.entries()) {
      tables[index]?.lines.push(...lines);
      tables[index]?.counts.push(lines.length);
    }
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    return rejected(record, { reason: 'schema', detail: error.message });
  }
  const { _id, id } = model;
  const stated = benchmarks.size === 0 ? [] : statedBy(model, { context, benchmarks });
  return { outcome: 'taken', _id, id, repairs: countRules(repairs), stated };
}

const rejected = (
  record: unknown,
  { reason, detail }: { reason: string; detail: string },
): PageRecord => ({ outcome: 'rejected', reason, detail, record: rejectedText(record) });

/** What a model states of benchmarks which have a leaderboard. */
function statedBy(
  model: RawModel,
  { context, benchmarks }: Pick<Page, 'context' | 'benchmarks'>,
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
