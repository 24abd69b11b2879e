import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { HubClient } from '../api/client.ts';
import {
  CHUNK_BYTES,
  datasetFacts,
  downloadFile,
  listFiles,
  type RepoFile,
} from '../api/repo-files.ts';
import { isDatasetId } from '../boards/benchmark-source.ts';
import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';
import {
  backfilled,
  loadBackfill,
  type Backfilled,
  type BackfillKind,
  type BackfillSource,
  type Snapshot,
} from '../export/duckdb/backfill.ts';
import { freeBytesOf, refuseFullDisk } from '../export/duckdb/space.ts';
import { isFile } from '../export/duckdb/files.ts';
import type { Logger } from '../log.ts';
import { digestFile, orMissing } from '../storage/files.ts';
import { BACKFILL_KINDS } from '../tables/backfill.ts';
import { warehousePath } from './places.ts';

export interface BackfillInput {
  /** A folder, or `hf://datasets/owner/name`. */
  from: string;
  /** Who made it. @default the data set; of a folder, the public weekly snapshots */
  source: string | undefined;
  /** Its licence. @default what the card of the data set says; of a folder, that of the weekly snapshots */
  licence: string | undefined;
  /** First and last day of the snapshots that are wanted, `YYYY-MM-DD`. */
  since: string | undefined;
  until: string | undefined;
}

export interface BackfillDependencies {
  /** Of the Hub, and of where it keeps files. */
  client: HubClient;
  log: Logger;
  signal: AbortSignal;
  onProgress: (note: string) => void;
}

export type BackfillReport = BackfillSource & Backfilled & { skipped: number };

const WEEKLY = { source: 'hfmlsoc/hub_weekly_snapshots', licence: 'ODbL-1.0' };
const HF = 'hf://datasets/';
const SNAPSHOT = /^(models|datasets|spaces)\/(\d{4}-\d{2}-\d{2})\/\1\.parquet$/;

/**
 * Brings public snapshots of the Hub into the DuckDB file, those that it does not have yet.
 *
 * @throws {EtlError} CONFIG_INVALID, WAREHOUSE_MISSING, HTTP_…, STORAGE_FULL, LOAD_FAILED, CHECK_REFUSED
 */
export async function backfill(
  dependencies: BackfillDependencies,
  config: Config,
  input: BackfillInput,
): Promise<BackfillReport> {
  const warehouse = warehousePath(config);
  if (!(await isFile(warehouse)))
    throw new EtlError('WAREHOUSE_MISSING', `There is no warehouse at ${warehouse}`);
  const found = await (input.from.startsWith(HF)
    ? onHub(dependencies, config, input)
    : inFolder(input));
  const isWanted = ({ date }: Snapshot): boolean =>
    (input.since ?? '') <= date && date <= (input.until ?? '9999');
  const all = found.snapshots.filter(isWanted).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  if (all.length === 0)
    throw new EtlError(
      'CONFIG_INVALID',
      `${input.from} holds no snapshots: KIND/YYYY-MM-DD/KIND.parquet`,
    );
  const { source, licence } = found;
  const had = await backfilled(warehouse, source);
  const missing = all.filter(({ kind, date }) => !had.has(`${kind}/${date}`));
  const skipped = all.length - missing.length;
  const nothing = { snapshots: [], events: 0, cut: [] };
  if (missing.length === 0) return { source, licence, skipped, ...nothing };
  const files = await found.bring(missing);
  dependencies.onProgress('loading');
  dependencies.signal.throwIfAborted();
  const loaded = await loadBackfill(warehouse, { source, licence }, files);
  await found.done();
  return { source, licence, skipped, ...loaded };
}

const placeOf = ({ kind, date }: Snapshot): string => `${date}/${kind}`;

interface Found extends BackfillSource {
  snapshots: readonly Snapshot[];
  /** Puts their files on this machine. */
  bring: (snapshots: readonly Snapshot[]) => Promise<(Snapshot & { file: string })[]>;
  /** Removes what `bring` made. */
  done: () => Promise<void>;
}

async function inFolder({ from, source, licence }: BackfillInput): Promise<Found> {
  const names = await orMissing(readdir(from, { recursive: true }));
  const snapshots = (names ?? []).flatMap((name) => snapshotsOf(name.replaceAll(path.sep, '/')));
  const fileOf = ({ kind, date }: Snapshot): string =>
    path.join(from, kind, date, `${kind}.parquet`);
  return {
    source: source ?? WEEKLY.source,
    licence: licence ?? WEEKLY.licence,
    snapshots,
    bring: (some) => Promise.resolve(some.map((it) => ({ ...it, file: fileOf(it) }))),
    done: () => Promise.resolve(),
  };
}

const snapshotsOf = (name: string): Snapshot[] => {
  const [, kind, date = ''] = SNAPSHOT.exec(name) ?? [];
  const known = kinds.find((it) => it === kind);
  return known === undefined || Number.isNaN(Date.parse(date)) ? [] : [{ kind: known, date }];
};

const kinds = Object.keys(BACKFILL_KINDS) as BackfillKind[]; // its own keys

type Remote = Snapshot & { listed: RepoFile };

async function onHub(
  { client, log, signal, onProgress }: BackfillDependencies,
  { storage }: Config,
  { from, source, licence }: BackfillInput,
): Promise<Found> {
  const id = from.slice(HF.length);
  if (!isDatasetId(id) || !id.includes('/'))
    throw new EtlError('CONFIG_INVALID', `${from} is no hf://datasets/OWNER/NAME`);
  const facts = await datasetFacts(client, id, signal);
  const remote: Remote[] = [];
  for (const folder of kinds)
    for (const listed of await listFiles(client, { id, sha: facts.sha, folder }, signal))
      remote.push(...snapshotsOf(listed.path).map((it) => ({ ...it, listed })));
  const folder = path.join(storage, 'backfill', id.replace('/', '--'));
  const bring = async (some: readonly Snapshot[]): Promise<(Snapshot & { file: string })[]> => {
    const wanted = remote.filter((it) =>
      some.some(({ kind, date }) => kind === it.kind && date === it.date),
    );
    const bytes = wanted.reduce((sum, { listed }) => sum + listed.bytes, 0);
    const requests = wanted.reduce((sum, it) => sum + Math.ceil(it.listed.bytes / CHUNK_BYTES), 0);
    log.info({ snapshots: wanted.length, bytes, requests }, 'backfill: to be downloaded at most');
    await mkdir(folder, { recursive: true });
    refuseFullDisk({ needed: bytes, free: await freeBytesOf(folder) }, folder);
    const files: (Snapshot & { file: string })[] = [];
    for (const { kind, date, listed } of wanted) {
      // Of another commit it may be another file.
      const file = path.join(folder, `${kind}-${date}-${facts.sha.slice(0, 12)}.parquet`);
      onProgress(`${kind} of ${date}`);
      const digest = async (half: string): Promise<string> => (await digestFile(half)).sha256;
      if (!(await isFile(file)))
        await downloadFile(
          client,
          { id, sha: facts.sha, file: listed, to: file },
          { signal, digest },
        );
      files.push({ kind, date, file });
    }
    return files;
  };
  return {
    source: source ?? id,
    licence: licence ?? facts.licence ?? 'unknown',
    snapshots: remote,
    bring,
    done: () => rm(folder, { recursive: true, force: true }),
  };
}
