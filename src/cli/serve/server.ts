import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { EtlError, systemCode } from '../../errors.ts';
import { metricsText, statusPage, type Status } from './status.ts';

export interface ServeOptions {
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** Names that a request may ask for, besides addresses and `localhost`. */
  allowHost: readonly string[];
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
  { host, allowHost, status }: ServeOptions,
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
      else sendReport(report, response, text);
    },
  };
  const route = Object.entries(routes).find(([path]) => path === url.split('?')[0])?.[1];
  if (route === undefined) text(404, 'Not here.\n');
  else route();
}

function sendReport(
  file: string,
  response: ServerResponse,
  text: (code: number, body: string) => void,
): void {
  const stream = createReadStream(file);
  stream.once('error', () => text(404, 'There is no report yet.\n')); // it was just removed
  stream.once('open', () => {
    response.writeHead(200, { ...SAFE, 'content-type': HTML, 'content-security-policy': REPORT });
    if (response.req.method === 'HEAD') response.end();
    else stream.pipe(response);
  });
  response.once('close', () => stream.destroy());
}

/** Addresses are what they are; a name is whatever somebody's name server says. */
function isAllowed(given: string | undefined, names: readonly string[]): boolean {
  const host = (given ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return isIP(host) !== 0 || host === 'localhost' || names.includes(host);
}
