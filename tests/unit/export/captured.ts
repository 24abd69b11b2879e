import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { boards } from '../../../src/boards/definitions/index.ts';
import type { Capture } from '../../../src/storage/capture.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import type { ExportInput } from '../../../src/export/export.ts';
import type { Manifest } from '../../../src/export/manifest.ts';
import { itemCapture } from '../../../src/storage/capture.ts';
import { openCaptures } from '../../../src/storage/captures.ts';

const DATA = new URL('../../../demo/data/', import.meta.url);

/** The replica's real models, each as the JSON text that the Hub sent. */
export async function realModels(): Promise<string[]> {
  const text = gunzipSync(await readFile(new URL('models.jsonl.gz', DATA))).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** The replica's real rows of the Open LLM Leaderboard, as its page loads them. */
export async function realBoardRows(): Promise<unknown[]> {
  const text = gunzipSync(await readFile(new URL('open-llm.json.gz', DATA))).toString('utf8');
  return JSON.parse(text) as unknown[];
}

export async function withTemporaryFolder<Result>(
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'etl-export-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface Page {
  /** JSON texts of the records. */
  records: readonly string[];
  /** What the capture says it holds. @default the number of records */
  count?: number;
  fetchedAt?: string;
}

const FETCHED_AT = '2026-11-23T10:00:00.000Z';

export const capture = (source: string, body: string, facts: Partial<Capture> = {}): Capture => ({
  source,
  url: `http://127.0.0.1/${source}`,
  status: 200,
  headers: {},
  fetchedAt: FETCHED_AT,
  next: null,
  count: 1,
  body: Buffer.from(body),
  ...facts,
});

export async function writeDataset(
  storageDir: string,
  name: string,
  captures: readonly Capture[],
): Promise<void> {
  const out = await openCaptures(storageDir, name);
  await out.writeAll(captures);
  await out.close();
}

export const writeItems = (
  storageDir: string,
  name: string,
  items: readonly object[],
): Promise<void> =>
  writeDataset(
    storageDir,
    name,
    items.map((item) => itemCapture(item, new Date(FETCHED_AT))),
  );

export const writePages = (
  storageDir: string,
  name: string,
  pages: readonly Page[],
): Promise<void> =>
  writeDataset(
    storageDir,
    name,
    pages.map(({ records, count = records.length, fetchedAt = FETCHED_AT }) =>
      capture(name, `[${records.join(',')}]`, { count, fetchedAt }),
    ),
  );

export const snapshotOf = (
  loaded: unknown[] | null,
  facts: Partial<BoardSnapshot> = {},
): BoardSnapshot => ({
  board: 'open-llm',
  renderer: 'open-llm',
  ...{ status: 'verified', proof: 'payload' },
  stated: { shown: null, total: loaded?.length ?? null },
  ...{ filters: [], controls: [], variant: '' },
  headers: [],
  loadedFrom: 'http://127.0.0.1/api/leaderboard/formatted',
  loaded,
  shown: [],
  shownChecked: 0,
  hidden: 0,
  seconds: 1,
  ...facts,
});

export const writeBoards = (
  storageDir: string,
  name: string,
  snapshots: readonly BoardSnapshot[],
): Promise<void> =>
  writeDataset(
    storageDir,
    name,
    snapshots.map((snapshot) => {
      const count = (snapshot.loaded ?? snapshot.shown).length;
      return capture(`boards/${snapshot.board}`, JSON.stringify(snapshot), { count });
    }),
  );

/** The input of an export over datasets of these names. */
export const inputOf = (
  storageDir: string,
  datasets: Partial<ExportInput['datasets']>,
  rest: Partial<ExportInput> = {},
): ExportInput => ({
  storageDir,
  run: 'r1',
  startedAt: '2026-11-23T09:00:00.000Z',
  finishedAt: '2026-11-23T11:00:00.000Z',
  version: '0.1.0',
  endpoint: 'http://127.0.0.1',
  datasets: { models: null, catchup: null, tags: null, missed: null, boards: null, ...datasets },
  catchupSince: {},
  crawl: {},
  asked: {
    sources: ['models', 'tags', 'benchmarks', 'boards'],
    boards: ['open-llm'],
    ...{ limit: null, filter: null, author: null },
  },
  outcome: { status: 'done', exitCode: 0, failures: [] },
  boards,
  ...rest,
});

/** A model of the smallest kind, for tests of counting. */
export const tinyModel = (number: number, fields: object = {}): string =>
  JSON.stringify({
    _id: (0x60000000 + number).toString(16).padEnd(24, '0'),
    id: `owner/model-${number}`,
    lastModified: '2026-11-20T00:00:00.000Z',
    ...fields,
  });

/** The rows of a table's files, whatever their compression. */
export async function readRows(
  folder: string,
  manifest: Manifest,
  table: string,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const { path } of manifest.tables[table]?.files ?? []) {
    const bytes = await readFile(join(folder, path));
    const text = unpack(bytes, path).toString('utf8');
    for (const line of text.split('\n')) {
      if (line !== '') rows.push(JSON.parse(line) as Record<string, unknown>);
    }
  }
  return rows;
}

export function unpack(bytes: Buffer, path: string): Buffer {
  if (path.endsWith('.zst')) return bytes.length === 0 ? bytes : zstdDecompressSync(bytes);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** All bytes of a folder, by file. */
export async function bytesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const entries = names.map(async (name) => [
    name,
    (await readFile(join(folder, name))).toString('hex'),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}
