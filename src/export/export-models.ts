import { EtlError } from '../errors.ts';
import { parsePage } from '../clean/parse-page.ts';
import type { TagEntry } from '../clean/model.ts';
import {
  capturesOf,
  checkCounts,
  fromCapture,
  modelDatasets,
  storedCapturesOf,
  timestampOf,
  writeReject,
  type ExportSession,
} from './export-session.ts';
import { createIdSet, hashText, hasKey, KEY_WORDS, type IdSet } from './id-set.ts';
import { inOrder } from './in-order.ts';
import type { SourceCounts } from './manifest.ts';
import type { PagePool } from './page-pool.ts';
import {
  idAt,
  isBefore,
  nameAt,
  OUTCOME,
  type PageResult,
  type PageTable,
  type RuleCount,
} from './page.ts';

/** A row of `aliases`. */
export interface Alias {
  from_id: string;
  to_id: string;
  _id: string | null;
  how: 'redirect' | 'same_id';
  seen_at: string;
}

export interface ModelsOutcome {
  counts: SourceCounts;
  aliases: Alias[];
  /** Of the names that were asked for, those of exported models. */
  found: ReadonlySet<string>;
}

export interface ModelsInput {
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Names that somebody asks for. */
  names: ReadonlySet<string>;
  /** Not prepared. Whoever made it closes it. */
  pool: PagePool;
}

interface Models {
  session: ExportSession;
  input: ModelsInput;
  counts: SourceCounts;
  ids: IdSet;
  /** By the hash that stands in the key of a record. */
  nameHashes: ReadonlySet<number>;
  found: Set<string>;
  /** Seen again under another name; which name was exported is looked up at the end. */
  renamed: { name: string; _id: string; seenAt: string }[];
}

/** A page and where it came from. */
interface Page {
  dataset: string;
  n: number;
  fetchedAt: string;
  result: PageResult;
}

/** Where threads clean, room for 3.3 million models from the start, so that it need not grow. */
const LARGE_SLOTS = 1 << 22;

/**
 * The models: catch-up captures first, since they are newer, then the list; of records with one `_id`
 * the first is exported and the others are counted.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`, `CAPTURE_NOT_JSON`
 */
export async function exportModels(
  session: ExportSession,
  input: ModelsInput,
): Promise<ModelsOutcome> {
  const models: Models = {
    session,
    input,
    counts: { listed: 0, exported: 0, duplicates: 0, rejected: 0 },
    ids: createIdSet(input.pool.width > 1 ? LARGE_SLOTS : undefined),
    nameHashes: new Set([...input.names].map(hashText)),
    found: new Set(),
    renamed: [],
  };
  const { vocabulary, pool } = input;
  pool.prepare({ run: session.input.run, vocabulary, tables: session.output.names });
  // One time for the whole run: history is kept by day, and a crawl may cross midnight.
  const observedAt = timestampOf(session.input.startedAt);
  for (const { dataset, since } of modelDatasets(session.input)) {
    const stored = storedCapturesOf(session, dataset);
    const pages = inOrder(stored, pool.width, async ({ packed, n, facts }) => {
      const { url, count, fetchedAt } = facts;
      const result = await pool.run({ packed, observedAt, since }).catch((error: unknown) => {
        throw fromCapture(error, { dataset, n, url });
      });
      checkPage(result, { dataset, n, count });
      return { dataset: dataset ?? '', n, fetchedAt: timestampOf(fetchedAt), result };
    });
    for await (const page of pages) {
      // Pages may have been read long before their turn.
      session.signal?.throwIfAborted();
      await takePage(models, page);
      pool.release(page.result);
    }
  }
  checkCounts('models', models.counts);
  checkRows(models);
  const { counts, found } = models;
  return { counts, found, aliases: await nameAliases(models) };
}

/** The crawl counted the records when it committed the page; cleaning must meet the same number. */
function checkPage(
  result: PageResult,
  { dataset, n, count }: { dataset: string | null; n: number; count: number },
): void {
  const found = result.outcomes.length;
  if (found === count) return;
  throw new EtlError(
    'EXPORT_COUNT',
    `capture ${n} of ${dataset} holds ${found} records, not ${count}`,
    {
      context: { dataset, n, found, count },
    },
  );
}

function checkRows({ session, counts }: Models): void {
  const rows = session.output.rowsOf('raw_model');
  if (rows === undefined || rows === counts.exported) return;
  throw new EtlError(
    'EXPORT_COUNT',
    `raw_model has ${rows} rows, ${counts.exported} were exported`,
    {
      context: { rows, exported: counts.exported },
    },
  );
}

async function takePage(models: Models, page: Page): Promise<void> {
  const { dataset, n, result } = page;
  const { session, counts } = models;
  const { outcomes } = result;
  const isKept = new Uint8Array(outcomes.length);
  // Entries of the array would be half of this thread's garbage.
  for (let position = 0; position < outcomes.length; position += 1) {
    const outcome = outcomes[position];
    if (outcome === OUTCOME.passedOver) continue;
    counts.listed += 1;
    if (outcome === OUTCOME.rejected) counts.rejected += 1;
    else if (isFirst(models, page, position)) isKept[position] = 1;
  }
  for (const { position, ...reject } of result.rejects) {
    await writeReject(session, { ...reject, pointer: { dataset, n, position } });
  }
  for (const repair of result.repairs) {
    if (isKept[repair.position] === 1) countRepair(session, repair, result);
  }
  for (const table of result.tables) await appendKept(session, table, isKept);
  session.onProgress(counts.listed);
}

function countRepair({ repairs }: ExportSession, repair: RuleCount, result: PageResult): void {
  const { rule, count, path, position } = repair;
  const known = repairs.get(rule);
  if (known === undefined) repairs.set(rule, { count, id: nameAt(result, position), path });
  else known.count += count;
}

function isFirst(models: Models, page: Page, position: number): boolean {
  const { ids, counts, renamed, nameHashes } = models;
  const { result, fetchedAt } = page;
  const at = position * KEY_WORDS;
  const nameHash = result.keys[at + KEY_WORDS - 1] ?? 0;
  const seen = hasKey(result.keys, at)
    ? ids.add(result.keys, at)
    : ids.addOther(idAt(result, position), nameHash);
  if (seen === 'new') {
    counts.exported += 1;
    // A million names as texts would be most of this thread's garbage.
    if (nameHashes.has(nameHash)) noteFound(models, nameAt(result, position));
    return true;
  }
  counts.duplicates += 1;
  if (seen === 'renamed') {
    renamed.push({
      name: nameAt(result, position),
      _id: idAt(result, position),
      seenAt: fetchedAt,
    });
  }
  return false;
}

function noteFound({ input, found }: Models, name: string): void {
  if (input.names.has(name)) found.add(name);
}

/** Appends the lines of kept records, in as few pieces as they lie in. */
async function appendKept(
  { output }: ExportSession,
  { name, lines, ends, rows }: PageTable,
  isKept: Uint8Array,
): Promise<void> {
  let start = 0;
  let pieceRows = 0;
  for (let position = 0; position <= isKept.length; position += 1) {
    if (isKept[position] === 1) {
      pieceRows += rows[position] ?? 0;
      continue;
    }
    // A record that is left out ends the piece before it; so does the end of the page.
    const end = position === 0 ? 0 : (ends[position - 1] ?? 0);
    if (pieceRows > 0) await output.append(name, lines.subarray(start, end), pieceRows);
    pieceRows = 0;
    start = ends[position] ?? end;
  }
}

/**
 * Finds the exported name of each model that was seen under a second one. Names are not kept in
 * memory, so the captures are read once more; that is rare, and ends when the last one is found.
 */
async function nameAliases({ session, renamed }: Models): Promise<Alias[]> {
  const wanted = new Map(renamed.map(({ _id }) => [_id, '']));
  let missing = wanted.size;
  for (const { dataset, since } of modelDatasets(session.input)) {
    if (missing === 0) break;
    for await (const { capture } of capturesOf(session, dataset)) {
      for (const record of parsePage(capture.body)) {
        if (!isNamed(record) || isBefore(record, since)) continue;
        const { _id, id } = record;
        if (wanted.get(_id) !== '') continue;
        wanted.set(_id, id);
        missing -= 1;
      }
      if (missing === 0) break;
    }
  }
  return renamed.map(({ name, _id, seenAt }) => ({
    from_id: name,
    to_id: wanted.get(_id) ?? '',
    _id,
    how: 'same_id',
    seen_at: seenAt,
  }));
}

const isNamed = (value: unknown): value is { _id: string; id: string } =>
  typeof value === 'object' &&
  value !== null &&
  '_id' in value &&
  'id' in value &&
  typeof value._id === 'string' &&
  typeof value.id === 'string';
