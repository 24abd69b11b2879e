import type { IncomingMessage } from 'node:http';
import type { Jobs } from './jobs.ts';
import { asObject, duplicate, invalid } from './problem.ts';
import type { Sessions, UploadAnswer } from './sessions.ts';

/** Load jobs that come with their data. */
export interface Uploads {
  open: (request: IncomingMessage, body: Buffer) => UploadAnswer;
  multipart: (request: IncomingMessage, body: Buffer) => UploadAnswer;
}

export function createUploads(jobs: Jobs, sessions: Sessions): Uploads {
  const open = (request: IncomingMessage, bytes: Buffer): UploadAnswer => {
    const body = asObject(JSON.parse(bytes.toString('utf8')), 'job');
    const reader = jobs.reader(body);
    const id = String(asObject(body['jobReference'], 'jobReference')['jobId']);
    if (jobs.has(id)) throw duplicate(`Job ${id}`);
    return sessions.open(request, id, {
      push: (piece) => reader.push(piece),
      end: () => {
        const job = jobs.insert(body, reader);
        return () => jobs.resource(job);
      },
    });
  };

  const multipart = (request: IncomingMessage, bytes: Buffer): UploadAnswer => {
    const [head, data] = parseMultipart(String(request.headers['content-type']), bytes);
    const body = asObject(JSON.parse(head.toString('utf8')), 'job');
    const reader = jobs.reader(body);
    reader.push(data);
    return { kind: 'done', resource: jobs.resource(jobs.insert(body, reader)) };
  };

  return { open, multipart };
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
