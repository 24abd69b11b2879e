import type { IncomingMessage } from 'node:http';
import type { Jobs, StoredJob } from './jobs.ts';
import { asObject, duplicate, invalid, Problem, type Json } from './problem.ts';
import type { RowReader } from './rows.ts';

const UNIT_BYTES = 256 * 1024;

interface Session {
  body: Json;
  total: number;
  received: number;
  reader: RowReader;
  job?: StoredJob;
}

export type UploadAnswer =
  | { kind: 'opened'; id: string }
  | { kind: 'more'; received: number }
  | { kind: 'job'; job: StoredJob };

export interface Uploads {
  open: (request: IncomingMessage, body: Buffer) => UploadAnswer;
  /** `cutAt`: the connection is lost after this many bytes of the piece. */
  put: (id: string, request: IncomingMessage, cutAt: number | undefined) => Promise<UploadAnswer>;
  multipart: (request: IncomingMessage, body: Buffer) => UploadAnswer;
  forget: () => void;
}

/** The connection is to be destroyed without an answer. */
export class Cut extends Error {}

export function createUploads(jobs: Jobs): Uploads {
  const sessions = new Map<string, Session>();

  const open = (request: IncomingMessage, bytes: Buffer): UploadAnswer => {
    if (request.headers['x-upload-content-type'] === undefined) {
      throw invalid('X-Upload-Content-Type is missing');
    }
    const length = request.headers['x-upload-content-length'];
    if (typeof length !== 'string') throw invalid('X-Upload-Content-Length is missing');
    const body = asObject(JSON.parse(bytes.toString('utf8')), 'job');
    const reader = jobs.reader(body);
    const id = String(asObject(body['jobReference'], 'jobReference')['jobId']);
    if (jobs.has(id)) throw duplicate(`Job ${id}`);
    const session = `${id}-${sessions.size + 1}`;
    sessions.set(session, { body, total: Number(length), received: 0, reader });
    return { kind: 'opened', id: session };
  };

  const put = async (id: string, request: IncomingMessage, cutAt: number | undefined) => {
    const session = sessions.get(id);
    if (session === undefined) throw new Problem(404, 'notFound', 'No such upload session');
    const range = parseRange(request.headers['content-range'], session.total);
    if (range === 'question') return progress(session);
    const bytes = await readBytes(request, cutAt);
    // All was here before: the answer to it was lost, and the client did not ask.
    if (session.job !== undefined) return { kind: 'job', job: session.job } as const;
    if (range.start !== session.received) {
      throw invalid(`the upload is at byte ${session.received}, not ${range.start}`);
    }
    const isLast = range.end + 1 === session.total;
    const wanted = range.end + 1 - range.start;
    if (bytes.length < wanted) {
      take(session, bytes.subarray(0, bytes.length - (bytes.length % UNIT_BYTES)));
      throw new Cut();
    }
    if (bytes.length !== wanted) throw invalid('more bytes than Content-Range says');
    if (!isLast && wanted % UNIT_BYTES !== 0)
      throw invalid('a piece must be a multiple of 256 KiB');
    take(session, bytes);
    if (isLast) session.job = jobs.insert(session.body, session.reader);
    return progress(session);
  };

  const multipart = (request: IncomingMessage, bytes: Buffer): UploadAnswer => {
    const [head, data] = parseMultipart(String(request.headers['content-type']), bytes);
    const body = asObject(JSON.parse(head.toString('utf8')), 'job');
    const reader = jobs.reader(body);
    reader.push(data);
    return { kind: 'job', job: jobs.insert(body, reader) };
  };

  return { open, put, multipart, forget: () => sessions.clear() };
}

const take = (session: Session, bytes: Buffer) => {
  session.reader.push(bytes);
  session.received += bytes.length;
};

const progress = ({ job, received }: Session): UploadAnswer =>
  job === undefined ? { kind: 'more', received } : { kind: 'job', job };

function parseRange(
  header: string | undefined,
  total: number,
): 'question' | { start: number; end: number } {
  if (header === `bytes */${total}`) return 'question';
  const [, start, end, of] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? '') ?? [];
  if (start === undefined || Number(of) !== total || Number(end) >= total) {
    throw invalid(`Content-Range ${header ?? ''} of ${total}`);
  }
  return { start: Number(start), end: Number(end) };
}

async function readBytes(request: IncomingMessage, cutAt = Infinity): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= cutAt) break;
  }
  return Buffer.concat(parts).subarray(0, cutAt === Infinity ? length : cutAt);
}

/** Two parts: the job, and its data. */
function parseMultipart(contentType: string, bytes: Buffer): [Buffer, Buffer] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!contentType.startsWith('multipart/related') || boundary === undefined) {
    throw invalid('multipart/related expected');
  }
  const mark = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  for (let at = bytes.indexOf(mark); at !== -1;) {
    const next = bytes.indexOf(mark, at + mark.length);
    if (next === -1) break;
    const part = bytes.subarray(at + mark.length, next);
    const start = part.indexOf('\r\n\r\n');
    parts.push(part.subarray(start + 4, part.length - 2));
    at = next;
  }
  const [head, data] = parts;
  if (head === undefined || data === undefined || parts.length !== 2) throw invalid('two parts');
  return [head, data];
}
