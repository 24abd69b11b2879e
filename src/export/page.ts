import { cleanModel, type TagEntry } from '../clean/model.ts';
import { createTagLookup, type TagLookup } from '../clean/tag-lookup.ts';
import type { RawModel } from '../tables/raw-model.ts';
import { modelTables } from '../clean/model-tables.ts';
import { byteSinkIn, bytesSoFar, sharedMemory, writePlain, type ByteSink } from './byte-sink.ts';
import { hasKey, idOfKey, KEY_WORDS, writeKey } from './id-set.ts';
import { pageFacts, type PageFacts, type TableFacts } from './page-facts.ts';
import { createSharedValues } from './shared-values.ts';
import { createWriteRow, RowRefused, type WriteRow } from './row-lines.ts';

/** The records of a page; each is asked for once, in order, so that it need not live long. */
export interface PageRecords {
  count: number;
  /** @throws {SyntaxError} for a page that is no JSON */
  at: (position: number) => unknown;
}

/** A page of models, on its way to become lines. */
export interface PageJob {
  records: PageRecords;
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
}

export const OUTCOME = { taken: 0, rejected: 1, passedOver: 2 } as const;

export interface RecordReject {
  position: number;
  reason: string;
  detail: string;
  /** The record as JSON, cut at `MAX_REJECT_TEXT`. */
  record: string;
}

export interface RuleCount {
  position: number;
  rule: string;
  count: number;
  /** Where in the record it was done first. */
  path: string;
}

/**
 * What a page gave, one slot a record, in forms that go between threads cheaply. Which records are
 * duplicates only the caller knows, so it can leave any of them out.
 */
export interface PageResult extends PageFacts {
  /** Of each taken record its name, after its `_id` when that has no key: see `nameAt`. */
  names: Uint8Array;
  rejects: RecordReject[];
  /** Repairs of taken records, in order of position. */
  repairs: RuleCount[];
  tables: PageTable[];
}

export interface PageTable extends TableFacts {
  name: string;
  /** Lines of all taken records, in order. */
  lines: Uint8Array;
}

/**
 * Memory of a result that was used: of its facts, of its names, and of the lines of each table. The next
 * page goes there. New memory for each page would cost as much as writing, and a collection of the whole
 * heap now and then.
 */
export type SpareMemory = readonly ArrayBufferLike[];

export type ProcessPage = (job: PageJob, spare?: SpareMemory) => PageResult;

const START_BYTES = 1 << 16;
/** Long enough to see what a record is; `pointer` leads to the rest. */
const MAX_REJECT_TEXT = 10_000;

/** Cleans the records of a page and projects them onto the wanted tables. Never throws for a record. */
export function createProcessPage(settings: PageSettings): ProcessPage {
  const wanted = modelTables.filter(({ table }) => settings.tables.includes(table.name));
  const tags = createTagLookup(settings.vocabulary);
  const shared = createSharedValues(wanted.map(({ table }) => table));
  const names = byteSinkIn(sharedMemory(START_BYTES));
  const sinks: Sink[] = wanted.map(({ table, rows }) => ({
    name: table.name,
    rows,
    write: createWriteRow(table, shared),
    buffer: byteSinkIn(sharedMemory(START_BYTES)),
    facts: { ends: new Uint32Array(), rows: new Uint32Array() },
  }));

  return ({ records, observedAt, since }, spare = []) => {
    const [factMemory, nameMemory, ...lineMemory] = spare;
    const facts = pageFacts({ records: records.count, tables: sinks.length }, factMemory);
    renew(names, nameMemory);
    for (const [index, sink] of sinks.entries()) {
      renew(sink.buffer, lineMemory[index]);
      sink.facts = facts.tables[index] ?? sink.facts;
    }
    const page: Page = { facts, names, rejects: [], repairs: [] };
    const context = { run: settings.run, tags, observedAt };
    for (let position = 0; position < records.count; position += 1) {
      const record = records.at(position);
      shared.forget();
      facts.outcomes[position] = isBefore(record, since)
        ? OUTCOME.passedOver
        : takeRecord({ position, record, page, sinks, context });
      facts.nameEnds[position] = names.length;
      for (let i = 0; i < sinks.length; i += 1) noteEnd(sinks[i], position);
    }
    return {
      ...facts,
      names: bytesSoFar(names),
      rejects: page.rejects,
      repairs: page.repairs,
      tables: sinks.map(({ name, buffer, facts: { ends, rows } }) => ({
        name,
        lines: bytesSoFar(buffer),
        ends,
        rows,
      })),
    };
  };
}

/** What the page before took is about what this one will. */
function renew(sink: ByteSink, memory: ArrayBufferLike | undefined): void {
  Object.assign(sink, byteSinkIn(memory ?? sharedMemory(sink.room)));
}

/** The memory of a result, which is lost when it is used again. */
export const memoryOf = ({ outcomes, names, tables }: PageResult): SpareMemory => [
  outcomes.buffer,
  names.buffer,
  ...tables.map(({ lines }) => lines.buffer),
];

/** The `_id` of a taken record. */
export const idAt = ({ names, keys, idEnds, nameEnds }: PageResult, position: number): string =>
  idOfKey(keys, position * KEY_WORDS) ??
  textOf(names, nameEnds[position - 1] ?? 0, idEnds[position]);

/** The name of a taken record. */
export const nameAt = ({ names, idEnds, nameEnds }: PageResult, position: number): string =>
  textOf(names, idEnds[position] ?? 0, nameEnds[position]);

const textOf = ({ buffer, byteOffset, length }: Uint8Array, start: number, end?: number): string =>
  Buffer.from(buffer, byteOffset, length).toString('utf8', start, end);

interface Sink {
  name: string;
  rows: (typeof modelTables)[number]['rows'];
  write: WriteRow;
  buffer: ByteSink;
  facts: TableFacts;
}

function noteEnd(sink: Sink | undefined, position: number): void {
  if (sink !== undefined) sink.facts.ends[position] = sink.buffer.length;
}

/** A page on its way. */
interface Page extends Pick<PageResult, 'rejects' | 'repairs'> {
  facts: PageFacts;
  names: ByteSink;
}

interface Taking {
  position: number;
  record: unknown;
  page: Page;
  sinks: readonly Sink[];
  context: { tags: TagLookup; observedAt: string; run: string };
}

function takeRecord(taking: Taking): number {
  const { position, record, page, sinks, context } = taking;
  const cleaned = cleanModel(record, context);
  if (!cleaned.ok) return reject(taking, cleaned.reason, cleaned.detail);
  try {
    for (const sink of sinks) writeRows(sink, cleaned.model, taking);
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    for (const sink of sinks) {
      sink.buffer.length = position === 0 ? 0 : (sink.facts.ends[position - 1] ?? 0);
      sink.facts.rows[position] = 0;
    }
    return reject(taking, 'schema', error.message);
  }
  noteName(page, position, cleaned.model);
  countRules(page.repairs, position, cleaned.repairs);
  return OUTCOME.taken;
}

function writeRows(sink: Sink, model: RawModel, { position, context }: Taking): void {
  const rows = sink.rows(model, context);
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index];
    if (row !== undefined) sink.write(row, sink.buffer);
  }
  sink.facts.rows[position] = rows.length;
}

function noteName({ facts, names }: Page, position: number, { _id, id }: RawModel): void {
  const at = position * KEY_WORDS;
  writeKey(facts.keys, at, { id: _id, name: id });
  if (!hasKey(facts.keys, at)) writePlain(names, _id);
  facts.idEnds[position] = names.length;
  writePlain(names, id);
}

function reject({ page, position, record }: Taking, reason: string, detail: string): number {
  page.rejects.push({ position, reason, detail, record: boundedJson(record) });
  return OUTCOME.rejected;
}

/** Adds the repairs of a record to `counts`, one entry a rule: there are few, so looking is quick. */
function countRules(
  counts: RuleCount[],
  position: number,
  repairs: readonly { rule: string; path: string }[],
): void {
  const start = counts.length;
  for (const { rule, path } of repairs) {
    let at = start;
    while (at < counts.length && counts[at]?.rule !== rule) at += 1;
    const known = counts[at];
    if (known === undefined) counts.push({ position, rule, count: 1, path });
    else known.count += 1;
  }
}

/** True for a record of the catch-up pass that did not change since: the list counts it. */
export function isBefore(record: unknown, since: string | null): boolean {
  if (since === null || typeof record !== 'object' || record === null) return false;
  const modified = 'lastModified' in record ? record.lastModified : undefined;
  // Without a date nothing says that it changed: the list has it anyway.
  return !(typeof modified === 'string' && Date.parse(modified) >= Date.parse(since));
}

function boundedJson(record: unknown): string {
  const text = JSON.stringify(record) ?? 'null';
  return text.slice(0, MAX_REJECT_TEXT).toWellFormed();
}
