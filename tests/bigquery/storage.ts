import { CRC32C } from '@google-cloud/storage';
import type { IncomingMessage } from 'node:http';
import { invalid, notFound, onlyQuery, Problem, type Json } from './problem.ts';
import type { Store, StoredBucket } from './store.ts';

/** What is answered; the connection may be cut in the middle of it. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: Json;
}

const UPLOAD = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/;
const OBJECTS = /^\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/;
/** Pages of three, so that a client that does not follow them leaves objects behind. */
const PAGE_OBJECTS = 3;
const MAX_NAME_BYTES = 1024;

interface Session {
  bucket: string;
  name: string;
  received: Buffer[];
}

/** Cloud Storage's JSON API, as far as our program asks it: resumable uploads, lists, removals. */
export function createStorage({ buckets }: Store) {
  const sessions: Session[] = [];

  const bucketNamed = (name: string): StoredBucket => {
    const bucket = buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new Problem(404, 'notFound', 'The specified bucket does not exist.');
  };

  const open = (url: URL): Answer => {
    const [, bucket = ''] = UPLOAD.exec(url.pathname) ?? [];
    onlyQuery(url.searchParams, ['uploadType', 'name']);
    if (url.searchParams.get('uploadType') !== 'resumable') throw invalid('uploadType');
    const name = url.searchParams.get('name') ?? '';
    if (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES) throw invalid('name');
    bucketNamed(bucket);
    const id = sessions.push({ bucket, name, received: [] }) - 1;
    const location = `${url.origin}${url.pathname}?uploadType=resumable&upload_id=${id}`;
    return { status: 200, headers: { location } };
  };

  /** A piece of an upload, or the question how much has come. */
  const put = (url: URL, { headers }: IncomingMessage, bytes: Buffer): Answer => {
    const session = sessions[Number(url.searchParams.get('upload_id'))];
    if (session === undefined) throw new Problem(404, 'notFound', 'No such upload session');
    const { bucket, name, received } = session;
    const at = received.reduce((sum, { length }) => sum + length, 0);
    const range = /^bytes (?:\*|(\d+)-(\d+))\/(\*|\d+)$/.exec(headers['content-range'] ?? '');
    const [, start, end, total] = range ?? [];
    if (total === undefined) throw invalid(`Content-Range ${headers['content-range']}`);
    if (start !== undefined) {
      if (Number(start) !== at) throw invalid(`the upload is at byte ${at}, not ${start}`);
      if (bytes.length !== Number(end) + 1 - at)
        throw invalid('other bytes than Content-Range says');
      received.push(bytes);
    }
    const length = at + bytes.length;
    if (total !== String(length)) {
      return {
        status: 308,
        ...(length === 0 ? {} : { headers: { range: `bytes=0-${length - 1}` } }),
      };
    }
    // There as a whole, or not at all.
    bucketNamed(bucket).set(name, Buffer.concat(received));
    return { status: 200, body: resourceOf(bucket, name, Buffer.concat(received)) };
  };

  const answer = (method: string, url: URL): Answer => {
    const [, bucket, encoded] = OBJECTS.exec(url.pathname) ?? [];
    if (bucket === undefined) throw notFound(url.pathname);
    const objects = bucketNamed(bucket);
    if (encoded === undefined) {
      if (method !== 'GET') throw notFound(`${method} ${url.pathname}`);
      return { status: 200, body: listOf(bucket, objects, url) };
    }
    onlyQuery(url.searchParams, []);
    if (method !== 'DELETE') throw notFound(`${method} ${url.pathname}`);
    const name = decodeURIComponent(encoded);
    if (objects.delete(name)) return { status: 204 };
    throw new Problem(404, 'notFound', `No such object: ${bucket}/${name}`);
  };

  return { open, put, answer };
}

function listOf(bucket: string, objects: StoredBucket, url: URL): Json {
  onlyQuery(url.searchParams, ['prefix', 'pageToken']);
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

function resourceOf(bucket: string, name: string, bytes: Buffer): Json {
  const crc = new CRC32C();
  crc.update(bytes);
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}`,
    bucket,
    name,
    contentType: 'application/json',
    size: String(bytes.length),
    crc32c: crc.toString(),
  };
}
