import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen as listenTo, type Listening } from '../helpers/listen.ts';

/** A file of a commit, and whether it is kept in LFS. */
interface Stored {
  content: Buffer;
  isLfs: boolean;
}

export interface Commit {
  oid: string;
  title: string;
  files: ReadonlyMap<string, Stored>;
}

interface Asked {
  method: string;
  path: string;
  authorization: string | undefined;
  userAgent: string | undefined;
}

/**
 * What publishing a data set asks of a Hub: who has the token, the repository, preupload, LFS in its plain
 * form, one commit. Made from what `@huggingface/hub` sends and reads; whatever else is asked is answered with 501,
 * and `refused` has it. Uploads go to another origin, as they do to the real one's store.
 */
export interface DatasetHub {
  url: string;
  /** `owner/name` of the only data set. */
  name: string;
  commits: Commit[];
  requests: Asked[];
  uploads: Asked[];
  refused: string[];
  /** May end the socket, or keep the answer: told of a commit before it is made, or after. */
  onCommit: (when: 'before' | 'after', response: ServerResponse) => void | Promise<void>;
  /** Answers this status instead, once each. */
  faults: { path: RegExp; status: number }[];
  /** Who may do what. */
  tokens: Record<string, 'read' | 'write' | 'elsewhere'>;
  close: () => Promise<void>;
}

const NAME = 'owner/tables';
const TREE_PAGE = 7;

export async function startDatasetHub(
  files: Record<string, string> = { '.gitattributes': '*.parquet filter=lfs\n' },
): Promise<DatasetHub> {
  const objects = new Map<string, Buffer>();
  const hub: Omit<DatasetHub, 'url' | 'close'> = {
    name: NAME,
    commits: [commitOf('initial commit', new Map(entriesOf(files)))],
    ...{ requests: [], uploads: [], refused: [], faults: [] },
    onCommit: () => undefined,
    tokens: { hf_write: 'write', hf_read: 'read', hf_elsewhere: 'elsewhere' },
  };
  const store = await listen(async (request, response) => {
    hub.uploads.push(askedOf(request));
    const content = await bodyOf(request);
    const oid = request.url?.slice(1).split('?')[0] ?? '';
    if (sha256(content) !== oid || request.method !== 'PUT') response.writeHead(400).end();
    else {
      objects.set(oid, content);
      response.end();
    }
  });
  const api = await listen(async (request, response) => {
    hub.requests.push(askedOf(request));
    const body = await bodyOf(request);
    const path = request.url ?? '';
    const fault = hub.faults.findIndex((it) => it.path.test(path));
    if (fault >= 0) {
      response.writeHead(hub.faults.splice(fault, 1)[0]?.status ?? 500).end();
      return;
    }
    const [, token = ''] = request.headers.authorization?.split(' ') ?? [];
    const role = hub.tokens[token];
    const call = { hub, objects, store: store.url, path, body, role, response };
    const route = ROUTES.find((it) => it.method === request.method && it.path.test(path));
    if (route === undefined) {
      hub.refused.push(`${request.method} ${path}`);
      response.writeHead(501).end();
    } else if (route.isWrite && role !== 'write') {
      response.writeHead(role === undefined ? 401 : 403).end();
    } else await route.answer(call);
  });
  const close = async (): Promise<void> => {
    await Promise.all([api.close(), store.close()]);
  };
  return Object.assign(hub, { url: api.url, close });
}

interface Call {
  hub: Omit<DatasetHub, 'url' | 'close'>;
  objects: Map<string, Buffer>;
  store: string;
  path: string;
  body: Buffer;
  role: string | undefined;
  response: ServerResponse;
}

interface Route {
  method: string;
  path: RegExp;
  isWrite?: true;
  answer: (call: Call) => void | Promise<void>;
}

const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/api\/whoami-v2$/,
    answer: ({ role, response }) => {
      if (role === undefined) response.writeHead(401).end();
      else json(response, { type: 'user', auth: { accessToken: { role } } });
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^/api/datasets/${NAME}/revision/main\\?`),
    answer: ({ hub, response }) =>
      json(response, { _id: '1', id: NAME, sha: newest(hub).oid, private: false }),
  },
  {
    method: 'GET',
    path: new RegExp(`^/api/datasets/${NAME}/tree/`),
    answer: (call) => tree(call),
  },
  {
    method: 'GET',
    path: new RegExp(`^/datasets/${NAME}/resolve/`),
    answer: ({ hub, path, response }) => {
      const [, revision, file = ''] = /\/resolve\/(\w+)\/(.*)$/.exec(path) ?? [];
      const found = hub.commits.find(({ oid }) => oid === revision)?.files.get(file);
      if (found === undefined) response.writeHead(404).end();
      else response.end(found.content);
    },
  },
  {
    method: 'POST',
    isWrite: true,
    path: new RegExp(`^/api/datasets/${NAME}/preupload/main$`),
    answer: ({ body, response }) => {
      const { files } = parse(body) as { files: { path: string }[] };
      json(response, {
        files: files.map(({ path }) => ({
          path,
          uploadMode: path.endsWith('.parquet') ? 'lfs' : 'regular',
        })),
      });
    },
  },
  {
    method: 'POST',
    isWrite: true,
    path: new RegExp(`^/datasets/${NAME}\\.git/info/lfs/objects/batch$`),
    answer: ({ body, objects, store, response }) => {
      const asked = parse(body) as {
        transfers: string[];
        objects: { oid: string; size: number }[];
      };
      if (asked.transfers.includes('xet')) response.writeHead(422).end();
      else
        json(response, {
          transfer: 'basic',
          objects: asked.objects.map((it) =>
            objects.has(it.oid)
              ? it
              : { ...it, actions: { upload: { href: `${store}/${it.oid}?signature=secret` } } },
          ),
        });
    },
  },
  {
    method: 'POST',
    isWrite: true,
    path: new RegExp(`^/api/datasets/${NAME}/commit/main$`),
    answer: (call) => makeCommit(call),
  },
];

function tree({ hub, path, response }: Call): void {
  const url = new URL(path, 'http://hub');
  const revision = url.pathname.split('/tree/')[1];
  const start = Number(url.searchParams.get('cursor') ?? 0);
  const files = [...(hub.commits.find(({ oid }) => oid === revision)?.files ?? [])];
  if (start + TREE_PAGE < files.length) {
    url.searchParams.set('cursor', String(start + TREE_PAGE));
    const host = response.req.headers.host ?? '';
    response.setHeader('link', `<http://${host}${url.pathname}${url.search}>; rel="next"`);
  }
  json(
    response,
    files.slice(start, start + TREE_PAGE).map(([file, { content, isLfs }]) => ({
      ...{ type: 'file', path: file, size: content.length, oid: blobId(content) },
      ...(isLfs ? { lfs: { oid: sha256(content), size: content.length, pointerSize: 130 } } : {}),
    })),
  );
}

async function makeCommit({ hub, objects, body, response }: Call): Promise<void> {
  await hub.onCommit('before', response);
  if (response.destroyed) return;
  const lines = String(body)
    .split('\n')
    .map((line) => JSON.parse(line) as { key: string; value: Record<string, string> });
  const [header, ...operations] = lines;
  if (header?.value['parentCommit'] !== newest(hub).oid) {
    response.writeHead(412).end();
    return;
  }
  const files = changed(newest(hub).files, operations, objects);
  if (files === undefined) {
    response.writeHead(400).end();
    return;
  }
  const commit = commitOf(header.value['summary'] ?? '', files, newest(hub).oid);
  hub.commits.push(commit);
  await hub.onCommit('after', response);
  if (!response.destroyed) json(response, { commitOid: commit.oid, commitUrl: '' });
}

/** The files after a commit; undefined for one that means files that are not there. */
function changed(
  before: Commit['files'],
  operations: readonly { key: string; value: Record<string, string> }[],
  objects: ReadonlyMap<string, Buffer>,
): Map<string, Stored> | undefined {
  const files = new Map(before);
  for (const { key, value } of operations) {
    const { path = '', content = '', oid = '' } = value;
    const object = objects.get(oid);
    if (key === 'deletedFile' && files.delete(path)) continue;
    if (key === 'file') files.set(path, { content: Buffer.from(content, 'base64'), isLfs: false });
    else if (key === 'lfsFile' && object) files.set(path, { content: object, isLfs: true });
    else return undefined;
  }
  return files;
}

function commitOf(title: string, files: Map<string, Stored>, parent = ''): Commit {
  const content = [...files].map(([path, it]) => `${path} ${sha256(it.content)}`).join('\n');
  return { oid: sha1(`${parent}\n${title}\n${content}`), title, files };
}

const entriesOf = (files: Record<string, string>): [string, Stored][] =>
  Object.entries(files).map(([path, it]) => [path, { content: Buffer.from(it), isLfs: false }]);

/** There is one from the start. */
const newest = ({ commits }: Pick<DatasetHub, 'commits'>): Commit => commits.at(-1) as Commit;

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const sha1 = (content: Buffer | string): string => createHash('sha1').update(content).digest('hex');
const blobId = (content: Buffer): string =>
  sha1(Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]));

const askedOf = ({ method = '', url: path = '', headers }: IncomingMessage): Asked => ({
  ...{ method, path, authorization: headers.authorization, userAgent: headers['user-agent'] },
});

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  // A request without encoding yields buffers.
  const chunks = (await request.toArray()) as Buffer[];
  return Buffer.concat(chunks);
}

const parse = (body: Buffer): unknown => JSON.parse(String(body));

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

export const listen = (
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listening> =>
  listenTo((request, response) => {
    // A client that was killed sends half a body.
    answer(request, response).catch(() => response.destroy());
  });
