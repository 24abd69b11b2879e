import type { IncomingMessage } from 'node:http';
import { invalid, Problem, type Json } from './problem.ts';

const UNIT_BYTES = 256 * 1024;

/** Where the bytes of an upload go. */
export interface Sink {
  push: (bytes: Buffer) => void;
  /** All bytes have come. What it returns gives the resource, as it is at that moment. */
  end: () => () => Json;
}

interface Session {
  total: number;
  received: number;
  sink: Sink;
  resource?: () => Json;
}

export type UploadAnswer =
  | { kind: 'opened'; id: string }
  | { kind: 'more'; received: number }
  | { kind: 'done'; resource: Json };

/** Resumable uploads, the same for BigQuery and Cloud Storage. */
export interface Sessions {
  open: (request: IncomingMessage, name: string, sink: Sink) => UploadAnswer;
  /** `cutAt`: the connection is lost after this many bytes of the piece. */
  put: (id: string, request: IncomingMessage, cutAt: number | undefined) => Promise<UploadAnswer>;
  forget: () => void;
}

/** The connection is to be destroyed without an answer. */
export class Cut extends Error {}

export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  let opened = 0;

  const open = ({ headers }: IncomingMessage, name: string, sink: Sink): UploadAnswer => {
    if (headers['x-upload-content-type'] === undefined) {
      throw invalid('X-Upload-Content-Type is missing');
    }
    const length = headers['x-upload-content-length'];
    if (typeof length !== 'string') throw invalid('X-Upload-Content-Length is missing');
    opened += 1;
    const id = `${name}-${opened}`;
    sessions.set(id, { total: Number(length), received: 0, sink });
    return { kind: 'opened', id };
  };

  const put = async (id: string, request: IncomingMessage, cutAt: number | undefined) => {
    const session = sessions.get(id);
    if (session === undefined) throw new Problem(404, 'notFound', 'No such upload session');
    const range = parseRange(request.headers['content-range'], session.total);
    if (range === 'question') return progress(session);
    const bytes = await readBytes(request, cutAt);
    // All was here before: the answer to it was lost, and the client did not ask.
    if (session.resource !== undefined) return progress(session);
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
    if (isLast) session.resource = session.sink.end();
    return progress(session);
  };

  return { open, put, forget: () => sessions.clear() };
}

const take = (session: Session, bytes: Buffer) => {
  session.sink.push(bytes);
  session.received += bytes.length;
};

const progress = ({ resource, received }: Session): UploadAnswer =>
  resource === undefined ? { kind: 'more', received } : { kind: 'done', resource: resource() };

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
