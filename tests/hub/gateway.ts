import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, listen } from './server.ts';

interface Asked {
  method: string;
  path: string;
  userAgent: string | undefined;
}

/**
 * The gateway of the Hub's buckets, as far as `hub-docs` (docs/hub/storage-buckets-s3.md, August 2026) says how it differs from S3:
 * the owner before the bucket; preconditions on PutObject alone; objects read from another place (302), which refuses signed
 * requests and has ETags of its own; no checksums after a body; ListObjectsV2, here in small pages. Whatever else is asked is
 * answered with 501, and `refused` has it.
 */
export interface BucketGateway {
  /** To be AWS_ENDPOINT_URL_S3. */
  url: string;
  /** The only bucket. */
  address: string;
  objects: Map<string, Buffer>;
  requests: Asked[];
  refused: string[];
  /** May end the socket: told of an object before it is there, or after. */
  onPut: (when: 'before' | 'after', name: string, response: ServerResponse) => void | Promise<void>;
  /** Objects come from the gateway itself, as it does for some clients. */
  hasNoEdge: boolean;
  /** As a store that knows no preconditions. */
  isDeaf: boolean;
  close: () => Promise<void>;
}

const PAGE = 7;
/** Whose secret is anything: signatures are not checked. */
const KEYS: Record<string, 'read' | 'write'> = { HFAKwrite: 'write', HFAKread: 'read' };

export async function startGateway(): Promise<BucketGateway> {
  const gateway: Omit<BucketGateway, 'url' | 'close'> = {
    address: 'hf://buckets/owner/tables',
    ...{ objects: new Map(), requests: [], refused: [], hasNoEdge: false, isDeaf: false },
    onPut: () => undefined,
  };
  const edge = await listen(async (request, response) => {
    await bodyOf(request);
    const name = decodeURIComponent(request.url?.slice(1).split('?')[0] ?? '');
    const signed = Object.keys(request.headers).filter((it) => /^x-amz|^authorization$/.test(it));
    if (signed.length > 0) gateway.refused.push(`the edge was told ${signed.join(', ')}`);
    const body = gateway.objects.get(name);
    response.writeHead(signed.length > 0 || body === undefined ? 403 : 200, { etag: '"edge"' });
    response.end(body);
  });
  const server = await listen(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://gateway');
    gateway.requests.push({
      ...{ method: request.method ?? '', path: pathname },
      userAgent: request.headers['user-agent'],
    });
    const body = await bodyOf(request);
    const problem = problemOf(request, { pathname, body });
    if (problem !== undefined) {
      fail(response, problem);
      return;
    }
    const name = decodeURIComponent(pathname).slice('/owner/tables/'.length);
    const kind = name === '' ? `bucket, type ${searchParams.get('list-type')}` : 'object';
    const answer = ANSWERS[`${request.method} ${kind}`];
    if (answer === undefined) {
      gateway.refused.push(`${request.method} ${request.url}`);
      fail(response, '501 NotImplemented');
    } else await answer({ gateway, request, response, name, body, searchParams, edge: edge.url });
  });
  return Object.assign(gateway, {
    url: server.url,
    close: async () => {
      await server.close();
      await edge.close();
    },
  });
}

/** As the environment of a program, whose key may write. */
export const gatewayEnv = (url: string, key = 'HFAKwrite'): Record<string, string> => ({
  AWS_ENDPOINT_URL_S3: url,
  AWS_ACCESS_KEY_ID: key,
  AWS_SECRET_ACCESS_KEY: 'secret',
});

const etagOf = (body: Buffer): string => `"${createHash('sha256').update(body).digest('hex')}"`;

function fail(response: ServerResponse, problem: string): void {
  const [status, code = ''] = problem.split(' ');
  response.writeHead(Number(status), { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

/** Status and code of what is refused. */
function problemOf(
  request: IncomingMessage,
  { pathname, body }: { pathname: string; body: Buffer },
): string | undefined {
  if (!/^\/owner\/tables(?:\/|$)/.test(pathname)) return '404 NoSuchBucket';
  return deniedTo(request) ?? damageOf(request.headers, body);
}

function deniedTo({ method = '', headers }: IncomingMessage): string | undefined {
  const [, key = '', region] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d+\/([\w-]+)\/s3\//.exec(headers.authorization ?? '') ??
    [];
  const right = KEYS[key];
  const isEnough = right === 'write' || (right === 'read' && ['GET', 'HEAD'].includes(method));
  if (!isEnough) return '403 AccessDenied';
  return region === 'us-east-1' ? undefined : '400 AuthorizationHeaderMalformed';
}

function damageOf(headers: IncomingMessage['headers'], body: Buffer): string | undefined {
  // The documents ask for settings without which a client says such things.
  const isNotRead = (it: string): boolean =>
    /^(?:content-encoding|x-amz-(?:trailer|checksum-.*|sdk-checksum-algorithm))$/.test(it);
  if (Object.keys(headers).some(isNotRead)) return '400 IncompleteBody';
  const stated = headers['x-amz-content-sha256'];
  const sum = createHash('sha256').update(body).digest('hex');
  return stated === 'UNSIGNED-PAYLOAD' || stated === sum ? undefined : '400 BadDigest';
}

interface Call {
  gateway: Omit<BucketGateway, 'url' | 'close'>;
  request: IncomingMessage;
  response: ServerResponse;
  name: string;
  body: Buffer;
  searchParams: URLSearchParams;
  edge: string;
}

const ANSWERS: Partial<Record<string, (call: Call) => void | Promise<void>>> = {
  'GET bucket, type 2': ({ gateway, response, searchParams }) => {
    response.end(listOf([...gateway.objects.keys()].sort(), searchParams));
  },
  'GET object': ({ gateway, response, name, edge }) => {
    const location = `${edge}/${encodeURIComponent(name)}?signed`;
    const there = gateway.objects.get(name);
    if (there && gateway.hasNoEdge) response.writeHead(200, { etag: etagOf(there) }).end(there);
    else if (there) response.writeHead(302, { location }).end();
    else fail(response, '404 NoSuchKey');
  },
  'HEAD object': ({ gateway, response, name }) => {
    const there = gateway.objects.get(name);
    response.writeHead(there ? 200 : 404, there && { etag: etagOf(there) }).end();
  },
  'DELETE object': ({ gateway, response, name }) => {
    gateway.objects.delete(name);
    response.writeHead(204).end();
  },
  'PUT object': put,
};

async function put({ gateway, request, response, name, body }: Call): Promise<void> {
  await gateway.onPut('before', name, response);
  const there = gateway.objects.get(name);
  const { 'if-match': match, 'if-none-match': none } = request.headers;
  const isOther = match !== undefined && (there === undefined || etagOf(there) !== match);
  if (!gateway.isDeaf && (isOther || (none === '*' && there !== undefined))) {
    fail(response, '412 PreconditionFailed');
    return;
  }
  if (response.destroyed) return;
  gateway.objects.set(name, body);
  await gateway.onPut('after', name, response);
  if (!response.destroyed) response.writeHead(200, { etag: etagOf(body) }).end();
}

function listOf(names: readonly string[], asked: URLSearchParams): string {
  const prefix = asked.get('prefix') ?? '';
  const after = asked.get('continuation-token') ?? '';
  const all = names.filter((it) => it.startsWith(prefix) && it > after);
  const page = all.slice(0, PAGE);
  const more =
    all.length > PAGE
      ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${page.at(-1)}</NextContinuationToken>`
      : '<IsTruncated>false</IsTruncated>';
  const keys = page.map((it) => `<Contents><Key>${it}</Key></Contents>`).join('');
  return `<ListBucketResult>${more}${keys}</ListBucketResult>`;
}
