import { join } from 'node:path';
import { field } from '../boards/values.ts';
import { isRecord, jsonText } from '../clean/json-text.ts';
import { parsePage } from '../clean/parse-page.ts';
import type { CaptureFacts } from '../storage/capture.ts';
import { captureFacts, readCaptures } from '../storage/captures.ts';
import { loadSqlite } from '../storage/sqlite.ts';
import { textOf, timestampOf, type CarriedInput, type ExportSession } from './export-session.ts';

/** What completes the records of a light list. */
export interface Completion {
  /** Names of the fields that were asked for: the others are carried. */
  light: readonly string[];
  /** A file with what was read whole since the list was walked for all fields. */
  store: string;
  /** When the run began that walked it so: ISO 8601, UTC, milliseconds. */
  listReadAt: string;
}

export interface CarriedSource {
  completion: Completion;
  /** The packed pages of that walk where the records of a page are. */
  pagesFor: (span: CaptureFacts['span']) => Promise<Buffer[]>;
}

/**
 * Makes that ready for an export; the file lies in its folder, and is removed by the caller.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`
 */
export async function openCarried(
  { input, folder, signal }: ExportSession,
  { light, runs }: CarriedInput,
): Promise<CarriedSource> {
  const store = join(folder, '.carried.sqlite');
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(store);
  try {
    database.exec(`PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
      CREATE TABLE records (_id TEXT PRIMARY KEY, readAt TEXT NOT NULL, record TEXT NOT NULL) STRICT`);
    // What is there already is newer.
    const insert = database.prepare('INSERT OR IGNORE INTO records VALUES (?, ?, ?)');
    for (const { startedAt, changes } of runs) {
      for await (const stored of capturesIn(input.storageDir, changes)) {
        signal?.throwIfAborted();
        database.exec('BEGIN');
        for (const record of parsePage(textOf(stored)))
          insert.run(keyOf(record), timestampOf(startedAt), jsonText(record));
        database.exec('COMMIT');
      }
    }
  } finally {
    database.close();
  }
  const base = runs.at(-1);
  const pagesFor = await spannedPages(input.storageDir, base?.list ?? []);
  const listReadAt = timestampOf(base?.startedAt ?? '');
  return { completion: { light, store, listReadAt }, pagesFor };
}

/** A record without an id is nobody's. */
const keyOf = (record: unknown): string => {
  const _id = field(record, '_id');
  return typeof _id === 'string' ? _id.toWellFormed() : '';
};

async function* capturesIn(storageDir: string, datasets: readonly string[]) {
  for (const dataset of datasets) yield* readCaptures(storageDir, dataset);
}

/** Pages that are kept: those of one span reach into that of the next. */
const KEPT_PAGES = 4;

async function spannedPages(
  storageDir: string,
  datasets: readonly string[],
): Promise<CarriedSource['pagesFor']> {
  const pages = (
    await Promise.all(
      datasets.map(async (dataset) =>
        (await captureFacts(storageDir, dataset)).map((it) => ({ ...it, dataset })),
      ),
    )
  ).flat();
  const kept = new Map<(typeof pages)[number], Buffer>();
  const readers = new Map<string, { next: number; rows: ReturnType<typeof readCaptures> }>();
  const read = async (page: (typeof pages)[number]): Promise<Buffer> => {
    const { dataset, n } = page;
    let reader = readers.get(dataset);
    // Lists are walked in one order: mostly the next page is the one that is wanted.
    if (reader?.next !== n) {
      await reader?.rows.return();
      reader = { next: n, rows: readCaptures(storageDir, dataset, { from: n }) };
      readers.set(dataset, reader);
    }
    const { value } = await reader.rows.next();
    reader.next += 1;
    return value?.packed ?? Buffer.alloc(0);
  };
  return async (span) => {
    if (span === undefined) return [];
    const [from, to] = span;
    const wanted = pages.filter(
      ({ first, last }) => first !== null && last !== null && first <= to && last >= from,
    );
    const found: Buffer[] = [];
    for (const page of wanted) {
      const packed = kept.get(page) ?? (await read(page));
      kept.set(page, packed);
      found.push(packed);
    }
    for (const page of [...kept.keys()].slice(0, -KEPT_PAGES)) kept.delete(page);
    return found;
  };
}

/** What a light record became. */
export interface Completed {
  record: unknown;
  /** When the run began that read most of it; null where only the light fields are had. */
  readAt: string | null;
}

/**
 * Completes light records: fields that were not asked for are those of the newest whole record of the
 * same revision and date of change.
 *
 * @returns completes the records of a page; `pages` are those of `pagesFor`
 */
export function createCompleter({
  light,
  store,
  listReadAt,
}: Completion): (records: readonly unknown[], pages: readonly Buffer[]) => Completed[] {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(store, { readOnly: true });
  const newest = database.prepare('SELECT readAt, record FROM records WHERE _id = ?');
  const asked = new Set([...light, 'id', '_id', 'modelId']);
  return (records, pages) => {
    const listed = new Map(
      pages.flatMap((packed) =>
        parsePage(textOf({ packed })).map((record) => [keyOf(record), record] as const),
      ),
    );
    return records.map((record) => {
      const key = keyOf(record);
      const stored = newest.get(key);
      const whole: unknown =
        stored === undefined ? listed.get(key) : JSON.parse(String(stored['record']));
      if (!isRecord(record) || !isRecord(whole) || !isSame(record, whole))
        return { record, readAt: null };
      const rest = Object.entries(whole).filter(([name]) => !asked.has(name));
      const readAt = stored === undefined ? listReadAt : String(stored['readAt']);
      return { record: { ...Object.fromEntries(rest), ...record }, readAt };
    });
  };
}

const isSame = (a: object, b: object): boolean =>
  ['sha', 'lastModified'].every((name) => field(a, name) === field(b, name));
