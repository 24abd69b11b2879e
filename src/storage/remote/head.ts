import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { EtlError } from '../../errors.ts';
import { createTurns } from '../at-once.ts';
import type { Bucket, StoredObject } from '../bucket/bucket.ts';
import { heldBy, LockHolder } from '../lock.ts';
import type { StorageLog } from '../storage-folder.ts';

/** The one object of a state that is ever overwritten: who may write, and which manifest is in force. */
const STATE = 'state.json';

/** An object that never changes. */
export const ObjectRef = z.object({ name: z.string(), bytes: z.number(), sha256: z.string() });
export type ObjectRef = z.infer<typeof ObjectRef>;

const Holder = LockHolder.extend({
  /** Begins the names of the objects that it puts. */
  id: z.string(),
  /** It is dead when the head stays the same for so long. */
  leaseMs: z.number(),
});

const Head = z.object({
  format: z.literal(1),
  holder: Holder.nullable(),
  manifest: ObjectRef.nullable(),
  /** No two heads are the same bytes: of some stores a version is a hash. */
  nonce: z.string(),
});
type Head = z.infer<typeof Head>;

/** The right to write a state. */
export interface Lease {
  /** Of this holder alone. */
  readonly id: string;
  /** The manifest that was in force when it was taken. */
  readonly manifest: ObjectRef | null;
  /** Aborted, with the reason, once another run may hold it. */
  readonly lost: AbortSignal;
  /**
   * Puts a manifest in force.
   *
   * @throws {EtlError} `STORAGE_LOCKED` when another run has taken the lease
   */
  move: (manifest: ObjectRef) => Promise<void>;
  /** Gives it back. */
  release: () => Promise<void>;
}

export interface LeaseOptions {
  /** Told to whoever finds the state locked. */
  command: string;
  leaseMs: number;
  signal: AbortSignal;
  log: StorageLog;
  /** Name of the object that is lease and pointer. @default state.json */
  head?: string;
  /** Told as well; not where everybody reads it. @default that of this machine */
  host?: string;
}

/** So often is it renewed in that time, and looked at by those who wait for its end. */
const RENEWALS = 4;
const LOOKS = 12;
/** Of a write that a busy store puts off. */
const MAX_TRIES = 5;

/**
 * Takes the lease of a state. It is renewed from time to time, and whoever finds it held watches it: a
 * change means that the holder lives, none for the time of its lease that it is dead. So no two clocks are
 * compared. Each write, the move of the manifest too, asks for the version before it: a holder that was
 * taken for dead can move nothing.
 *
 * @throws {EtlError} `STORAGE_LOCKED` when another run holds it; `STORAGE_VERSION`; `CONFIG_INVALID` for a
 * store that ignores preconditions
 */
export async function takeLease(bucket: Bucket, options: LeaseOptions): Promise<Lease> {
  const found = await waitForFree(bucket, options);
  const { command, leaseMs, head = STATE, host = hostname() } = options;
  const since = new Date().toISOString();
  const id = randomUUID();
  const holder = { id, pid: process.pid, host, command, since, leaseMs };
  const manifest = found === undefined ? null : readHead(found, head).manifest;
  const writer: Writer = { bucket, head, id, version: found?.version ?? null };
  await write(writer, { holder, manifest });
  await provePreconditions(writer, { holder, manifest });
  return holdLease(writer, { holder, manifest });
}

/**
 * The manifest that is in force, for who does not write.
 *
 * @throws {EtlError} `STORAGE_VERSION`
 */
export async function manifestInForce(bucket: Bucket, head: string): Promise<ObjectRef | null> {
  const found = await bucket.get(head);
  return found === undefined ? null : readHead(found, head).manifest;
}

type State = Pick<Head, 'holder' | 'manifest'>;

interface Writer {
  bucket: Bucket;
  head: string;
  id: string;
  /** Of the head as we know it. */
  version: string | null;
}

async function waitForFree(
  bucket: Bucket,
  { signal, log, head = STATE }: LeaseOptions,
): Promise<StoredObject | undefined> {
  let found = await bucket.get(head);
  const first = found && readHead(found, head).holder;
  if (!first) return found;
  log.warn({ ...first, head }, 'a lease has a holder: watching whether it lives');
  for (let look = 0; look < LOOKS; look += 1) {
    await delay(first.leaseMs / LOOKS, undefined, { signal });
    const now = await bucket.get(head);
    if (now?.version === found?.version) continue;
    found = now;
    const holder = found && readHead(found, head).holder;
    if (!holder) return found;
    throw lockedError(bucket, holder);
  }
  log.warn({ ...first, head }, 'the holder of a lease is dead: it is taken');
  return found;
}

function lockedError({ address }: Bucket, holder: Head['holder']): EtlError {
  if (!holder) return new EtlError('STORAGE_LOCKED', `another run has taken ${address}`);
  return heldBy(holder, address);
}

function readHead({ body }: StoredObject, head: string): Head {
  try {
    return Head.parse(JSON.parse(body.toString()));
  } catch (error) {
    const message = `${head} is of another format, or none of ours`;
    throw new EtlError('STORAGE_VERSION', message, { cause: error });
  }
}

async function write(writer: Writer, state: State): Promise<void> {
  const { bucket, head } = writer;
  const nonce = randomUUID();
  const body = Buffer.from(`${JSON.stringify({ format: 1, ...state, nonce }, null, 2)}\n`);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const version = await bucket.put(head, body, writer.version);
    if (version !== undefined) writer.version = version;
    if (version !== undefined || (await isDone(writer, nonce))) return;
  }
  throw new EtlError('STATE_FAILED', `${bucket.address} refuses to change ${head}`);
}

/**
 * Why a write was refused: true when it was done before and the answer was lost, false when it may be
 * tried again, for the store was busy or an earlier write of ours was done: only we write with our id.
 *
 * @throws {EtlError} `STORAGE_LOCKED` when another run has written
 */
async function isDone(writer: Writer, nonce: string): Promise<boolean> {
  const { bucket } = writer;
  const now = await bucket.get(writer.head);
  if ((now?.version ?? null) === writer.version) return false;
  if (now === undefined) throw lockedError(bucket, null);
  const head = readHead(now, writer.head);
  if (head.nonce !== nonce && head.holder?.id !== writer.id) throw lockedError(bucket, head.holder);
  writer.version = now.version;
  return head.nonce === nonce;
}

/** A store that ignores preconditions would let two runs write. */
async function provePreconditions(writer: Writer, state: State): Promise<void> {
  const { bucket, head, version: stale } = writer;
  await write(writer, state);
  const now = (await bucket.get(head))?.body ?? Buffer.alloc(0);
  for (const version of [stale, null]) {
    if ((await bucket.put(head, now, version)) === undefined) continue;
    const message = `${bucket.address} ignores If-Match and If-None-Match: two at once would spoil what is there`;
    throw new EtlError('CONFIG_INVALID', message);
  }
}

type Held = State & { holder: z.infer<typeof Holder> };

function holdLease(writer: Writer, { holder, manifest }: Held): Lease {
  const lost = new AbortController();
  let state: State = { holder, manifest };
  let renewedAt = performance.now();
  const inTurn = createTurns();
  const put = (change: Partial<State>): Promise<void> =>
    inTurn(async () => {
      lost.signal.throwIfAborted();
      const startedAt = performance.now();
      const next = { ...state, ...change };
      await write(writer, next).catch((error: unknown) => {
        const isTaken = error instanceof EtlError && error.code === 'STORAGE_LOCKED';
        if (isTaken || performance.now() - renewedAt > holder.leaseMs) lost.abort(error);
        throw error;
      });
      state = next;
      renewedAt = startedAt;
    });
  const renew = (): void => void put({}).catch(() => undefined); // the next one may pass, or it is lost
  const renewal = setInterval(renew, holder.leaseMs / RENEWALS).unref();
  lost.signal.addEventListener('abort', () => clearInterval(renewal));
  return {
    id: holder.id,
    manifest,
    lost: lost.signal,
    move: (next) => put({ manifest: next }),
    release: () => {
      clearInterval(renewal);
      return put({ holder: null });
    },
  };
}
