import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { openHubClient } from '../../../src/api/client.ts';
import { CHUNK_BYTES, downloadFile } from '../../../src/api/repo-files.ts';
import { queryDuckdb } from '../../../src/export/duckdb.ts';
import { withDuckdb } from '../../../src/export/duckdb/session.ts';
import type { PlainRow } from '../../../src/export/duckdb/values.ts';
import type { BackfillReport } from '../../../src/pipeline/backfill.ts';
import { STORAGE_FORMAT } from '../../../src/storage/storage-folder.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';

/** `loaded` is a storage of ours, to be written to. */
const test = base.extend({
  loaded: async ({ loaded }, use) => {
    await writeFile(path.join(loaded, 'format.json'), JSON.stringify({ format: STORAGE_FORMAT }));
    await use(loaded);
  },
});

const id = (n: number): string => `6600000000000000000000${String(n).padStart(2, '0')}`;

/** Columns that came later, by the day of the first snapshot that has them. */
const ERAS: [string, string][] = [
  ['2024-10-16', `0.5 AS "trendingScore", '{"license":"mit"}' AS "cardData"`],
  ['2025-02-26', 'n * 100 AS "downloadsAllTime"'],
];

/** A snapshot in the shape of its day: repositories `from` to `to`, one of them under another name. */
async function writeSnapshot(
  folder: string,
  {
    kind,
    date,
    from,
    to,
    renamed = -1,
  }: { kind: string; date: string; from: number; to: number; renamed?: number },
): Promise<void> {
  const file = path.join(folder, kind, date, `${kind}.parquet`);
  await mkdir(path.dirname(file), { recursive: true });
  const later = ERAS.filter(([first]) => first <= date).map(([, sql]) => `, ${sql}`);
  const downloads = kind === 'spaces' ? '' : `, n * 10 + day(DATE '${date}') AS downloads`;
  await withDuckdb(':memory:', {}, (connection) =>
    connection.run(`COPY (SELECT '6600000000000000000000' || lpad(n::VARCHAR, 2, '0') AS _id,
      'own/' || CASE n WHEN ${renamed} THEN 'new' ELSE 'r' || n END AS id, 'own' AS author, n AS likes,
      TIMESTAMPTZ '${date} 03:00:00+00' - to_days(n::INT) AS "lastModified" ${downloads} ${later.join('')}
      FROM range(${from}, ${to + 1}) AS r(n) UNION ALL BY NAME SELECT NULL AS _id, 'own/none' AS id)
      TO '${file}' (FORMAT parquet)`),
  );
}

/** Three eras of models, a cut snapshot among them, and Spaces. */
async function writeWeeks(folder: string): Promise<void> {
  const models = { kind: 'models' };
  await writeSnapshot(folder, { ...models, date: '2024-07-24', from: 1, to: 20 });
  await writeSnapshot(folder, { ...models, date: '2024-10-16', from: 2, to: 21, renamed: 5 });
  await writeSnapshot(folder, { ...models, date: '2024-10-23', from: 2, to: 9, renamed: 5 });
  await writeSnapshot(folder, { ...models, date: '2025-02-26', from: 2, to: 22, renamed: 5 });
  await writeSnapshot(folder, { kind: 'spaces', date: '2025-02-26', from: 40, to: 41 });
  await mkdir(path.join(folder, 'daily_papers', '2025-02-26'), { recursive: true });
}

const rowsOf = (storage: string, sql: string): Promise<PlainRow[]> =>
  queryDuckdb(path.join(storage, 'warehouse', 'hub.duckdb'), sql);

const EVENTS = `SELECT snapshot_before AS a, snapshot_date AS b, event, _id, id, before, after FROM events_backfill ORDER BY b, event, _id`;
const USAGE = `SELECT * FROM usage_backfill ORDER BY kind, snapshot_date, _id`;

test('snapshots of all eras become rows of their own: interval, licence, null for what came later; again changes nothing', async ({
  loaded: folder,
  cli,
}) => {
  const weeks = path.join(folder, 'weeks');
  await writeWeeks(weeks);
  const own = await rowsOf(folder, 'SELECT * FROM usage ORDER BY _id');
  const { stdout, stderr, code } = await cli(['backfill', weeks, '--json']);

  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout) as BackfillReport;
  expect(report).toMatchObject({ source: 'hfmlsoc/hub_weekly_snapshots', licence: 'ODbL-1.0' });
  expect(
    report.snapshots.map(({ kind, date, rows, dropped }) => [kind, date, rows, dropped]),
  ).toEqual([
    ['models', '2024-07-24', 20, 1],
    ['models', '2024-10-16', 20, 1],
    ['models', '2024-10-23', 8, 1],
    ['models', '2025-02-26', 21, 1],
    ['spaces', '2025-02-26', 2, 1],
  ]);
  expect(report.cut).toEqual([{ kind: 'models', date: '2024-10-23' }]);
  const of = (n: number) =>
    rowsOf(folder, `SELECT * FROM usage_backfill WHERE _id = '${id(n)}' ORDER BY snapshot_date`);
  const facts = {
    source: 'hfmlsoc/hub_weekly_snapshots',
    licence: 'ODbL-1.0',
    kind: 'model',
    _id: id(5),
    likes: 5,
  };
  expect(await of(5)).toEqual([
    {
      ...facts,
      ...{
        snapshot_date: '2024-07-24',
        snapshot_before: null,
        taken_after: '2024-07-23T03:00:00.000Z',
      },
      ...{ id: 'own/r5', downloads: 74, downloads_all_time: null, trending_score: null },
    },
    expect.objectContaining({
      snapshot_before: '2024-07-24',
      trending_score: 0.5,
      downloads_all_time: null,
    }),
    expect.objectContaining({ snapshot_before: '2024-10-16', id: 'own/new' }),
    expect.objectContaining({
      snapshot_before: '2024-10-23',
      downloads_all_time: 500,
      trending_score: 0.5,
    }),
  ]);
  expect(await of(40)).toMatchObject([{ kind: 'space', downloads: null }]);
  // What the cut one lacks was not removed, and what is there again was not added.
  expect(await rowsOf(folder, EVENTS)).toEqual(
    [
      ['2024-07-24', '2024-10-16', 'added', id(21), 'own/r21', null, 'own/r21'],
      ['2024-07-24', '2024-10-16', 'removed', id(1), 'own/r1', 'own/r1', null],
      ['2024-07-24', '2024-10-16', 'renamed', id(5), 'own/new', 'own/r5', 'own/new'],
      ['2024-10-16', '2025-02-26', 'added', id(22), 'own/r22', null, 'own/r22'],
    ].map(([a, b, event, _id, now, before, after]) => ({
      a,
      b,
      event,
      _id,
      id: now,
      before,
      after,
    })),
  );
  expect(await rowsOf(folder, 'SELECT * FROM usage ORDER BY _id')).toEqual(own);
  const shared = `SELECT source, licence, count(*) AS n FROM usage_history GROUP BY ALL ORDER BY source`;
  expect(await rowsOf(folder, shared)).toEqual([
    { source: 'hfmlsoc/hub_weekly_snapshots', licence: 'ODbL-1.0', n: 71 },
    { source: 'own', licence: null, n: own.length },
  ]);
  expect(await rowsOf(folder, 'SELECT count(*) AS n FROM events_history')).toEqual([{ n: 4 }]);

  const bytes = await readFile(path.join(folder, 'warehouse', 'hub.duckdb'));
  const again = JSON.parse((await cli(['backfill', weeks, '--json'])).stdout) as BackfillReport;
  expect(again).toMatchObject({ snapshots: [], skipped: 5 });
  expect((await readFile(path.join(folder, 'warehouse', 'hub.duckdb'))).equals(bytes)).toBe(true);
});

test('the order in which snapshots are brought does not matter; the next release keeps them', async ({
  loaded: folder,
  few,
  hub,
  cli,
}) => {
  const weeks = path.join(folder, 'weeks');
  await writeWeeks(weeks);
  const bring = (...flags: string[]) =>
    cli(['backfill', weeks, ...flags, '--source', 'w', '--licence', 'X']);
  expect((await bring('--since', '2025-01-01')).code).toBe(0);
  expect((await bring('--until', '2024-08-01')).code).toBe(0);
  expect((await bring()).code).toBe(0);
  expect((await cli(['backfill', weeks, '--source', 'v', '--licence', 'X'])).code).toBe(0);
  const of = (source: string, sql: string) =>
    rowsOf(folder, `SELECT * EXCLUDE (source) FROM (${sql}) WHERE source = '${source}'`);
  const events = 'SELECT * FROM events_backfill ORDER BY snapshot_date, event, _id';
  expect(await of('w', USAGE)).toEqual(await of('v', USAGE));
  expect(await of('w', events)).toEqual(await of('v', events));
  expect(await of('w', events)).toHaveLength(4);

  const before = await rowsOf(folder, USAGE);
  const { url } = await hub({ data: few });
  const run = await cli([
    'run',
    '--endpoint',
    url,
    '--sources',
    'models',
    '--to',
    'duckdb',
    '--min-rows',
    '0',
  ]);
  expect(run.code, run.stderr).toBe(0);
  expect(await rowsOf(folder, USAGE)).toEqual(before);
  expect(await rowsOf(folder, 'SELECT count(*) AS n FROM usage')).not.toEqual([{ n: 2 }]);
});

test('what is no snapshot leaves the warehouse as it was', async ({ loaded: folder, cli }) => {
  const warehouse = path.join(folder, 'warehouse', 'hub.duckdb');
  const bytes = await readFile(warehouse);
  const weeks = path.join(folder, 'weeks', 'models', '2025-01-01');
  await mkdir(weeks, { recursive: true });
  const none = await cli(['backfill', path.join(folder, 'nowhere')]);
  expect(none).toMatchObject({ code: 2 });
  await writeFile(path.join(weeks, 'models.parquet'), 'no Parquet');
  expect(await cli(['backfill', path.join(folder, 'weeks')])).toMatchObject({ code: 6 });
  await withDuckdb(':memory:', {}, (it) =>
    it.run(`COPY (SELECT 1 AS x) TO '${path.join(weeks, 'models.parquet')}' (FORMAT parquet)`),
  );
  expect(await cli(['backfill', path.join(folder, 'weeks')])).toMatchObject({ code: 2 });
  expect((await readFile(warehouse)).equals(bytes)).toBe(true);
  await rm(warehouse);
  expect(await cli(['backfill', path.join(folder, 'weeks')])).toMatchObject({ code: 2 });
});

const SHA = 'c'.repeat(40);

/** What a Hub says of a data set: its commit, and its files by folder; undefined elsewhere. */
function said(url: string, files: ReadonlyMap<string, Buffer>): unknown {
  if (url.startsWith('/api/datasets/own/weeks?'))
    return { id: 'own/weeks', sha: SHA, cardData: { license: 'odbl' } };
  const folder = /^\/api\/datasets\/own\/weeks\/tree\/c{40}\/(\w+)\?/.exec(url)?.[1];
  const inFolder = [...files].filter(([name]) => name.startsWith(`${folder ?? 'none'}/`));
  if (inFolder.length === 0) return undefined;
  return [
    { type: 'directory', path: folder },
    ...inFolder.map(([name, body]) => ({
      ...{ type: 'file', path: name, size: body.length },
      lfs: { oid: createHash('sha256').update(body).digest('hex'), size: body.length },
    })),
  ];
}

/** A Hub with one data set of snapshots. */
function dataset(files: ReadonlyMap<string, Buffer>, asked: string[], broken: Set<string>) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = decodeURIComponent(request.url ?? '');
    const { range = '' } = request.headers;
    asked.push(`${url} ${range}`.trim());
    const facts = said(url, files);
    const name = url.replace(`/datasets/own/weeks/resolve/${SHA}/`, '');
    const body = files.get(name);
    if (facts !== undefined || body === undefined) {
      const type = { 'content-type': 'application/json' };
      response.writeHead(facts === undefined ? 404 : 200, type).end(JSON.stringify(facts ?? {}));
      return;
    }
    const [first = 0, last = 0] = (/^bytes=(\d+)-(\d+)$/.exec(range) ?? []).slice(1).map(Number);
    const part = Buffer.from(body.subarray(first, last + 1));
    if (broken.has(name)) part.fill(7);
    response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${body.length}` }).end(part);
  };
}

test('snapshots of a data set are downloaded once, whole, and read; a file that is not what the list says is refused', async ({
  loaded: folder,
  serve,
  cli,
}) => {
  const weeks = path.join(folder, 'weeks');
  await writeWeeks(weeks);
  const names = ['models/2024-07-24/models.parquet', 'models/2024-10-16/models.parquet'];
  const files = new Map<string, Buffer>([['README.md', Buffer.from('x')]]);
  for (const name of names) files.set(name, await readFile(path.join(weeks, name)));
  const asked: string[] = [];
  const broken = new Set([names[1] ?? '']);
  const url = await serve(dataset(files, asked, broken));
  const bring = ['backfill', 'hf://datasets/own/weeks', '--endpoint', url, '--json'];

  const refused = await cli(bring);
  expect(refused).toMatchObject({ code: 5 });
  expect(await rowsOf(folder, 'SELECT count(*) AS n FROM usage_backfill')).toEqual([{ n: 0 }]);
  broken.clear();
  const { stdout, code, stderr } = await cli(bring);

  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    source: 'own/weeks',
    licence: 'odbl',
    events: 3,
    skipped: 0,
  });
  const downloads = asked.filter((it) => it.includes('/resolve/')).map((it) => it.split(SHA)[1]);
  expect(downloads.map((it) => it?.split(' ')[0])).toEqual([
    `/${names[0]}`,
    `/${names[1]}`,
    `/${names[1]}`,
  ]);
  const before = asked.length;
  expect(JSON.parse((await cli(bring)).stdout)).toMatchObject({ snapshots: [], skipped: 2 });
  expect(asked.slice(before).filter((it) => it.includes('/resolve/'))).toEqual([]);
});

test('a large file comes in parts, and goes on where it was stopped; the token stays with the Hub', async ({
  folder,
  serve,
  keep,
}) => {
  const body = Buffer.alloc(CHUNK_BYTES + 1000, 'abc');
  const asked: string[] = [];
  const tokens: string[] = [];
  const store = createServer((request, response) => {
    tokens.push(request.headers.authorization ?? 'none');
    dataset(new Map([['models/x.parquet', body]]), asked, new Set())(request, response);
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  await keep({ close: () => store.close() });
  const address = store.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  let isStopped = true;
  const url = await serve((request, response) => {
    if (isStopped && request.headers.range?.startsWith(`bytes=${CHUNK_BYTES}-`) === true)
      response.destroy();
    else response.writeHead(302, { location: `http://localhost:${port}${request.url}` }).end();
  });
  const client = await keep(
    openHubClient({
      ...{ endpoint: url, userAgent: 'test', token: 'hf_secret', redirectHosts: ['localhost'] },
      retry: { baseMs: 1, attempts: 2 },
    }),
  );
  const to = path.join(folder, 'x.parquet');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const file = { path: 'models/x.parquet', bytes: body.length, sha256 };
  const digest = async (it: string) =>
    createHash('sha256')
      .update(await readFile(it))
      .digest('hex');
  const { signal } = new AbortController();
  const download = () =>
    downloadFile(client, { id: 'own/weeks', sha: SHA, file, to }, { signal, digest });

  await expect(download()).rejects.toMatchObject({ code: 'HTTP_NETWORK' });
  isStopped = false;
  await download();
  expect((await readFile(to)).equals(body)).toBe(true);
  expect(asked.map((it) => it.split(' ')[1])).toEqual([
    `bytes=0-${CHUNK_BYTES - 1}`,
    `bytes=${CHUNK_BYTES}-${CHUNK_BYTES + 999}`,
  ]);
  expect(tokens).toEqual(['none', 'none']);
});
