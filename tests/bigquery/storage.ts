import type { IncomingMessage } from 'node:http';
import { invalid, notFound, Problem, type Json } from './problem.ts';
import type { Sessions, UploadAnswer } from './sessions.ts';
import type { Store, StoredBucket } from './store.ts';

/** Cloud Storage's JSON API, as far as our program asks it. */
export interface Storage {
  open: (request: IncomingMessage, url: URL, body: Buffer) => UploadAnswer;
  /** Undefined: done, and nothing to tell. */
  answer: (method: string, url: URL) => Json | undefined;
}

const UPLOAD = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/;
const OBJECTS = /^\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/;
/** Pages of three, so that a client that does not follow them leaves objects behind. */
const PAGE_OBJECTS = 3;
const MAX_NAME_BYTES = 1024;

export function createStorage({ buckets }: Store, sessions: Sessions): Storage {
  const bucketNamed = (name: string): StoredBucket => {
    const bucket = buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new Problem(404, 'notFound', 'The specified bucket does not exist.');
  };

  const open = (request: IncomingMessage, url: URL, body: Buffer): UploadAnswer => {
    const [, bucket] = UPLOAD.exec(url.pathname) ?? [];
    if (bucket === undefined) throw notFound(url.pathname);
    onlyQuery(url, ['uploadType', 'name']);
    if (url.searchParams.get('uploadType') !== 'resumable') throw invalid('uploadType');
    if (body.length > 0) throw invalid('no metadata is known here');
    const name = url.searchParams.get('name') ?? '';
    if (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES) throw invalid('name');
    const objects = bucketNamed(bucket);
    const parts: Buffer[] = [];
    // The client's name of a session is an address, in which a slash must not stand.
    return sessions.open(request, 'object', {
      push: (piece) => void parts.push(Buffer.from(piece)),
      end: () => {
        // There as a whole, or not at all.
        const bytes = Buffer.concat(parts);
        objects.set(name, bytes);
        return () => resourceOf(bucket, name, bytes);
      },
    });
  };

  const answer = (method: string, url: URL): Json | undefined => {
    const [, bucket, encoded] = OBJECTS.exec(url.pathname) ?? [];
    if (bucket === undefined) throw notFound(url.pathname);
    const objects = bucketNamed(bucket);
    if (encoded === undefined) {
      if (method !== 'GET') throw notFound(`${method} ${url.pathname}`);
      return listOf(bucket, objects, url);
    }
    onlyQuery(url, []);
    const name = decodeURIComponent(encoded);
    const bytes = objects.get(name);
    if (bytes === undefined) {
      throw new Problem(404, 'notFound', `No such object: ${bucket}/${name}`);
    }
    if (method === 'GET') return resourceOf(bucket, name, bytes);
    if (method !== 'DELETE') throw notFound(`${method} ${url.pathname}`);
    objects.delete(name);
    return undefined;
  };

  return { open, answer };
}

function onlyQuery({ searchParams }: URL, names: readonly string[]): void {
  for (const name of searchParams.keys()) {
    if (!names.includes(name)) throw invalid(`Unknown query parameter ${name}`);
  }
}

function listOf(bucket: string, objects: StoredBucket, url: URL): Json {
  onlyQuery(url, ['prefix', 'pageToken']);
  const prefix = url.searchParams.get('prefix') ?? '';
  const after = url.searchParams.get('pageToken') ?? '';
  const names = [...objects.keys()].filter((it) => it.startsWith(prefix) && it > after).sort();
  const page = names.slice(0, PAGE_OBJECTS);
  const last = page.at(-1);
  return {
    kind: 'storage#objects',
    // Google leaves the member out when there are none.
    ...(page.length === 0
      ? {}
      : { items: page.map((it) => resourceOf(bucket, it, objects.get(it) ?? Buffer.alloc(0))) }),
    ...(names.length > page.length ? { nextPageToken: last } : {}),
  };
}

const resourceOf = (bucket: string, name: string, bytes: Buffer): Json => ({
  kind: 'storage#object',
  id: `${bucket}/${name}`,
  bucket,
  name,
  contentType: 'application/octet-stream',
  size: String(bytes.length),
});
