import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { LIST_FIELDS, REPO_KINDS, type RepoKind } from '../../../src/api/repos.ts';

/**
 * A Hub of any size: each repository is one of a few thousand real ones under a name, an id and dates of
 * its own, made when it is asked for. What happened between its two days is told by the number of each.
 * Runs as a process of its own: `node server.ts FILES COUNTS`, both JSON by kind.
 */
const [files, counts] = process.argv.slice(2).map((it): unknown => JSON.parse(it)) as [
  Record<RepoKind, string>,
  Record<RepoKind, number>,
];

/** Of 3.2 million 1,000 are gone, 50 renamed, 64,000 changed; 3,000 are new. */
const isRemoved = (n: number): boolean => n % 3200 === 7;
const isRenamed = (n: number): boolean => n % 64_000 === 11;
const isChanged = (n: number): boolean => n % 50 === 3;
const addedTo = (count: number): number => Math.ceil((count * 3000) / 3_200_000);

const FIRST_MS = Date.parse('2022-03-03T00:00:00.000Z');
const STEP_MS = 40_000;
let [day, dayStartedMs, requests] = [1, Date.now(), 0];
/** Sent of lists since the day was asked for last, by kind. */
let bytes = { models: 0, datasets: 0, spaces: 0 };

interface Kind {
  count: number;
  /** The rest of a record as JSON, by the fields that were asked for. */
  rests: Map<string, string[]>;
  entries: readonly Record<string, unknown>[];
}

const kinds = Object.fromEntries(
  REPO_KINDS.map((kind): [RepoKind, Kind] => {
    const file = readFileSync(files[kind]);
    const text = (file[0] === 0x1f ? gunzipSync(file) : file).toString();
    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      // The demo's data sets have beside the record what it serves of their boards.
      .map((it) => (it['record'] as Record<string, unknown> | undefined) ?? it);
    return [kind, { count: counts[kind], rests: new Map(), entries }];
  }),
) as Record<RepoKind, Kind>;

/** Fields that each record has of its own. */
const OWN = new Set([
  '_id',
  'id',
  'author',
  'createdAt',
  'lastModified',
  'sha',
  'downloads',
  'likes',
]);

function restsOf(kind: Kind, fields: readonly string[]): string[] {
  const key = fields.join();
  const known = kind.rests.get(key);
  if (known !== undefined) return known;
  const wanted = new Set(fields.filter((it) => !OWN.has(it)));
  const made = kind.entries.map((entry) =>
    JSON.stringify(Object.fromEntries(Object.entries(entry).filter(([it]) => wanted.has(it)))),
  );
  kind.rests.set(key, made);
  return made;
}

const isThere = (kind: Kind, n: number): boolean =>
  day === 1 ? n < kind.count : !(n < kind.count && isRemoved(n));

const total = (kind: Kind): number => (day === 1 ? kind.count : kind.count + addedTo(kind.count));

function listed(kind: Kind): number {
  const removed = day === 1 ? 0 : Math.floor((kind.count - 8) / 3200) + 1;
  return total(kind) - removed;
}

function recordOf(kind: Kind, n: number, rest: string): string {
  const isNew = n >= kind.count;
  const own = kind.entries[n % kind.entries.length] ?? {};
  const [author = 'x', name = 'y'] = String(own['id']).split('/');
  const isToday = day === 2 && (isNew || isChanged(n));
  const createdMs = isNew ? dayStartedMs + n - kind.count : FIRST_MS + n * STEP_MS;
  const modifiedMs = isToday ? dayStartedMs + 1 + (n % 1000) : createdMs + 1000;
  const owner = day === 2 && !isNew && isRenamed(n) ? `${author}-moved` : author;
  const facts = {
    _id: (0x60000000 + n).toString(16).padEnd(24, '0'),
    id: `${owner}/${name}-${n}`,
    author: owner,
    createdAt: new Date(createdMs).toISOString(),
    lastModified: new Date(modifiedMs).toISOString(),
    sha: createHash('sha1').update(`${n} ${isToday}`).digest('hex'),
    downloads: (n % 997) * day,
    likes: n % 89,
  };
  const text = JSON.stringify(facts);
  return rest === '{}' ? text : `${text.slice(0, -1)},${rest.slice(1)}`;
}

/** Numbers of the repositories of a list from a place on, in its order. */
function* numbersFrom(kind: Kind, sort: string, from: number): Generator<number, void> {
  if (sort === 'createdAt') {
    for (let n = from; n < total(kind); n += 1) if (isThere(kind, n)) yield n;
    return;
  }
  // What changed today, then all others, the newest first; within a millisecond any order will do.
  const last = total(kind) - 1;
  for (let at = from; at < 2 * (last + 1); at += 1) {
    const n = last - (at % (last + 1));
    const isToday = day === 2 && (n >= kind.count || isChanged(n));
    if (isThere(kind, n) && isToday === at <= last) yield n;
  }
}

function listPage(kind: Kind, url: URL, response: ServerResponse): void {
  const { searchParams: asked } = url;
  const expands = asked.getAll('expand[]');
  if (expands.includes('__probe__')) {
    const { all, others } = LIST_FIELDS[kindOf(url)];
    return send(response, 400, JSON.stringify({ error: [...all, ...others].join(', ') }));
  }
  const limit = Number(asked.get('limit'));
  const rests = restsOf(kind, expands);
  const sort = asked.get('sort') ?? '';
  const isLast = sort === 'createdAt' && asked.get('direction') === '-1';
  const from = isLast ? total(kind) - 1 : Number(asked.get('cursor') ?? 0);
  const parts: string[] = [];
  let next: number | undefined;
  for (const n of numbersFrom(kind, sort, from)) {
    if (parts.length === limit) {
      next = n;
      break;
    }
    parts.push(recordOf(kind, n, rests[n % rests.length] ?? '{}'));
  }
  const at = sort === 'createdAt' || next === undefined ? next : placeByChange(kind, next);
  if (at !== undefined) {
    url.searchParams.set('cursor', String(at));
    response.setHeader('link', `<${url.href}>; rel="next"`);
  }
  const body = `[${parts.join(',')}]`;
  bytes[kindOf(url)] += body.length;
  send(response, 200, body);
}

function placeByChange(kind: Kind, n: number): number {
  const last = total(kind) - 1;
  const isToday = day === 2 && (n >= kind.count || isChanged(n));
  return last - n + (isToday ? 0 : last + 1);
}

const kindOf = (url: URL): RepoKind =>
  REPO_KINDS.find((it) => url.pathname.startsWith(`/api/${it}`)) ?? 'models';

function send(response: ServerResponse, status: number, body: string): void {
  requests += 1;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
  if (url.pathname === '/day') {
    const told = JSON.stringify({ bytes, requests });
    if (request.method === 'POST') [day, dayStartedMs] = [2, Date.now()];
    [bytes, requests] = [{ models: 0, datasets: 0, spaces: 0 }, 0];
    response.end(told);
  } else if (url.pathname.endsWith('-tags-by-type')) send(response, 200, '{}');
  else if (url.pathname === '/api/quicksearch') {
    const sizes = REPO_KINDS.map((it) => [`${it}Count`, listed(kinds[it])]);
    send(response, 200, JSON.stringify(Object.fromEntries(sizes)));
  } else if (REPO_KINDS.some((it) => url.pathname === `/api/${it}`))
    listPage(kinds[kindOf(url)], url, response);
  else send(response, 404, '{"error":"Repository not found"}');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : '');
});
