import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EtlError, type ErrorCode } from '../../errors.ts';
import { atOnce } from '../../storage/at-once.ts';
import type { Bucket } from '../../storage/bucket/bucket.ts';
import {
  manifestInForce,
  takeLease,
  type Lease,
  type LeaseOptions,
  type ObjectRef,
} from '../../storage/remote/head.ts';
import { readObject, sha256Of } from '../../storage/remote/manifest.ts';
import { howToRead } from './card.ts';
import {
  checkRelease,
  MANIFEST,
  README,
  writePublication,
  type HubLoad,
  type PublishOptions,
} from './publication.ts';
import type { PublishedFile } from './shards.ts';

export interface BucketPublication
  extends PublishOptions, Pick<LeaseOptions, 'command' | 'leaseMs' | 'log'> {
  bucket: Bucket;
}

/** The one object that is ever overwritten: who publishes, and which release is in force. */
const HEAD = 'release.json';
const RELEASES = 'releases/';
/** `releases/RUN-UUID/…`: names that nobody else makes. */
const OURS = /^releases\/[^/]+-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\//;
/** Each of these is held in memory. */
const SHARD_BYTES = 64e6;
const AT_ONCE = 3;

/**
 * Publishes the release that a DuckDB file holds in a bucket: Parquet, card and manifest into a folder of their own →
 * `release.json` moved to it → the release before the last one removed; with a takedown list all others. One at a
 * time, by the lease of a state. Killed anywhere, readers have the one before and the same call publishes once.
 *
 * @throws {EtlError} STATE_DENIED, CONFIG_INVALID before anything is written; FOLDER_TAKEN for a `release.json` that is
 * not ours; STORAGE_LOCKED while another one publishes; LOAD_FAILED, EXPORT_MISSING, STORAGE_FULL
 * @see docs/warehouses.md
 */
export async function loadHubBucket(options: BucketPublication): Promise<HubLoad> {
  const { bucket, folder, dryRun } = options;
  const { run } = options.manifest;
  await checkRelease(options);
  return asPublishing(async () => {
    const inForce = await manifestInForce(bucket, HEAD);
    const next = `${RELEASES}${run}-${randomUUID()}/`;
    const { files, leftOut } = await writePublication(
      { shardBytes: SHARD_BYTES, ...options },
      { kind: 'bucket', address: bucket.address, release: next },
    );
    const names = await bucket.list(RELEASES);
    const isThere = isWhole(inForce, files, names);
    const release = isThere ? folderOf(inForce) : next;
    const change = isThere ? 'keep' : 'add';
    const load: HubLoad = {
      ...{ run, target: bucket.address, outcome: 'dry-run', leftOut },
      ...{ commit: release, card: join(folder, README) },
      files: files.map(({ path, bytes }) => ({ path: release + path, bytes, change })),
    };
    if (dryRun) return load;
    const kept = keptOf(options, { inForce, release });
    // A load that was killed after its switch may have left whom a takedown list names.
    if (!isThere || (options.takedown.length > 0 && names.some(isOther(kept))))
      await publish(options, { inForce, isThere, release, kept, files });
    await rm(folder, { recursive: true, force: true });
    return { ...load, outcome: isThere ? 'already' : 'published', card: null };
  });
}

interface Found {
  inForce: ObjectRef | null;
  /** That is to be in force, with a slash at its end. */
  release: string;
}

/** The release and, for who is reading it, the one before; whoever is on a takedown list is in neither. */
const keptOf = ({ takedown }: PublishOptions, { inForce, release }: Found): string[] =>
  inForce === null || takedown.length > 0 ? [release] : [release, folderOf(inForce)];

const isOther =
  (kept: readonly string[]) =>
  (name: string): boolean =>
    OURS.test(name) && !kept.some((folder) => name.startsWith(folder));

const folderOf = ({ name }: ObjectRef): string => name.slice(0, -MANIFEST.length);

/** Whether what is in force is this very publication: the manifest has the hash of each of its other files. */
function isWhole(
  inForce: ObjectRef | null,
  files: readonly PublishedFile[],
  names: readonly string[],
): inForce is ObjectRef {
  const manifest = files.find(({ path }) => path === MANIFEST);
  if (inForce === null || inForce.sha256 !== manifest?.sha256) return false;
  return files.every(({ path }) => names.includes(folderOf(inForce) + path));
}

interface Release extends Found {
  isThere: boolean;
  kept: readonly string[];
  files: readonly PublishedFile[];
}

/** Uploads what is not there, switches, and removes what is to stay no more. */
async function publish(
  options: BucketPublication,
  { inForce, isThere, release, kept, files }: Release,
): Promise<void> {
  const { bucket } = options;
  await withLease(options, inForce, async (lease) => {
    const ref = isThere && inForce ? inForce : await upload(options, { lease, release, files });
    // Before the switch, which fails where another one took over: nothing of a later one is among them.
    const others = (await bucket.list(RELEASES)).filter(isOther(kept));
    await lease.move(ref);
    // One that is there stays: it may be the user's own.
    await bucket.put(README, Buffer.from(aboutOf(bucket)), null);
    await atOnce(AT_ONCE, others, (name) => bucket.remove(name));
  });
}

async function upload(
  { bucket, folder, signal }: BucketPublication,
  { lease, release, files }: Pick<Release, 'release' | 'files'> & { lease: Lease },
): Promise<ObjectRef> {
  const stop = AbortSignal.any([signal, lease.lost]);
  await atOnce(AT_ONCE, files, async ({ path, sha256 }) => {
    stop.throwIfAborted();
    const body = await readFile(join(folder, path));
    if (sha256Of(body) !== sha256)
      throw new EtlError('LOAD_FAILED', `${path} is not as it was written`);
    await bucket.put(release + path, body);
  });
  const manifest = files.find(({ path }) => path === MANIFEST);
  if (manifest === undefined) throw new Error('a release has a manifest');
  const { bytes, sha256 } = manifest;
  const ref = { name: release + MANIFEST, bytes, sha256 };
  // As readers will get it.
  await readObject(bucket, ref);
  return ref;
}

/** @throws {EtlError} STORAGE_LOCKED; LOAD_FAILED where another publication came between */
async function withLease(
  { bucket, command, leaseMs, log, signal }: BucketPublication,
  inForce: ObjectRef | null,
  work: (lease: Lease) => Promise<void>,
): Promise<void> {
  // Everybody may read it: names of machines are not for them.
  const host = 'another machine';
  const lease = await takeLease(bucket, { command, leaseMs, log, signal, head: HEAD, host });
  try {
    if (lease.manifest?.name !== inForce?.name)
      throw new EtlError('LOAD_FAILED', `${bucket.address}: somebody else published meanwhile`);
    await work(lease);
  } finally {
    await lease.release().catch(() => undefined); // it ends by itself
  }
}

const aboutOf = ({ address }: Bucket): string => `# Tables of the Hugging Face Hub

\`release.json\` names the manifest of the newest release; README.md beside that manifest says what the tables are.

\`\`\`python
${howToRead(address)}
\`\`\`
`;

/** Failures of a state as those of a publication. */
async function asPublishing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    const code = CODES[error.code];
    if (code === undefined) throw error;
    throw new EtlError(code, error.message, { cause: error, context: error.context });
  }
}

const CODES: Partial<Record<ErrorCode, ErrorCode>> = {
  STATE_FAILED: 'LOAD_FAILED',
  STORAGE_CORRUPT: 'LOAD_FAILED',
  STORAGE_VERSION: 'FOLDER_TAKEN',
};
