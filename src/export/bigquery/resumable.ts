import type { Dispatcher } from 'undici';
import { EtlError } from '../../errors.ts';
import type { Warehouse } from './client.ts';
import { exchange, type Host } from './exchange.ts';
import { toEtlError } from './failure.ts';
import { persist } from './send.ts';
import type { Chunk } from './table-body.ts';

/** Pieces must be multiples of this, but for the last. */
const UNIT_BYTES = 256 * 1024;
export const CHUNK_BYTES = 32 * UNIT_BYTES;
/** A session that the server has forgotten is begun anew, from the first byte. */
const MAX_SESSIONS = 3;

/** The server says that the session is over without a result. */
class SessionLost extends Error {}

export interface Upload {
  host: Host;
  /** Below the host: what opens a session. */
  path: string;
  /** Said before the bytes. @default nothing */
  body?: object;
  /** Of the whole. */
  bytes: number;
  /** From the first byte, whenever it is called; pieces of `CHUNK_BYTES`. */
  chunks: () => AsyncIterable<Chunk>;
  /** In messages: `uploading usage.jsonl`. */
  doing: string;
}

interface Session {
  host: Host;
  url: string;
  total: number;
}

/**
 * Google's resumable upload: after a lost connection the server is asked how far it has got, and the
 * upload goes on from there. Returns what the server made of the bytes; undefined when it says that it
 * has that already.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`, `CHECK_REFUSED`
 * @see https://cloud.google.com/bigquery/docs/reference/api-uploads
 * @see https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
export async function uploadResumable<Result>(
  warehouse: Warehouse,
  upload: Upload,
): Promise<Result | undefined> {
  const { doing, chunks } = upload;
  try {
    for (let sessions = 1; ; sessions += 1) {
      try {
        const session = await openSession(warehouse, upload);
        if (session === undefined) return undefined;
        // The shape of a result is what Google documents for this upload.
        return (await sendAll(warehouse, session, chunks())) as Result | undefined;
      } catch (error) {
        if (!(error instanceof SessionLost) || sessions >= MAX_SESSIONS) throw error;
        warehouse.log.warn({ sessions }, `${doing}: the session is gone; beginning anew`);
      }
    }
  } catch (error) {
    warehouse.signal?.throwIfAborted();
    throw toEtlError(error, doing);
  }
}

/** Undefined when the server has that already. */
async function openSession(
  warehouse: Warehouse,
  { host, path, body, bytes }: Upload,
): Promise<Session | undefined> {
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' }),
    'x-upload-content-type': 'application/octet-stream',
    'x-upload-content-length': String(bytes),
  };
  const response = await persist(warehouse, 'opening an upload', () =>
    exchange(host, `${host.url}${path}`, {
      method: 'POST',
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      expected: [200, 201, 409],
    }),
  );
  await response.body.dump();
  if (response.statusCode === 409) return undefined;
  const { location } = response.headers;
  if (typeof location !== 'string')
    throw new EtlError('LOAD_FAILED', 'opening an upload: no address given');
  return { host, url: ownAddress(location, host.url), total: bytes };
}

/** The token goes to the host that was asked, or another of Google's. */
function ownAddress(location: string, base: string): string {
  const url = new URL(location, base);
  const isSame = url.origin === new URL(base).origin;
  if (isSame || (url.protocol === 'https:' && url.hostname.endsWith('.googleapis.com'))) {
    return url.href;
  }
  throw new EtlError('LOAD_FAILED', `opening an upload: sent on to another host, ${url.host}`);
}

async function sendAll(
  warehouse: Warehouse,
  session: Session,
  chunks: AsyncIterable<Chunk>,
): Promise<unknown> {
  for await (const chunk of chunks) {
    const done = await sendChunk(warehouse, session, chunk);
    if (done !== 'more') return done.result;
  }
  throw new SessionLost('all was sent and the server wants more');
}

/** Sends a piece until the server has all of it. */
async function sendChunk(
  warehouse: Warehouse,
  session: Session,
  { bytes, offset }: Chunk,
): Promise<Done | 'more'> {
  const end = offset + bytes.length;
  let at = offset;
  let isSure = true;
  while (at < end) {
    const answer = await persist(warehouse, `uploading from byte ${at}`, async () => {
      if (!isSure) {
        const known = await askProgress(session);
        if (typeof known !== 'number') return known;
        isSure = true;
        // Bytes arrived: what counts as failing again and again begins anew.
        if (known < offset || known > at) return known;
        at = known;
      }
      isSure = false;
      const progress = await putRange(session, { bytes: bytes.subarray(at - offset), at });
      isSure = true;
      return progress;
    });
    if (typeof answer !== 'number') return answer;
    if (answer < offset || answer > end) throw new SessionLost(`the server is at ${answer}`);
    at = answer;
  }
  return 'more';
}

/** What the server made of the bytes; undefined: it had that before, and it is to be looked up. */
interface Done {
  result: unknown;
}

type Progress = number | Done;

const EXPECTED = [200, 201, 308, 404, 409, 410];

const putRange = async (
  { host, url, total }: Session,
  { bytes, at }: { bytes: Uint8Array; at: number },
): Promise<Progress> => {
  const range = `bytes ${at}-${at + bytes.length - 1}/${total}`;
  return await progressOf(
    await exchange(host, url, {
      method: 'PUT',
      headers: { 'content-range': range, 'content-type': 'application/octet-stream' },
      body: bytes,
      expected: EXPECTED,
    }),
  );
};

const askProgress = async ({ host, url, total }: Session): Promise<Progress> =>
  await progressOf(
    await exchange(host, url, {
      method: 'PUT',
      headers: { 'content-range': `bytes */${total}`, 'content-length': '0' },
      expected: EXPECTED,
    }),
  );

const RANGE = /^bytes=0-(\d+)$/;

/** How many bytes the server has, or what it has made of them. */
async function progressOf(response: Dispatcher.ResponseData): Promise<Progress> {
  const { statusCode, headers, body } = response;
  if (statusCode === 200 || statusCode === 201) return { result: await body.json() };
  await body.dump();
  if (statusCode === 308) {
    const last = RANGE.exec(String(headers['range'] ?? ''))?.[1];
    return last === undefined ? 0 : Number(last) + 1;
  }
  // 409: the bytes arrived before, under the same id; the answer to that was lost.
  if (statusCode === 409) return { result: undefined };
  throw new SessionLost('gone');
}
