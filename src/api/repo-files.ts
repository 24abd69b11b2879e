import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { EtlError } from '../errors.ts';
import { misshapen, type HubClient } from './client.ts';
import { nextLink } from './list.ts';
import { encodedPath, repoPath } from './repos.ts';

/** A file of a data set at a commit. */
export interface RepoFile {
  /** Within the repository. */
  path: string;
  bytes: number;
  /** Of its contents, where the Hub says it: of large files. */
  sha256: string | undefined;
}

/** Where the Hub keeps large files: an answer leads there, without the token. */
export const FILE_HOSTS = ['*.hf.co'];

/** Half of the largest answer that is taken. */
export const CHUNK_BYTES = 32 * 1024 * 1024;

/** What the Hub says of a data set: its latest commit, and its licence as the card has it. */
export async function datasetFacts(
  client: HubClient,
  id: string,
  signal: AbortSignal,
): Promise<{ sha: string; licence: string | undefined }> {
  const path = `${repoPath('datasets', id)}?expand[]=sha&expand[]=cardData`;
  const { value } = await client.getJson(path, signal);
  const { sha, cardData } = objectOf(value);
  if (typeof sha !== 'string') throw new EtlError('HTTP_NOT_JSON', `${id} has no commit`);
  const { license } = objectOf(cardData);
  return { sha, licence: typeof license === 'string' ? license : undefined };
}

/**
 * The files in a folder of a data set at a commit, those of its folders too; none where there is no such folder.
 *
 * @throws {EtlError} HTTP_…, AUTH_…
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/datasets/{namespace}/{repo}/tree/{rev}/{path}`
 */
export async function listFiles(
  client: HubClient,
  { id, sha, folder }: { id: string; sha: string; folder: string },
  signal: AbortSignal,
): Promise<RepoFile[]> {
  const files: RepoFile[] = [];
  const first = `${repoPath('datasets', id)}/tree/${sha}/${folder}?recursive=true`;
  for (let path: string | undefined = first; path !== undefined;) {
    const { answer, value } = await client.getJson(path, signal).catch((error: unknown) => {
      if (error instanceof EtlError && error.context['status'] === 404)
        return { answer: undefined, value: [] };
      throw error;
    });
    for (const entry of Array.isArray(value) ? value : []) {
      const { type, path: name, size, lfs } = objectOf(entry);
      const { oid } = objectOf(lfs);
      if (type !== 'file' || typeof name !== 'string' || typeof size !== 'number') continue;
      files.push({ path: name, bytes: size, sha256: typeof oid === 'string' ? oid : undefined });
    }
    const link = nextLink(answer?.headers['link']);
    path = link === undefined ? undefined : client.endpoint.pathOf(link);
  }
  return files;
}

/**
 * Brings a file to `to`, in parts; what an earlier call brought of it is not asked for again. It has its
 * name only when it is whole.
 *
 * @param digest of the finished file
 * @throws {EtlError} HTTP_…, AUTH_…; CHECK_REFUSED when it is not what the Hub lists
 */
export async function downloadFile(
  client: HubClient,
  { id, sha, file, to }: { id: string; sha: string; file: RepoFile; to: string },
  { signal, digest }: { signal: AbortSignal; digest: (path: string) => Promise<string> },
): Promise<void> {
  const half = `${to}.part`;
  const path = `/datasets/${id}/resolve/${sha}/${encodedPath(file.path)}`;
  let had = (await stat(half).catch(() => undefined))?.size ?? 0;
  while (had < file.bytes) {
    signal.throwIfAborted();
    const range = { first: had, last: Math.min(had + CHUNK_BYTES, file.bytes) - 1 };
    const { body } = await client.retrying(async () => {
      const answer = await client.attempt(path, signal, range);
      const said = `bytes ${range.first}-${range.last}/${file.bytes}`;
      const isWhole = answer.body.length === range.last - range.first + 1;
      if (answer.headers['content-range'] === said && isWhole) return answer;
      throw misshapen(answer, `is not the part that was asked for (${said})`);
    });
    const out = createWriteStream(half, { flags: 'a', flush: true });
    out.end(body);
    await finished(out);
    had += body.length;
  }
  if (had !== file.bytes || (file.sha256 !== undefined && (await digest(half)) !== file.sha256)) {
    await rm(half, { force: true });
    throw new EtlError('CHECK_REFUSED', `${file.path} is not what the Hub lists`);
  }
  await rename(half, to);
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}; // any keys
