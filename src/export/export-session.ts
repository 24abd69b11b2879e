import { jsonText } from '../clean/json-text.ts';
import type { BoardLicence } from '../boards/licence.ts';
import type { BoardFacts } from '../boards/rows/facts.ts';
import { EtlError } from '../errors.ts';
import type { REMOVAL_ANSWERS } from '../tables/repo-events.ts';
import type { CapturePointer } from '../storage/capture.ts';
import { bodyOf, readCaptures, type StoredCapture } from '../storage/captures.ts';
import type { Asked, CrawlFacts, Manifest, Outcome, SourceCounts } from './manifest.ts';
import type { HeldEdges } from './held-edges.ts';
import type { Output } from './output.ts';
import type { TableWriter } from './table-writer.ts';

/** A board's definition, as far as its rows need it. */
export type KnownBoard = BoardFacts & { id: string; licence?: BoardLicence | string };

/** What somebody says of names of models, as a file has it. */
export interface NamesFile {
  /** Ids by name. */
  registry: ReadonlyMap<string, string>;
  /** Of the file. */
  sha256: string;
}

/** Who makes the models of an owner, and where; null where nobody says, or two things are said. */
export interface Developer {
  developer: string | null;
  country: string | null;
}

/** What somebody says of owners, as a file has it. */
export interface DevelopersFile {
  /** By the owner's name in small letters. */
  owners: ReadonlyMap<string, Developer>;
  /** Of the file. */
  sha256: string;
}

/** A run that records are carried from. */
export interface CarriedRun {
  /** ISO 8601, UTC. */
  startedAt: string;
  /** Datasets of whole records in no order, newest first. */
  changes: readonly string[];
  /** Datasets of the list, oldest record first; only of the run that walked it for all fields. */
  list: readonly string[];
}

export interface CarriedInput {
  /** Names of the fields that were asked for. */
  light: readonly string[];
  /** Newest first; the last one walked the list for all fields. */
  runs: readonly CarriedRun[];
}

/** A finished export of an earlier run. */
export interface ReleaseBefore {
  folder: string;
  manifest: Manifest;
}

/** A repository that is no longer listed. */
export interface Removed {
  kind: 'models' | 'datasets' | 'spaces';
  _id: string;
  /** Its last name. */
  id: string;
}

/** What the Hub says of a repository that the list lacks: `alive` is an alarm, for it has it still. */
export type RemovalAnswer = (typeof REMOVAL_ANSWERS)[number] | 'alive';

/** Asks the Hub for repositories one by one; the answers by `_id`, of those that gave one. */
export type ConfirmRemoved = (
  removed: readonly Removed[],
) => Promise<ReadonlyMap<string, RemovalAnswer>>;

export interface ExportInput {
  storageDir: string;
  run: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  version: string;
  endpoint: string;
  /** Names of the run's datasets; null for a source that was left out. */
  datasets: {
    models: string | null;
    catchup: string | null;
    tags: string | null;
    missed: string | null;
    boards: string | null;
    benchmarks?: string | null;
    datasets?: string | null;
    'catchup-datasets'?: string | null;
    spaces?: string | null;
    'catchup-spaces'?: string | null;
    singles?: string | null;
    'singles-datasets'?: string | null;
    'singles-spaces'?: string | null;
    authors?: string | null;
    details?: string | null;
  };
  /** Of a list that was walked in parts: the datasets that follow the one of its name. */
  parts?: Readonly<Record<string, readonly string[]>>;
  /** Only records modified since then count in the catch-up pass, by source; all where none is given. */
  catchupSince: Partial<Record<string, string | null>>;
  /** Of light lists, by source: what the fields that were not asked for are carried from. */
  carried?: Partial<Record<string, CarriedInput>>;
  crawl: CrawlFacts;
  asked: Asked;
  outcome: Outcome;
  /** Bytes of all captures, packed. @default 0 */
  bytes?: number;
  /** What is known of the boards' columns; a board without it gives entries, but no scores. */
  boards?: readonly KnownBoard[];
  /** What a file of the user's says that boards call models. @default nothing */
  names?: NamesFile | undefined;
  /** What a file of the user's says of owners. @default nothing */
  developers?: DevelopersFile | undefined;
  /** Leaves out boards whose rows not everybody may publish. @default false */
  publishable?: boolean;
  /** What became of repositories is told against it, by source. @default nothing is told */
  before?: Partial<Record<string, ReleaseBefore>>;
  /** Share of its repositories that may be gone. @default 0.01 */
  maxRemoved?: number;
  /** Asks the Hub about repositories that are gone. @default nobody is asked */
  confirmRemoved?: ConfirmRemoved;
}

/** What the passes of one export share. */
export interface ExportSession {
  input: ExportInput;
  /** Where the files are written. */
  folder: string;
  output: Output;
  rejects: TableWriter;
  /** By table. */
  edges: ReadonlyMap<string, HeldEdges>;
  /** Names of the tables that were asked for; null for all. */
  asked: readonly string[] | null;
  /** By table of the clean records, then by rule. */
  repairs: Map<string, Map<string, RepairCount>>;
  /** Threads that clean, beside this one; undefined leaves the number to the export. */
  workers: number | undefined;
  signal: AbortSignal | undefined;
  /** Told after each page how many records it listed. */
  onListed: (records: number) => void;
}

export interface RepairCount {
  /** Whose records were cleaned. @default 'raw_model' */
  table?: string;
  count: number;
  /** The first record and place where it was done. */
  id: string;
  path: string;
}

/** Counts a repair of the rows of a table, with the first place where it was done. */
export function countRepair(
  { repairs }: ExportSession,
  table: string,
  { rule, count, id, path }: RepairCount & { rule: string },
): void {
  const ofTable = repairs.get(table) ?? new Map<string, RepairCount>();
  repairs.set(table, ofTable);
  const known = ofTable.get(rule);
  if (known === undefined) ofTable.set(rule, { count, id, path });
  else known.count += count;
}

interface Reject {
  reason: string;
  detail: string;
  /** See `rejectedText`. */
  record: string;
}

/** Long enough to see what a record is; `pointer` leads to the rest. */
const MAX_REJECT_TEXT = 10_000;

/** The id of a record in the text of a rejected one. */
export const REJECTED_ID = /"_id":"([^"\\]+)"/;

/** A rejected record as JSON, bounded. */
export const rejectedText = (record: unknown): string =>
  jsonText(record).slice(0, MAX_REJECT_TEXT).toWellFormed();

/** Writes a rejected record, with where it lies: the first of its capture where no position is given. */
export async function writeReject(
  { rejects }: ExportSession,
  { dataset, n, position = 0 }: Omit<CapturePointer, 'position'> & { position?: number },
  { reason, detail, record }: Reject,
): Promise<void> {
  const reject = { reason, detail, pointer: { dataset, n, position }, record };
  await rejects.append(Buffer.from(`${JSON.stringify(reject)}\n`), 1);
}

/** A capture, and the dataset that it lies in. */
export type PlacedCapture = StoredCapture & { dataset: string };

/** The captures of a source, of all its parts, until the signal says stop; none where it was left out. */
export async function* capturesOf(
  { input, signal }: ExportSession,
  source: keyof ExportInput['datasets'],
): AsyncGenerator<PlacedCapture, void> {
  const dataset = input.datasets[source] ?? null;
  if (dataset === null) return;
  for (const name of [dataset, ...(input.parts?.[dataset] ?? [])]) {
    for await (const stored of readCaptures(input.storageDir, name)) {
      signal?.throwIfAborted();
      yield { ...stored, dataset: name };
    }
  }
}

export const textOf = (stored: Pick<StoredCapture, 'packed'>): string => bodyOf(stored).toString();

/**
 * What is read of a capture's body.
 *
 * @throws {EtlError} `CAPTURE_NOT_JSON`, which names the capture
 */
export function readBody<Value>(read: (body: string) => Value, stored: PlacedCapture): Value {
  try {
    return read(textOf(stored));
  } catch (error) {
    throw fromCapture(error, { ...stored, url: stored.facts.url });
  }
}

/** What is thrown for a capture whose body is no JSON; other failures pass unchanged. */
export function fromCapture(
  error: unknown,
  { dataset, n, url }: { dataset: string; n: number; url: string },
): unknown {
  // An error of a thread has lost its class on the way.
  if (!(error instanceof Error) || error.name !== 'SyntaxError') return error;
  return new EtlError('CAPTURE_NOT_JSON', `capture ${n} of ${dataset} is no JSON`, {
    cause: error,
    context: { dataset, n, url },
  });
}

/** A time as the columns have it: UTC with milliseconds. A text that is no time becomes 1970. */
export function timestampOf(text: string): string {
  const time = Date.parse(text);
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}

/** The rule of every source: listed = exported + carried + duplicates + rejected, exactly. */
export function checkCounts(source: string, counts: SourceCounts): void {
  const { listed, exported, carried = 0, duplicates, rejected } = counts;
  if (listed === exported + carried + duplicates + rejected) return;
  const message = `${source}: listed is not exported + carried + duplicates + rejected`;
  throw new EtlError('EXPORT_COUNT', message, { context: { source, ...counts } });
}
