import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { EtlError } from '../../errors.ts';
import { atOnce } from '../at-once.ts';
import type { Bucket } from '../bucket/bucket.ts';
import { orMissing, syncFile, writeJson } from '../files.ts';
import { isPublished, partsOf, stampOf, stateFiles } from './files.ts';
import { takeLease, type Lease, type LeaseOptions, type ObjectRef } from './head.ts';
import {
  EMPTY,
  objectsOf,
  readManifest,
  readObject,
  sha256Of,
  type StateFile,
  type StateManifest,
} from './manifest.ts';

/** What was moved, and what the state has in all. */
export interface Moved {
  files: number;
  bytes: number;
  /** Of these, that went over the network now. */
  movedBytes: number;
}

export interface SaveOptions {
  /** With tables and warehouse, which a run leaves alone until its end. */
  whole: boolean;
  signal: AbortSignal;
}

/** The state of a storage in a bucket, which this process alone may write until it is closed. */
export interface RemoteState {
  /** What was brought down. */
  readonly found: Moved;
  /** Aborted, with the reason, once another run may have taken it over. */
  readonly lost: AbortSignal;
  /**
   * Puts up what the bucket lacks, then moves the state to it: whole or not at all. One call at a time.
   *
   * @throws {EtlError} `STORAGE_LOCKED` when another run has taken the state, and what a bucket throws
   */
  save: (options: SaveOptions) => Promise<Moved>;
  /** Gives the state back. What was not saved is lost with the disk. */
  close: () => Promise<void>;
}

const OBJECTS = 'objects/';
/** Each one holds a part of a file in memory. */
const AT_ONCE = 8;
/** Says of a storage which state it is a copy of: then it is at least as new, and stays. */
const MARKER = 'state.json';
const COPY = '.state-copy';

const Marker = z.object({
  address: z.string(),
  /** Name of the manifest; null while it is brought down. */
  manifest: z.string().nullable(),
});

/**
 * Takes the state of a bucket and brings it down into a storage, which is open. A bucket without a state
 * gets that of the storage with the first `save`. What killed holders left in the bucket is removed.
 *
 * @throws {EtlError} `STORAGE_LOCKED` when another run holds it, `FOLDER_TAKEN` for a storage that holds
 * runs of another origin, `STORAGE_CORRUPT`, `STORAGE_VERSION`, and what a bucket throws
 */
export async function openRemoteState(
  bucket: Bucket,
  storageDir: string,
  options: LeaseOptions,
): Promise<RemoteState> {
  await rm(join(storageDir, COPY), { force: true });
  const lease = await takeLease(bucket, options);
  try {
    const manifest = await readManifest(bucket, lease.manifest);
    const state: Open = {
      ...{ bucket, storageDir, lease, manifest, ref: lease.manifest },
      ...{ present: new Map(), unsure: new Set(), known: new Map() },
    };
    await removeOthers(state, await bucket.list(OBJECTS));
    const moved = await bringDown(state, options.signal);
    return {
      found: { ...sizeOf(state.manifest), movedBytes: moved },
      lost: lease.lost,
      save: (how) => save(state, how),
      close: () => lease.release(),
    };
  } catch (error) {
    await lease.release().catch(() => undefined); // it ends by itself
    throw error;
  }
}

interface Known {
  stamp: string;
  file: StateFile;
}

interface Open {
  bucket: Bucket;
  storageDir: string;
  lease: Lease;
  /** In force, and the object that it is. */
  manifest: StateManifest;
  ref: ObjectRef | null;
  /** Objects that this holder may use again, by SHA-256: what it read of, and what it put. */
  present: Map<string, ObjectRef>;
  /** Those of them that the bucket may lack still. */
  unsure: Set<string>;
  /** Files as they were when they were last read or written. */
  known: Map<string, Known>;
}

/** Keeps the objects that are in use, and removes others of these names. */
async function removeOthers(state: Open, names: readonly string[]): Promise<void> {
  const used = [...objectsOf(state.manifest), ...(state.ref === null ? [] : [state.ref])];
  state.present = new Map(used.map((it) => [it.sha256, it]));
  const kept = new Set(used.map(({ name }) => name));
  const others = names.filter((name) => !kept.has(name));
  await atOnce(AT_ONCE, others, (name) => state.bucket.remove(name));
}

const sizeOf = (manifest: StateManifest): { files: number; bytes: number } => ({
  files: manifest.files.length,
  bytes: objectsOf(manifest).reduce((sum, it) => sum + it.bytes, 0),
});

async function bringDown(state: Open, signal: AbortSignal): Promise<number> {
  const { bucket, storageDir, manifest, ref } = state;
  const marker = await readMarker(storageDir);
  const isOurs = marker?.address === bucket.address;
  if (ref === null || (isOurs && marker.manifest === ref.name)) return 0;
  const wanted = new Set(manifest.files.map(({ path }) => path));
  for await (const path of stateFiles(storageDir)) {
    if (!isOurs) {
      const message = `${storageDir} holds runs that are not of the state ${bucket.address}: ${path}`;
      throw new EtlError('FOLDER_TAKEN', message, { context: { folder: storageDir } });
    }
    if (!wanted.has(path)) await rm(join(storageDir, path));
  }
  mark(state, null);
  await download(state, signal);
  mark(state, ref);
  return sizeOf(manifest).bytes;
}

async function readMarker(storageDir: string): Promise<z.infer<typeof Marker> | undefined> {
  const text = await orMissing(readFile(join(storageDir, MARKER), 'utf8'));
  return text === undefined ? undefined : Marker.safeParse(JSON.parse(text)).data;
}

const mark = ({ bucket, storageDir }: Open, ref: ObjectRef | null): void =>
  writeJson(join(storageDir, MARKER), { address: bucket.address, manifest: ref?.name ?? null });

/** Each file appears whole, by rename. */
async function download(
  { bucket, storageDir, manifest, known }: Open,
  signal: AbortSignal,
): Promise<void> {
  const halfOf = (path: string): string => join(storageDir, `${path}.download`);
  const parts: { path: string; position: number; part: ObjectRef }[] = [];
  for (const file of manifest.files) {
    const path = halfOf(file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    let position = 0;
    for (const part of file.parts) {
      parts.push({ path, position, part });
      position += part.bytes;
    }
  }
  await atOnce(AT_ONCE, parts, async ({ path, position, part }) => {
    signal.throwIfAborted();
    const body = await readObject(bucket, part);
    const handle = await open(path, 'r+');
    await handle.write(body, 0, body.length, position).finally(() => handle.close());
  });
  for (const file of manifest.files) {
    const path = join(storageDir, file.path);
    await syncFile(halfOf(file.path));
    await rename(halfOf(file.path), path);
    known.set(file.path, { stamp: await stampOf(path), file });
  }
}

async function save(state: Open, { whole, signal }: SaveOptions): Promise<Moved> {
  const { bucket, lease, unsure } = state;
  const files: StateFile[] = [];
  let movedBytes = 0;
  const put = async ({ ref, body }: Part): Promise<void> => {
    signal.throwIfAborted();
    lease.lost.throwIfAborted();
    await bucket.put(ref.name, body);
    unsure.delete(ref.sha256);
    movedBytes += body.length;
  };
  try {
    await atOnce(AT_ONCE, newParts(state, files, whole), put);
    if (!whole) files.push(...state.manifest.files.filter(({ path }) => isPublished(path)));
    const manifest = { ...EMPTY, files };
    const { ref, isNew, body } = partOf(state, Buffer.from(`${JSON.stringify(manifest)}\n`));
    if (isNew) await put({ ref, body });
    if (ref.name !== state.ref?.name) await moveTo(state, manifest, ref);
    return { ...sizeOf(manifest), movedBytes };
  } catch (error) {
    for (const sha256 of unsure) state.present.delete(sha256);
    unsure.clear();
    state.known.clear();
    throw error;
  }
}

interface Part {
  ref: ObjectRef;
  body: Buffer;
}

/** Says of each file what its parts are, and yields those that the bucket lacks. */
async function* newParts(
  state: Open,
  files: StateFile[],
  whole: boolean,
): AsyncGenerator<Part, void> {
  const { storageDir, known } = state;
  for await (const path of stateFiles(storageDir, { whole })) {
    const local = join(storageDir, path);
    const stamp = await stampOf(local);
    const before = known.get(path);
    const file = before?.stamp === stamp ? before.file : { path, parts: [] as ObjectRef[] };
    files.push(file);
    if (file === before?.file) continue;
    for await (const body of partsOf(local, join(storageDir, COPY))) {
      const part = partOf(state, body);
      file.parts.push(part.ref);
      if (part.isNew) yield part;
    }
    known.set(path, { stamp, file });
  }
}

/**
 * Bytes as an object, which may be there already. The name of a new one is this holder's alone: one that was
 * taken for dead can neither overwrite nor remove what a later one stands on, though the bytes are the same.
 */
function partOf({ present, unsure, lease }: Open, body: Buffer): Part & { isNew: boolean } {
  const sha256 = sha256Of(body);
  const there = present.get(sha256);
  const ref = there ?? { name: `${OBJECTS}${lease.id}/${sha256}`, bytes: body.length, sha256 };
  if (there === undefined) {
    present.set(sha256, ref);
    unsure.add(sha256);
  }
  return { ref, body, isNew: there === undefined };
}

async function moveTo(state: Open, manifest: StateManifest, ref: ObjectRef): Promise<void> {
  await state.lease.move(ref);
  mark(state, ref);
  const before = [...state.present.values()].map(({ name }) => name);
  Object.assign(state, { manifest, ref });
  // What is left is removed by the next holder.
  await removeOthers(state, before).catch(() => undefined);
}
