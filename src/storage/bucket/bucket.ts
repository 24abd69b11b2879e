import type { Agent, Dispatcher } from 'undici';

/** An object, whole in memory. */
export interface StoredObject {
  body: Buffer;
  /** Another one with each change: an ETag, a generation. */
  version: string;
}

/** Objects by name, below one prefix of a bucket or in a folder. What is written is seen by all at once. */
export interface Bucket {
  /** As the user gave it. */
  readonly address: string;
  /** Undefined when there is none of that name. */
  get: (name: string) => Promise<StoredObject | undefined>;
  /**
   * Puts an object in place of the one of its name and tells its version. With `onlyIf` it does so only
   * where that one is of this version, or where there is none (null); undefined when it was refused.
   */
  put: (name: string, body: Buffer, onlyIf?: string | null) => Promise<string | undefined>;
  /** All names that begin so. */
  list: (prefix: string) => Promise<string[]>;
  /** One that is gone already is no failure. */
  remove: (name: string) => Promise<void>;
}

export interface BucketOptions {
  /** Address of Cloud Storage. With `http:` (an emulator) no credentials are sent. @default Google's */
  gcsEndpoint?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Makes the connections of S3, by way of a proxy say. @default straight ones */
  openAgent?: (options: Agent.Options) => Dispatcher;
}

/** Where the objects of a bucket are. */
export interface BucketPlace {
  address: string;
  bucket: string;
  /** '' or with a slash at its end. */
  prefix: string;
}

/** The HTTP status of a failure, as the clients have it; undefined when nothing answered. */
export function statusOf(error: unknown): number | undefined {
  const failure = error as { code?: unknown; status?: number; $metadata?: S3Metadata };
  const { code, status, $metadata } = failure;
  return typeof code === 'number' ? code : (status ?? $metadata?.httpStatusCode);
}

interface S3Metadata {
  httpStatusCode?: number;
}

/** Undefined for a failure with one of these statuses; others are thrown on. */
export async function unlessStatus<Result>(
  statuses: readonly number[],
  work: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (statuses.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}
