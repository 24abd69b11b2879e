import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import path from 'node:path';
import { EtlError, systemCode } from '../../errors.ts';
import { metricsText, statusPage, type Status } from './status.ts';

export interface ServeOptions {
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** Names that a request may ask for, besides addresses and `localhost`. */
  allowHost: readonly string[];
  /** Where the pictures lie that a report links. */
  storage: string;
  status: () => Status;
}

/**
 * Answers GET and HEAD, and changes nothing. A request by a name that nobody allowed is refused: a
 * stranger's page could have its own name lead here.
 *
 * @returns the server, and its address
 * @throws {EtlError} CONFIG_INVALID when it cannot listen there
 */
export async function startServer(options: ServeOptions): Promise<{ server: Server; url: string }> {
  const { host, port } = options;
  const server = createServer((request, response) => answer(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: unknown) => {
    const why = systemCode(error) ?? String(error);
    throw new EtlError('CONFIG_INVALID', `Cannot listen on ${host} port ${port}: ${why}`);
  });
  const { port: taken } = server.address() as AddressInfo; // it listens on a port
  return { server, url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${taken}/` };
}

const SAFE = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
const NOTHING_ELSE =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PAGE = `${NOTHING_ELSE}; style-src 'unsafe-inline'`;
/** A report is one file without script, with its pictures in it. */
const REPORT = `${PAGE}; img-src data:`;
const HTML = 'text/html; charset=utf-8';

function answer(
  { host, allowHost, storage, status }: ServeOptions,
  { method = '', url = '', headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const text = (code: number, body: string, more: Record<string, string> = {}): void => {
    const type = { 'content-type': 'text/plain; charset=utf-8' };
    response.writeHead(code, { ...SAFE, ...type, ...more }).end(body);
  };
  if (method !== 'GET' && method !== 'HEAD') {
    text(405, 'Only GET and HEAD.\n', { allow: 'GET, HEAD' });
    return;
  }
  if (!isAllowed(headers.host, [host, ...allowHost])) {
    text(421, 'This name is not served here: see --allow-host.\n');
    return;
  }
  const routes: Record<string, () => void> = {
    '/': () =>
      text(200, statusPage(status()), { 'content-type': HTML, 'content-security-policy': PAGE }),
    '/healthz': () => text(200, 'ok\n'),
    '/metrics': () =>
      text(200, metricsText(status()), { 'content-type': 'text/plain; version=0.0.4' }),
    '/report.html': () => {
      const { report } = status();
      if (report === undefined) text(404, 'There is no report yet.\n');
      else send(report, { 'content-type': HTML, 'content-security-policy': REPORT });
    },
  };
  const send = (file: string, headers: Record<string, string>): void => {
    const stream = createReadStream(file);
    stream.once('error', () => text(404, 'Not here.\n')); // it was just removed, say
    stream.once('open', () => {
      response.writeHead(200, { ...SAFE, ...headers });
      if (response.req.method === 'HEAD') response.end();
      else stream.pipe(response);
    });
    response.once('close', () => stream.destroy());
  };
  const place = url.split('?')[0] ?? '';
  const route = Object.entries(routes).find(([it]) => it === place)?.[1];
  const linked = linkedFile(place, { storage, report: status().report });
  if (route !== undefined) route();
  else if (linked === undefined) text(404, 'Not here.\n');
  else send(linked.file, { 'content-type': linked.type, 'content-security-policy': NOTHING_ELSE });
}

/** What a report links to, by addresses that are relative to its own: tables beside it, pictures of boards. */
function linkedFile(
  place: string,
  { storage, report }: { storage: string; report: string | undefined },
): { file: string; type: string } | undefined {
  const [, picture] = /^\/(runs\/[\w-]+\/evidence\/[\w-]+\/screenshot\.png)$/.exec(place) ?? [];
  if (picture !== undefined) return { file: path.join(storage, picture), type: 'image/png' };
  const [, table] =
    /^\/([a-z_]+(?:-\d+)?\.(?:jsonl|csv|parquet)(?:\.zst|\.gz)?)$/.exec(place) ?? [];
  if (table === undefined || report === undefined) return undefined;
  return { file: path.join(path.dirname(report), table), type: 'application/octet-stream' };
}

/** Addresses are what they are; a name is whatever somebody's name server says. */
function isAllowed(given: string | undefined, names: readonly string[]): boolean {
  const host = (given ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return isIP(host) !== 0 || host === 'localhost' || names.some((it) => it.toLowerCase() === host);
}
