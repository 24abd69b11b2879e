import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EtlError } from '../../../src/errors.ts';
import { loadBigquery, type BigqueryLoad } from '../../../src/export/bigquery/load.ts';
import type { BigqueryOptions, Clock } from '../../../src/export/bigquery/client.ts';
import { exportRun, type ExportInput } from '../../../src/export/export.ts';
import type { Compression } from '../../../src/export/table-writer.ts';
import {
  startBigqueryDouble,
  type BigqueryDouble,
  type BigqueryDoubleOptions,
} from '../../bigquery/server.ts';
import { contentHash } from '../../bigquery/rows.ts';
import { temporaryFolder } from '../../helpers/fixtures.ts';
import {
  capture,
  inputOf,
  realBoardRows,
  realModels,
  snapshotOf,
  tinyModel,
  writeBoards,
  writeDataset,
  writePages,
} from '../export/captured.ts';
import type { Exported } from '../export/duckdb-place.ts';

export type { Exported };

export const DATASET = 'huggingface';
export const STAGING = 'staging_huggingface';
export const BACKUPS = 'huggingface_backups';

/** A clock whose waiting takes no time, and that counts what it was asked to wait. */
export interface FastClock extends Clock {
  sleptMs: number;
  set: (ms: number) => void;
}

export function createClock(start = Date.parse('2026-11-23T12:00:00.000Z')): FastClock {
  let now = start;
  const clock: FastClock = {
    sleptMs: 0,
    nowMs: () => now,
    set: (ms) => {
      now = ms;
    },
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
      clock.sleptMs += ms;
      return Promise.resolve();
    },
  };
  return clock;
}

export interface Place {
  folder: string;
  double: BigqueryDouble;
  clock: FastClock;
  load: (input: Exported, options?: Partial<BigqueryOptions>) => Promise<BigqueryLoad>;
  /** Everything a program has to know of the place. */
  place: BigqueryOptions;
}

export async function withDouble(
  work: (place: Place) => Promise<void>,
  { partBytes, ...options }: BigqueryDoubleOptions & { partBytes?: number } = {},
): Promise<void> {
  const { folder, remove } = await temporaryFolder();
  // A double that has the time of the day has it with who loads.
  const clock = createClock(options.nowMs?.());
  const double = await startBigqueryDouble({ nowMs: clock.nowMs, ...options });
  const log = { info: () => undefined, warn: () => undefined };
  const place = { project: double.project, endpoint: double.url };
  try {
    await work({
      folder,
      double,
      clock,
      place,
      // Runs of tests grow and shrink as they like; checks.spec.ts asks for rows.
      load: (input, more = {}) =>
        loadBigquery({ clock, log, ...(partBytes === undefined ? {} : { partBytes }) }, input, {
          ...place,
          checks: { minRows: 0 },
          ...more,
        }),
    });
  } finally {
    await double.close();
    await remove();
  }
}

/** A client with a token, as one that has found its credentials. */
export function clientWith(
  token: string,
  { url, project }: Pick<BigqueryDouble, 'url' | 'project'>,
): BigQuery {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token, expiry_date: Date.now() + 3_600_000 });
  return new BigQuery({
    projectId: project,
    location: 'US',
    apiEndpoint: url,
    retryOptions: { autoRetry: false },
    authClient,
  });
}

export interface Made {
  compress?: Compression;
  shardBytes?: number;
}

async function made(
  folder: string,
  input: ExportInput,
  { compress = 'zstd', shardBytes }: Made = {},
): Promise<Exported> {
  const exportDir = join(folder, 'exports', input.run);
  const manifest = await exportRun(input, {
    out: exportDir,
    compress,
    ...(shardBytes === undefined ? {} : { shardBytes }),
  });
  return { manifest, exportDir };
}

/**
 * An export of real models, the real board and a few tags: every table that they give.
 *
 * @param options.boardRows the first of the board. @default all
 */
export async function realExport(
  folder: string,
  { boardRows, ...options }: Made & { boardRows?: number } = {},
): Promise<Exported> {
  const storage = join(folder, 'storage-real');
  await writePages(storage, 'models', [{ records: await realModels() }]);
  await writeBoards(storage, 'boards', [snapshotOf((await realBoardRows()).slice(0, boardRows))]);
  const tags = '{"license":[{"id":"license:mit","label":"MIT","type":"license"}]}';
  await writeDataset(storage, 'tags', [capture('tags', tags)]);
  const datasets = { models: 'models', boards: 'boards', tags: 'tags' };
  const input = inputOf(storage, datasets);
  const asked = { ...input.asked, sources: ['models', 'tags', 'boards'] };
  return made(folder, { ...input, asked }, options);
}

export interface TinyRun {
  run: string;
  /** `YYYY-MM-DD`; history is by this day. */
  day: string;
  models: number;
  /** Written into each model, so that runs of one day differ. */
  likes?: number;
  /** Only these tables are in the manifest. */
  tables?: readonly string[];
}

/** An export of made-up models, with few tables, quick to load again and again. */
export async function tinyExport(
  folder: string,
  { run, day, models, likes = 1, tables = ['core_model', 'usage', 'runs', 'tags'] }: TinyRun,
): Promise<Exported> {
  const storage = join(folder, `storage-${run}-${likes}`);
  const fetchedAt = `${day}T10:00:00.000Z`;
  const records = Array.from({ length: models }, (_, at) => tinyModel(at, { likes }));
  await writePages(storage, 'models', [{ records, fetchedAt }]);
  const times = { startedAt: `${day}T09:00:00.000Z`, finishedAt: `${day}T11:00:00.000Z` };
  const input = inputOf(storage, { models: 'models' }, { run, ...times });
  const exported = await made(folder, input);
  const all = exported.manifest.tables;
  const chosen = Object.fromEntries(Object.entries(all).filter(([name]) => tables.includes(name)));
  return { ...exported, manifest: { ...exported.manifest, tables: chosen } };
}

export const twoRuns = async (folder: string): Promise<[Exported, Exported]> => [
  await tinyExport(folder, { run: 'a', day: '2026-11-01', models: 3 }),
  await tinyExport(folder, { run: 'b', day: '2026-11-02', models: 4 }),
];

/** The same export under another run's name. */
export const asRun = ({ manifest, exportDir }: Exported, run: string): Exported => ({
  exportDir,
  manifest: { ...manifest, run },
});

/** The same export with other rows of `usage`, of which the manifest speaks. */
export async function withUsage(
  { manifest, exportDir }: Exported,
  rows: readonly object[],
): Promise<Exported> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const path = 'usage-changed.jsonl';
  await writeFile(join(exportDir, path), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const facts = { rows: rows.length, bytes: Buffer.byteLength(text), sha256 };
  const usage = { ...facts, files: [{ path, ...facts }] };
  return { exportDir, manifest: { ...manifest, tables: { ...manifest.tables, usage } } };
}

/** The error that a load ends with. */
export async function failureOf(work: Promise<unknown>): Promise<EtlError> {
  const error: unknown = await work.then(
    () => undefined,
    (it: unknown) => it,
  );
  if (error instanceof EtlError) return error;
  throw new Error(`no EtlError: ${String(error)}`);
}

/** What the tables of a dataset hold: rows and hash of their JSONL. */
export function contentsOf(
  double: BigqueryDouble,
  dataset: string,
): Record<string, { rows: number; sha256: string }> {
  return Object.fromEntries(
    [...double.tables(dataset)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { rows, schema }]) => [
        name,
        { rows: rows.length, sha256: contentHash(rows, schema) },
      ]),
  );
}
