import {
  commit,
  datasetInfo,
  HubApiError,
  listFiles,
  type CommitOperation,
} from '@huggingface/hub';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { EtlError } from '../../errors.ts';
import { MANIFEST, README, type Change } from './publication.ts';
import type { PublishedFile } from './shards.ts';

/** Where a data set is, and how to reach it. */
export interface HubPlace {
  /** `owner/name`. */
  name: string;
  /** Address of the Hub. */
  endpoint: string;
  /** Sends the token to that address only, waits and asks again: see `HubClient.webFetch`. */
  fetch: typeof fetch;
}

/** The newest commit of a data set. */
export interface Remote {
  commit: string;
  /** What a file is told by: SHA-256 in LFS, else the id of its blob in git. */
  files: ReadonlyMap<string, { sha256: string } | { blob: string }>;
  /** Paths that the last publication wrote; undefined where there was none. */
  ours: ReadonlySet<string> | undefined;
}

/** Enough of our manifest to know it from any other file of that name. */
const Ours = z.looseObject({
  kind: z.literal('huggingface-etl/dataset'),
  tables: z.record(
    z.string(),
    z.looseObject({ files: z.array(z.looseObject({ path: z.string() })) }),
  ),
});

/**
 * Refuses a token that cannot publish, before anything is made or sent.
 *
 * @throws {EtlError} AUTH_TOKEN, AUTH_DENIED, LOAD_FAILED
 */
export const checkToken = (place: HubPlace): Promise<void> =>
  onHub(place, async () => {
    const response = await place.fetch(`${place.endpoint}/api/whoami-v2`);
    if (!response.ok) throw new HubApiError(response.url, response.status);
    const { role } = Token.parse(await response.json()).auth.accessToken;
    if (role === 'read') throw new EtlError('AUTH_DENIED', 'HF_TOKEN may read and not write');
  });

const Token = z.looseObject({
  auth: z.looseObject({
    accessToken: z.looseObject({ role: z.string().optional() }).default({}),
  }),
});

/** @throws {EtlError} LOAD_FAILED where there is no such data set; AUTH_DENIED */
export const readRemote = (place: HubPlace): Promise<Remote> =>
  onHub(place, async () => {
    const { name, endpoint, fetch: fetch_ } = place;
    const at = { hubUrl: endpoint, fetch: fetch_ };
    const { sha } = await datasetInfo({ ...at, name, revision: 'main', additionalFields: ['sha'] });
    const files = new Map<string, { sha256: string } | { blob: string }>();
    const tree = listFiles({
      ...at,
      repo: `datasets/${name}`,
      recursive: true,
      revision: sha,
    });
    for await (const { type, path, oid, lfs } of tree) {
      if (type === 'file') files.set(path, lfs ? { sha256: lfs.oid } : { blob: oid ?? '' });
    }
    const response = await fetch_(`${endpoint}/datasets/${name}/resolve/${sha}/${MANIFEST}`);
    if (response.status !== 404 && !response.ok)
      throw new HubApiError(response.url, response.status);
    const last = response.ok ? parsed(await response.text()) : undefined;
    const paths = Object.values(last?.tables ?? {}).flatMap((it) =>
      it.files.map(({ path }) => path),
    );
    return { commit: sha, files, ours: last && new Set([README, MANIFEST, ...paths]) };
  });

function parsed(text: string): z.output<typeof Ours> | undefined {
  try {
    return Ours.safeParse(JSON.parse(text)).data;
  } catch {
    // Somebody's own file of that name.
    return undefined;
  }
}

/**
 * What a publication changes: its files, and those of the last one that are made no more. Others stay.
 *
 * @throws {EtlError} FOLDER_TAKEN where a file would replace one that is not ours
 */
export async function changesOf(
  { files, ours = new Set() }: Remote,
  own: readonly PublishedFile[],
  folder: string,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const { path, bytes, sha256 } of own) {
    const there = files.get(path);
    const isSame =
      there !== undefined &&
      ('sha256' in there
        ? there.sha256 === sha256
        : there.blob === blobId(await readFile(join(folder, path))));
    if (there !== undefined && !isSame && !ours.has(path)) {
      throw new EtlError('FOLDER_TAKEN', `The data set holds a ${path} that is not ours`, {
        context: { path },
      });
    }
    const change = isSame ? 'keep' : there === undefined ? 'add' : 'replace';
    changes.push({ path, bytes, change });
  }
  const made = new Set(own.map(({ path }) => path));
  const gone = [...ours].filter((path) => files.has(path) && !made.has(path));
  return [...changes, ...gone.map((path) => ({ path, bytes: 0, change: 'delete' as const }))];
}

/** The id that git gives a file. */
const blobId = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

/**
 * Uploads what is new and makes one commit of it, upon the one that was compared with; gives its id.
 *
 * @throws {EtlError} AUTH_DENIED before anything is uploaded; LOAD_FAILED, also where somebody else committed meanwhile
 */
export const commitChanges = (
  place: HubPlace,
  changes: readonly Change[],
  given: { title: string; folder: string; parent: string; signal: AbortSignal },
): Promise<string> =>
  onHub(place, async () => {
    const { title, folder, parent, signal } = given;
    const done = await commit({
      ...{ repo: `datasets/${place.name}`, hubUrl: place.endpoint, fetch: place.fetch },
      ...{ title, parentCommit: parent, abortSignal: signal },
      // Plain LFS: what Xet sends is known to its own library alone.
      useXet: false,
      operations: changes
        .filter(({ change }) => change !== 'keep')
        .map(({ path, change }): CommitOperation => {
          if (change === 'delete') return { operation: 'delete', path };
          return { operation: 'addOrUpdate', path, content: pathToFileURL(join(folder, path)) };
        }),
    });
    return done?.commit.oid ?? '';
  });

/** Failures of the Hub as ours, without addresses: those of uploads are signed. */
async function onHub<Result>({ name }: HubPlace, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const what = `datasets/${name}`;
    if (error instanceof HubApiError) throw refusalOf(error, what);
    if (!(error instanceof EtlError) || !error.code.startsWith('HTTP_')) throw error;
    if (error.code === 'HTTP_QUOTA') throw error;
    throw new EtlError('LOAD_FAILED', `${what}: ${error.message}`, { cause: error });
  }
}

function refusalOf({ statusCode }: HubApiError, what: string): EtlError {
  const answered = `${what}: the Hub answered ${statusCode}`;
  if (statusCode === 401) return new EtlError('AUTH_TOKEN', answered);
  if (statusCode === 403) return new EtlError('AUTH_DENIED', `${answered}: no right to write`);
  if (statusCode === 404)
    return new EtlError('LOAD_FAILED', `${answered}: make that data set first`);
  if (statusCode === 409 || statusCode === 412)
    return new EtlError('LOAD_FAILED', `${answered}: somebody else committed meanwhile`);
  return new EtlError('LOAD_FAILED', answered);
}
