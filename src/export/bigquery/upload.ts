import { Agent, request, type Dispatcher } from 'undici';
import { EtlError } from '../../errors.ts';
import type { TableEntry } from '../manifest.ts';
import type { Warehouse } from './client.ts';
import { redact, toEtlError } from './failure.ts';
import { getJob, type Job, type JobBody } from './jobs.ts';
import { persist } from './send.ts';
import { tableBody, type Chunk } from './table-body.ts';

/** Pieces must be multiples of this, but for the last. */
const UNIT_BYTES = 256 * 1024;
const CHUNK_BYTES = 32 * UNIT_BYTES;
const CHUNK_TIMEOUT_MS = 300_000;
/** Not `fetch`, which copies each piece: the highest memory of a load was 15 % more. */
const dispatcher = new Agent({
  allowH2: false,
  headersTimeout: CHUNK_TIMEOUT_MS,
  bodyTimeout: CHUNK_TIMEOUT_MS,
  connect: { timeout: 30_000 },
});
/** A session that the server has forgotten is begun anew, from the first byte. */
const MAX_SESSIONS = 3;

/** The server says that the session is over without a result. */
class SessionLost extends Error {}

interface Session {
  url: string;
  total: number;
}

/**
 * Starts a load job whose data is a table of the export, by a resumable upload: after a lost connection
 * the server is asked how far it has got, and the upload goes on from there.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`, `CHECK_REFUSED`
 * @see https://cloud.google.com/bigquery/docs/reference/api-uploads
 */
export async function uploadTable(
  warehouse: Warehouse,
  body: JobBody,
  { entry, exportDir }: { entry: TableEntry; exportDir: string },
): Promise<Job> {
  const doing = `uploading ${entry.files[0]?.path ?? ''}`;
  try {
    for (let sessions = 1; ; sessions += 1) {
      try {
        const session = await openSession(warehouse, body, entry.bytes);
        if (session === undefined) return await existing(warehouse, body);
        const chunks = tableBody(entry, exportDir, CHUNK_BYTES);
        return (await sendAll(warehouse, session, chunks)) ?? (await existing(warehouse, body));
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

async function existing(warehouse: Warehouse, { jobReference }: JobBody): Promise<Job> {
  const job = await getJob(warehouse, jobReference.jobId);
  if (job !== undefined) return job;
  throw new EtlError('LOAD_FAILED', `job ${jobReference.jobId} was neither begun nor found`);
}

/** Undefined when a job of this id exists. */
async function openSession(
  warehouse: Warehouse,
  body: JobBody,
  total: number,
): Promise<Session | undefined> {
  const base = warehouse.client.apiEndpoint;
  const url = `${base}/upload/bigquery/v2/projects/${warehouse.project}/jobs?uploadType=resumable`;
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    'x-upload-content-type': 'application/octet-stream',
    'x-upload-content-length': String(total),
  };
  const response = await persist(warehouse, 'opening an upload', () =>
    exchange(warehouse, url, { method: 'POST', headers, body: JSON.stringify(body) }),
  );
  await response.body.dump();
  if (response.statusCode === 409) return undefined;
  const { location } = response.headers;
  if (typeof location !== 'string')
    throw new EtlError('LOAD_FAILED', 'opening an upload: no address given');
  return { url: ownAddress(location, base), total };
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
): Promise<Job | undefined> {
  for await (const chunk of chunks) {
    const job = await sendChunk(warehouse, session, chunk);
    if (job !== 'more') return job;
  }
  throw new SessionLost('all was sent and the server wants more');
}

/** Sends a piece until the server has all of it. Undefined: done, with the job to be looked up. */
async function sendChunk(
  warehouse: Warehouse,
  session: Session,
  { bytes, offset }: Chunk,
): Promise<Job | undefined | 'more'> {
  const end = offset + bytes.length;
  let at = offset;
  let isSure = true;
  while (at < end) {
    const answer = await persist(warehouse, `uploading from byte ${at}`, async () => {
      if (!isSure) {
        const known = await askProgress(warehouse, session);
        if (typeof known !== 'number') return known;
        isSure = true;
        // Bytes arrived: what counts as failing again and again begins anew.
        if (known < offset || known > at) return known;
        at = known;
      }
      isSure = false;
      const progress = await putRange(warehouse, session, {
        bytes: bytes.subarray(at - offset),
        at,
      });
      isSure = true;
      return progress;
    });
    if (typeof answer !== 'number') return answer.job;
    if (answer < offset || answer > end) throw new SessionLost(`the server is at ${answer}`);
    at = answer;
  }
  return 'more';
}

type Progress = number | { job: Job | undefined };

const putRange = async (
  warehouse: Warehouse,
  session: Session,
  { bytes, at }: { bytes: Uint8Array; at: number },
): Promise<Progress> => {
  const range = `bytes ${at}-${at + bytes.length - 1}/${session.total}`;
  return await progressOf(
    await exchange(warehouse, session.url, {
      method: 'PUT',
      headers: { 'content-range': range, 'content-type': 'application/octet-stream' },
      body: bytes,
    }),
  );
};

const askProgress = async (warehouse: Warehouse, session: Session): Promise<Progress> =>
  await progressOf(
    await exchange(warehouse, session.url, {
      method: 'PUT',
      headers: { 'content-range': `bytes */${session.total}`, 'content-length': '0' },
    }),
  );

const RANGE = /^bytes=0-(\d+)$/;

/** How many bytes the server has, or the job that it has made of them. */
async function progressOf(response: Dispatcher.ResponseData): Promise<Progress> {
  const { statusCode, headers, body } = response;
  // The shape of an answer is what Google documents for this request.
  if (statusCode === 200 || statusCode === 201) return { job: (await body.json()) as Job };
  await body.dump();
  if (statusCode === 308) {
    const last = RANGE.exec(String(headers['range'] ?? ''))?.[1];
    return last === undefined ? 0 : Number(last) + 1;
  }
  // 409: the bytes arrived before, under the same id; the answer to that was lost.
  if (statusCode === 409) return { job: undefined };
  throw new SessionLost('gone');
}

const EXPECTED = new Set([200, 201, 308, 404, 409, 410]);

/** One exchange; the body of the answer is to be read. Any other status is thrown as the client would. */
async function exchange(
  { client, signal }: Warehouse,
  url: string,
  init: {
    method: 'POST' | 'PUT';
    headers: Record<string, string>;
    body?: string | Uint8Array;
  },
): Promise<Dispatcher.ResponseData> {
  const headers = { ...init.headers };
  for (const [name, value] of await client.authClient.getRequestHeaders(url)) {
    headers[name] = value;
  }
  const response = await request(url, {
    ...init,
    headers,
    dispatcher,
    ...(signal === undefined ? {} : { signal }),
  });
  if (EXPECTED.has(response.statusCode)) return response;
  const text = await response.body.text();
  throw Object.assign(new Error(redact(text)), {
    code: response.statusCode,
    errors: errorsOf(text),
  });
}

function errorsOf(text: string): unknown {
  try {
    const { error } = JSON.parse(text) as { error?: { errors?: unknown } };
    return error?.errors;
  } catch {
    // A proxy's page in HTML, say: the status must do.
    return undefined;
  }
}
