import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { StatedResult } from '../boards/rows/check-benchmarks.ts';
import { field } from '../boards/values.ts';
import { parsePage } from '../clean/parse-page.ts';
import type { TagEntry } from '../clean/tags.ts';
import type { RecordOrigin } from '../tables/table.ts';
import { EtlError } from '../errors.ts';
import { countCaptures, readCaptures } from '../storage/captures.ts';
import {
  capturesOf,
  checkCounts,
  countRepair,
  fromCapture,
  REJECTED_ID,
  textOf,
  timestampOf,
  writeReject,
  type ExportInput,
  type ExportSession,
} from './export-session.ts';
import { openCarried, type CarriedSource } from './carried.ts';
import { createIdSet, type IdSet } from './id-set.ts';
import { NO_COUNTS, type SourceCounts } from './manifest.ts';
import { searchNames, type Alias, type NameSearch } from './model-names.ts';
import { processPages } from './page-threads.ts';
import type { PageJob, PageRecord, PageResult, PageTable } from './page.ts';

/** The source of each kind of record, its catch-up, what was asked for one by one, and the table that has a row for each of them. */
export const REPOS = {
  model: { source: 'models', catchup: 'catchup', singles: 'singles', table: 'raw_model' },
  dataset: {
    source: 'datasets',
    catchup: 'catchup-datasets',
    singles: 'singles-datasets',
    table: 'hub_datasets',
  },
  space: {
    source: 'spaces',
    catchup: 'catchup-spaces',
    singles: 'singles-spaces',
    table: 'hub_spaces',
  },
} as const satisfies Record<RecordOrigin, object>;

export interface ReposOutcome {
  counts: SourceCounts;
  aliases: Alias[];
  /** What exported models state of the benchmarks that were asked for. */
  stated: StatedResult[];
  /** All that were exported, with their names. */
  ids: IdSet;
  /** Ids of records that could not be cleaned, where the record tells. */
  rejected: string[];
  /** Names of records that only the light fields are had of. */
  thin: string[];
}

export interface ReposInput {
  vocabulary: ReadonlyMap<string, TagEntry>;
  /** Is told of each model that is exported. */
  names: NameSearch;
  /** Benchmarks that have a leaderboard. */
  benchmarks: ReadonlySet<string>;
}

/** A page and where it came from. */
interface Page extends PageJob {
  dataset: string;
  n: number;
  url: string;
  count: number;
  fetchedAt: string;
}

interface Repos {
  session: ExportSession;
  origin: RecordOrigin;
  names: NameSearch;
  ids: IdSet;
  /** The pages so far, and the number of each one's first record among all. */
  pages: { dataset: string; n: number; first: number }[];
  records: number;
  /** Seen again under another name; `place` is that of the record which was exported. */
  renamed: { name: string; _id: string; seenAt: string; place: number }[];
  outcome: ReposOutcome;
}

/** Each takes about 100 MB: with more, an export would need more than the 700 MB that we promise. */
const MOST_WORKERS = 2;
/** A smaller export ends sooner without threads: each has to start, and to compile what it runs. */
const LEAST_PAGES = 84;

/** Of what asks nobody for names or results. */
const NOTHING_ASKED: ReposInput = {
  vocabulary: new Map(),
  names: searchNames([], new Map()),
  benchmarks: new Set(),
};

/**
 * The records of a kind: those asked for one by one and catch-up captures first, since they are newer, then
 * the list, whose records are completed where it is light; of records with one `_id` the first is exported
 * and the others are counted.
 *
 * @throws {EtlError} `EXPORT_COUNT`, `STORAGE_CORRUPT`, `CAPTURE_NOT_JSON`
 */
export async function exportRepos(
  session: ExportSession,
  origin: RecordOrigin,
  { vocabulary, names, benchmarks }: ReposInput = NOTHING_ASKED,
): Promise<ReposOutcome> {
  const counts = { ...NO_COUNTS };
  const ids = createIdSet();
  const repos: Repos = {
    ...{ session, origin, names, ids, pages: [], records: 0, renamed: [] },
    outcome: { counts, aliases: [], stated: [], ids, rejected: [], thin: [] },
  };
  const { carried } = session.input;
  const from = carried?.[REPOS[origin].source];
  const source = from === undefined ? null : await openCarried(session, from);
  const settings = {
    ...{ origin, vocabulary, tables: session.output.names, benchmarks },
    ...(source && { completion: source.completion }),
  };
  const workers = session.workers ?? (await defaultWorkers(session.input, origin));
  const pages = pagesOf(session, origin, source);
  for await (const { job, result } of processPages(pages, settings, workers)) {
    // Pages may have been read long before their turn.
    session.signal?.throwIfAborted();
    await takePage(repos, job, await result.catch(rethrowFrom(job)));
  }
  if (source !== null) await rm(source.completion.store, { force: true });
  checkCounts(REPOS[origin].source, counts);
  checkRows(repos);
  repos.outcome.aliases = await nameAliases(repos);
  return repos.outcome;
}

async function defaultWorkers(
  { storageDir, datasets }: ExportInput,
  origin: RecordOrigin,
): Promise<number> {
  const list = datasets[REPOS[origin].source] ?? null;
  const pages = list === null ? 0 : await countCaptures(storageDir, list);
  const cores = Math.min(availableParallelism(), MOST_WORKERS);
  return cores > 1 && pages >= LEAST_PAGES ? cores : 0;
}

async function* pagesOf(
  session: ExportSession,
  origin: RecordOrigin,
  carried: CarriedSource | null,
): AsyncGenerator<Page, void> {
  const { catchupSince, startedAt } = session.input;
  const { source, catchup, singles } = REPOS[origin];
  // One time for the whole run: history is kept by day, and a crawl may cross midnight.
  const observedAt = timestampOf(startedAt);
  for (const name of [singles, catchup, source]) {
    const since = name === catchup ? (catchupSince[source] ?? null) : null;
    for await (const stored of capturesOf(session, name)) {
      const { dataset, n, packed } = stored;
      const { url, count, fetchedAt, span } = stored.facts;
      const page = { packed, observedAt, since, dataset, n, url, count, fetchedAt };
      const isLight = carried !== null && name === source;
      yield isLight ? { ...page, carried: await carried.pagesFor(span) } : page;
    }
  }
}

const rethrowFrom = (page: Page) => (error: unknown) => {
  throw fromCapture(error, page);
};

async function takePage(repos: Repos, page: Page, result: PageResult): Promise<void> {
  const { session, outcome } = repos;
  const { dataset, n } = page;
  checkPage(page, result);
  const before = outcome.counts.listed;
  repos.pages.push({ dataset, n, first: repos.records });
  const isKept: boolean[] = [];
  for (const [position, record] of result.records.entries()) {
    isKept.push(takeRecord(repos, page, record));
    repos.records += 1;
    if (record.outcome !== 'rejected') continue;
    outcome.rejected.push(...(REJECTED_ID.exec(record.record)?.slice(1) ?? []));
    const { reason, detail, record: text } = record;
    await writeReject(session, { dataset, n, position }, { reason, detail, record: text });
  }
  await Promise.all(result.tables.map((table) => appendKept(session, table, isKept)));
  session.onListed(outcome.counts.listed - before);
}

/** The crawl counted the records when it committed the page; cleaning must meet the same number. */
function checkPage({ dataset, n, count }: Page, { records }: PageResult): void {
  const found = records.length;
  if (found === count) return;
  const message = `capture ${n} of ${dataset} holds ${found} records, not ${count}`;
  throw new EtlError('EXPORT_COUNT', message, { context: { dataset, n, found, count } });
}

/** Counts a record; true when its rows are to be written. */
function takeRecord(repos: Repos, { fetchedAt }: Page, record: PageRecord): boolean {
  const { session, names, ids, records: place, renamed, outcome } = repos;
  const { counts, stated, thin } = outcome;
  if (record.outcome === 'passed_over') return false;
  counts.listed += 1;
  if (record.outcome === 'rejected') {
    counts.rejected += 1;
    return false;
  }
  const { _id, id } = record;
  const seen = ids.add(_id, id, place);
  if (seen !== undefined) {
    counts.duplicates += 1;
    if (!seen.hasSameName)
      renamed.push({ name: id, _id, seenAt: timestampOf(fetchedAt), place: seen.place });
    return false;
  }
  if (record.from === 'carried') counts.carried = (counts.carried ?? 0) + 1;
  else counts.exported += 1;
  if (record.from === 'thin') thin.push(id);
  names.see(id, _id);
  stated.push(...record.stated);
  for (const repair of record.repairs)
    countRepair(session, REPOS[repos.origin].table, { ...repair, id });
  return true;
}

/** Appends the lines of kept records; edges whose end is not known yet wait until every name is. */
async function appendKept(
  session: ExportSession,
  { name, lines, rows }: PageTable,
  isKept: readonly boolean[],
): Promise<void> {
  const edges = session.edges.get(name);
  if (edges !== undefined) {
    const ready = byRecord({ lines, rows }, isKept).flatMap(edges.hold);
    await session.output.append(name, Buffer.from(ready.join('')), ready.length);
    await edges.flush();
    return;
  }
  const count = rows.reduce((sum, some, position) => sum + (isKept[position] ? some : 0), 0);
  const isWhole = rows.every((some, position) => some === 0 || isKept[position]);
  const kept = isWhole ? lines : Buffer.from(byRecord({ lines, rows }, isKept).flat().join(''));
  await session.output.append(name, kept, count);
}

/** The lines of each kept record. */
function byRecord(
  { lines, rows }: Pick<PageTable, 'lines' | 'rows'>,
  isKept: readonly boolean[],
): string[][] {
  const all = Buffer.from(lines.buffer, lines.byteOffset, lines.length)
    .toString()
    .split(/(?<=\n)/);
  let first = 0;
  return rows.flatMap((some, position) => {
    const own = all.slice(first, first + some);
    first += some;
    return isKept[position] ? [own] : [];
  });
}

function checkRows({ session, origin, outcome }: Repos): void {
  const { table } = REPOS[origin];
  const rows = session.output.rowsOf(table);
  const { exported, carried = 0 } = outcome.counts;
  if (rows === undefined || rows === exported + carried) return;
  const message = `${table} has ${rows} rows, ${exported} were exported and ${carried} carried`;
  throw new EtlError('EXPORT_COUNT', message, { context: { rows, exported, carried } });
}

/**
 * Finds the exported name of each record that was seen under a second one. Names are not kept in memory,
 * so the page where it stood is read once more: few are renamed within a crawl.
 */
async function nameAliases({ session, pages, renamed }: Repos): Promise<Alias[]> {
  const aliases: Alias[] = [];
  for (const { name, _id, seenAt, place } of renamed) {
    const page = pages.findLast(({ first }) => first <= place);
    const to_id =
      page === undefined ? '' : await nameAt(session.input.storageDir, { ...page, place });
    aliases.push({ from_id: name, to_id, _id, how: 'same_id', seen_at: seenAt });
  }
  return aliases;
}

async function nameAt(
  storageDir: string,
  { dataset, n, first, place }: Repos['pages'][number] & { place: number },
): Promise<string> {
  for await (const stored of readCaptures(storageDir, dataset, { from: n })) {
    const record = parsePage(textOf(stored))[place - first];
    const id = field(record, 'id');
    return typeof id === 'string' ? id.toWellFormed() : '';
  }
  return '';
}
