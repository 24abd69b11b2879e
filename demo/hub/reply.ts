import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { isSilent } from './faults.ts';
import type { Fault } from './faults.ts';

/** An answer before it is sent. */
export interface Reply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Records in the body of a list; 0 otherwise. */
  records?: number;
  /** The compressed body, once someone has asked for it. */
  gzipped?: Buffer;
}

export interface SendOptions {
  acceptsGzip: boolean;
  headers: Readonly<Record<string, string>>;
  fault?: Fault | undefined;
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

/** A JSON answer with the weak ETag that the Hub gives. */
export function jsonReply(
  status: number,
  json: string,
  headers: Record<string, string> = {},
): Reply {
  const body = Buffer.from(json);
  const digest = createHash('sha1').update(body).digest('base64').slice(0, 27);
  const ETag = `W/"${body.length.toString(16)}-${digest}"`;
  return { status, headers: { ...JSON_TYPE, ETag, ...headers }, body };
}

/** A JSON error with its text in the header too, as the Hub does; `code` is its `X-Error-Code`. */
export function errorReply(status: number, message: string, code?: string): Reply {
  const body = Buffer.from(JSON.stringify({ error: message }));
  // A header holds ASCII only, and the message may quote what the client sent.
  const headers = { ...JSON_TYPE, 'X-Error-Message': message.replace(/[^ -~]/g, '?') };
  return { status, headers: code ? { ...headers, 'X-Error-Code': code } : headers, body };
}

export function textReply(status: number, text: string, headers: Record<string, string>): Reply {
  const type = { 'Content-Type': 'text/plain; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: Buffer.from(text) };
}

/** A page for people, as an edge server answers when the Hub does not. */
export function htmlReply(status: number, title: string): Reply {
  const text = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  const type = { 'Content-Type': 'text/html; charset=utf-8' };
  return { status, headers: type, body: Buffer.from(text) };
}

/** Sends a reply, spoilt as the fault says. The promise ends when nothing is left to write. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  { acceptsGzip, headers, fault }: SendOptions,
): Promise<void> {
  if (fault !== undefined && isSilent(fault)) {
    if (fault.kind === 'reset') response.socket?.resetAndDestroy();
    return;
  }
  const spoilt = fault === undefined ? reply : spoilBody(reply, fault);
  const payload = acceptsGzip ? await gzipOf(spoilt) : spoilt.body;
  response.statusCode = spoilt.status;
  const all = { ...headers, ...spoilt.headers, Vary: 'Accept-Encoding' };
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value);
  if (acceptsGzip) response.setHeader('Content-Encoding', 'gzip');
  if (fault?.kind === 'drip') drip(response);
  else sendBody(response, payload, fault);
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 100);
  response.on('close', () => clearInterval(timer));
}

function sendBody(response: ServerResponse, payload: Buffer, fault: Fault | undefined): void {
  if (fault?.kind === 'truncated-chunked') {
    // A write before the end makes it chunked: nothing promises a length.
    response.write(payload);
    response.end();
    return;
  }
  response.setHeader('Content-Length', payload.length);
  if (fault?.kind !== 'truncated' && fault?.kind !== 'reset') {
    response.end(payload);
    return;
  }
  response.write(payload.subarray(0, payload.length >> 1), () => {
    if (fault.kind === 'reset') response.socket?.resetAndDestroy();
    else response.socket?.destroy();
  });
}

function spoilBody(reply: Reply, { kind }: Fault): Reply {
  const { body, status, headers } = reply;
  const rest = { status, headers };
  if (kind === 'truncated-chunked') return { ...rest, body: body.subarray(0, body.length >> 1) };
  if (kind === 'gzip-bomb') return { ...rest, body: Buffer.alloc(80_000_000, ' ') };
  if (kind === 'invalid-json') {
    return { ...rest, body: Buffer.concat([body.subarray(0, -1), Buffer.from(',]]')]) };
  }
  if (kind === 'invalid-utf8') {
    // Inside a value, so that a decoder that replaces bad bytes gets JSON with a wrong id.
    const at = Math.max(body.indexOf('"id":"') + 6, body.indexOf('"') + 1);
    return {
      ...rest,
      body: Buffer.concat([body.subarray(0, at), Buffer.of(0xff), body.subarray(at)]),
    };
  }
  return reply;
}

async function gzipOf(reply: Reply): Promise<Buffer> {
  reply.gzipped ??= await promisify(gzip)(reply.body, { level: constants.Z_BEST_SPEED });
  return reply.gzipped;
}
