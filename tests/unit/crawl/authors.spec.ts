import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HubReplica } from '../../../demo/hub/index.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { bodyOf, openCaptures, readCaptures } from '../../../src/storage/captures.ts';
import { authors } from '../../../src/tables/authors.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { runCli } from '../../helpers/cli.ts';
import { shippedModels } from '../../helpers/jsonl.ts';
import {
  flagsOf,
  rowsIn,
  stopAtFault,
  type PipelineRun,
  type Row,
} from '../../helpers/pipeline.ts';

const ASKED = {
  ...{ sources: 'models,datasets,spaces,authors', to: 'jsonl', compress: 'none' },
  tables: 'authors,usage,missed',
};

const overviewsOf = ({ requests }: HubReplica): string[] =>
  requests.map(({ path: it }) => it).filter((it) => it.endsWith('/overview'));

/** What a line of JSON leaves out. */
const NULLS = Object.fromEntries(Object.keys(authors.row.shape).map((name) => [name, null]));

const rowsOf = async (run: PipelineRun, table: string): Promise<Row[]> =>
  (await rowsIn(run, table)).map((row) => ({ ...NULLS, ...row }));

const completenessOf = ({ report }: PipelineRun) =>
  report.completeness?.find(({ source }) => source === 'authors');

/** Owners and what they have, as the tables of repositories say it. */
async function owned(run: PipelineRun): Promise<Map<string, { models: number; sum: number }>> {
  const owners = new Map<string, { models: number; sum: number }>();
  for (const { id, downloads } of await rowsOf(run, 'usage')) {
    const [name = '', rest] = String(id).split('/');
    if (rest === undefined) continue;
    const { models, sum } = owners.get(name) ?? { models: 0, sum: 0 };
    owners.set(name, { models: models + 1, sum: sum + Number(downloads ?? 0) });
  }
  return owners;
}

test('every owner is a row with what it has; the Hub is asked of all, of either kind', async ({
  fewHub: hub,
  pipeline,
}) => {
  const run = await pipeline(ASKED);

  expect(run.report.error).toBeUndefined();
  const rows = await rowsOf(run, 'authors');
  const byName = new Map(rows.map((row) => [row['name'], row]));
  for (const [name, { models, sum }] of await owned(run))
    expect(byName.get(name), name).toMatchObject({ models, model_downloads: sum });
  const kinds = Map.groupBy(rows, ({ kind }) => kind);
  expect([...kinds.keys()].sort()).toEqual(['organization', 'user']);
  for (const row of kinds.get('organization') ?? []) {
    expect(row['members']).toBeGreaterThan(0);
    expect(typeof row['is_verified']).toBe('boolean');
    expect(row['is_pro']).toBeNull();
  }
  // What is not said of a user is not known: never false.
  for (const row of kinds.get('user') ?? []) {
    expect(row).toMatchObject({ is_verified: null, members: null, plan: null });
    expect(row['created_at']).toMatch(/Z$/);
  }
  const users = kinds.get('user')?.length ?? 0;
  expect(overviewsOf(hub)).toHaveLength(rows.length + users);
  expect(run.report.sources['authors']).toMatchObject({
    ...{ status: 'done', listed: rows.length, exported: rows.length },
    ...{ owners: rows.length, missed: 0 },
    requests: rows.length + users,
  });
  expect(completenessOf(run)).toMatchObject({ asked: 'all', is_complete: true, why_not: null });
});

test('the owners of most downloads are asked; the others stay unknown, and the source is no whole', async ({
  pipeline,
}) => {
  const run = await pipeline({ ...ASKED, overviews: 5 });

  const rows = await rowsOf(run, 'authors');
  const sumOf = (row: Row): number =>
    Number(row['model_downloads'] ?? 0) + Number(row['dataset_downloads'] ?? 0);
  const observed = rows.filter((row) => row['observed_at'] !== null);
  const least = Math.min(...observed.map(sumOf));
  const others = rows.filter((row) => !observed.includes(row));
  expect(observed).toHaveLength(5);
  expect(others.filter((row) => sumOf(row) > least)).toEqual([]);
  for (const row of others)
    expect(row).toMatchObject({ kind: null, is_verified: null, is_pro: null });
  expect(completenessOf(run)).toMatchObject({
    ...{ asked: '--overviews 5', is_as_asked: true, is_complete: false },
  });
});

test('an owner that nobody knows, or of whom the Hub fails to speak, is missed; the others go on', async ({
  few,
  hub: startHub,
  pipeline,
}) => {
  const hub = await startHub({
    ...{ data: few, goneOwners: ['google'] },
    faults: [{ kind: '500', path: /organizations\/facebook\/overview/, at: 1, times: 99 }],
  });
  const run = await pipeline({ ...ASKED, endpoint: hub.url });

  expect(run.report).toMatchObject({ exitCode: 0 });
  const rows = await rowsOf(run, 'authors');
  const missed = (await rowsOf(run, 'missed')).filter(({ source }) => source === 'authors');
  expect(missed.map(({ id, reason }) => [id, reason]).sort()).toEqual([
    ['facebook', 'server_error'],
    ['google', 'private_or_missing'],
  ]);
  // A server that fails is no reason to believe that it is a user.
  expect(overviewsOf(hub).filter((it) => it.includes('/users/facebook'))).toEqual([]);
  expect(rows.filter(({ kind }) => kind === null).map(({ name }) => name)).toEqual([
    'facebook',
    'google',
  ]);
  expect(completenessOf(run)).toMatchObject({
    ...{ asked: 'all', missed: 2, is_complete: false, why_not: '2 could not be had' },
  });
});

test('a Hub that fails to speak of anybody is a source that failed; the rows say what owners have', async ({
  fewHub,
  pipeline,
}) => {
  fewHub.setFaults([{ kind: '503', path: /overview$/, at: 1, times: 999 }]);
  const run = await pipeline({ ...ASKED, overviews: 3 });

  expect(run.report).toMatchObject({
    ...{ exitCode: 3, status: 'partial', error: { code: 'HTTP_BUSY' } },
  });
  expect((await rowsOf(run, 'authors')).length).toBeGreaterThan(50);
  expect(completenessOf(run)).toMatchObject({
    ...{ status: 'failed', exported: 0, missed: 3, is_as_asked: false, is_complete: false },
  });
});

test('a crawl that is stopped among the overviews goes on with those that are left', async ({
  folder,
  fewHub: hub,
  pipeline,
}) => {
  hub.setFaults([{ kind: 'hang', path: /overview$/, at: 40 }]);
  const flags = flagsOf({ storage: folder, endpoint: hub.url, ...ASKED, logLevel: 'silent' });
  const { code } = await stopAtFault(hub, (signals) => runCli(['run', ...flags], signals));
  const before = overviewsOf(hub);
  const run = await pipeline(ASKED);

  expect(code).toBe(143);
  expect(run.report).toMatchObject({ exitCode: 0, sources: { authors: { status: 'resumed' } } });
  const rows = await rowsOf(run, 'authors');
  expect(rows.filter((row) => row['observed_at'] === null)).toEqual([]);
  const namesOf = (paths: string[]): Set<string> =>
    new Set(paths.map((it) => it.split('/')[3] ?? ''));
  const first = namesOf(before);
  const again = namesOf(overviewsOf(hub).slice(before.length));
  const both = [...first].filter((it) => again.has(it));
  // The one that hung, and at most those that were under way beside it.
  expect(both.length).toBeGreaterThanOrEqual(1);
  expect(both.length).toBeLessThanOrEqual(8);
  expect(first.size).toBeGreaterThan(8);
  expect(new Set([...first, ...again]).size).toBe(rows.length);
});

test('a young overview of an earlier run is taken over as it was; an old one is asked for again', async ({
  folder,
  fewHub: hub,
  pipeline,
}) => {
  const crawl = () => pipeline({ sources: ASKED.sources, overviews: 6 }, { command: 'crawl' });
  const first = await crawl();
  const before = await overviews(folder, first.report.run);
  const asked = overviewsOf(hub).length;
  const second = await crawl();
  expect(overviewsOf(hub)).toHaveLength(asked);
  expect(await overviews(folder, second.report.run)).toEqual(before);

  // As old as it can be, of a run that the third one looks at.
  const out = await openCaptures(folder, `authors-${second.report.run}`);
  const [oldest] = before;
  if (oldest === undefined) throw new Error('no overview');
  const fetchedAt = new Date(Date.parse(oldest.fetchedAt) - 8 * 86_400_000).toISOString();
  await out.write({ ...oldest, fetchedAt, body: Buffer.from(oldest.body) });
  await out.close();
  const third = await crawl();
  expect(third.report.exitCode).toBe(0);
  const kind = oldest.source.split('/')[1] ?? '';
  const again = overviewsOf(hub).slice(asked);
  // It is asked as what it was: one request, whatever it is.
  expect(again).toEqual([`/api/${kind}s/${oldest.source.split('/')[2] ?? ''}/overview`]);
});

async function overviews(storage: string, run: string) {
  const found = [];
  for await (const stored of readCaptures(storage, `authors-${run}`))
    found.push({ ...stored.facts, body: bodyOf(stored).toString() });
  return found;
}

test('nobody is asked with --overviews 0; developer and country are what a file says, two sayings are none', async ({
  folder,
  fewHub: hub,
  pipeline,
}) => {
  const file = path.join(folder, 'models.csv');
  await writeFile(
    file,
    [
      'Model,Organization,Country (of organization),Hugging Face developer id',
      'A,Google,United States of America,Google',
      'B,Meta AI,United States of America,facebook',
      'C,Meta AI,France,facebook',
      'D,Nobody,,',
    ].join('\n'),
  );
  const run = await pipeline({ ...ASKED, overviews: 0, developers: file });

  expect(run.report.error).toBeUndefined();
  expect(overviewsOf(hub)).toEqual([]);
  const rows = await rowsOf(run, 'authors');
  expect(rows.length).toBeGreaterThan((await owned(run)).size - 1);
  expect(rows.filter((row) => row['observed_at'] !== null)).toEqual([]);
  expect(completenessOf(run)).toMatchObject({ asked: '--overviews 0', is_complete: false });
  const facts = rows
    .filter((row) => row['developer'] !== null || row['country'] !== null)
    .map((row) => [
      row['name'],
      row['developer'],
      row['country'],
      row['developer_source'],
      row['country_confidence'],
    ]);
  expect(facts).toEqual([
    ['facebook', 'Meta AI', null, 'file', null],
    ['google', 'Google', 'United States of America', 'file', 0.8],
  ]);
  const none = await pipeline({ ...ASKED, overviews: 0, developers: `${file}.txt` });
  expect(none.report.error).toMatchObject({ code: 'CONFIG_INVALID' });
});

test('the board of Epoch says who made the models of an owner, as sure as the match of the model; DuckDB takes it', async ({
  folder,
  fewHub: hub,
  serve,
  cli,
}) => {
  const [first = '', second = '', third = ''] = (await shippedModels(5))
    .map(({ id }) => id)
    .filter((id) => /^(?:google|facebook)\//.test(id))
    .sort();
  const csv = [
    'model,eci,organization,country',
    `${first},1,Meta AI,United States of America`,
    `${second},2,Somebody,United States of America`,
    `${third.toUpperCase()},3,Google DeepMind,United States of America`,
    'Closed 1,4,Vendor,France',
  ].join('\n');
  const url = await serve((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/csv' }).end(csv),
  );
  const boards = path.join(folder, 'own');
  await mkdir(boards);
  const board = {
    ...{ id: 'epoch-eci', title: 'Epoch', url, renderer: 'file' },
    ...{ minimumRows: 2, identity: ['model'] },
    columns: [
      { header: 'model', name: 'model', kind: 'model' },
      { header: 'eci', name: 'eci', kind: 'number', score: true },
      { header: 'organization', name: 'organization' },
      { header: 'country', name: 'country' },
    ],
  };
  await writeFile(path.join(boards, 'epoch.json'), JSON.stringify(board));
  await writeFile(path.join(folder, 'huggingface-etl.config.json'), JSON.stringify({ boards }));
  const which = ['--sources', 'models,authors,boards', '--board', 'epoch-eci', '--overviews', '9'];
  const args = ['run', '--endpoint', hub.url, ...which, '--json'];
  const { stdout, stderr } = await cli(args, { folder });
  expect((JSON.parse(stdout) as RunReport).exitCode, stderr).toBe(0);

  const sql = `SELECT name, developer, developer_source AS source, developer_confidence AS sure, country, spaces
    FROM huggingface.authors WHERE country IS NOT NULL ORDER BY name`;
  const asked = await cli(['query', sql, '--format', 'json']);
  expect(JSON.parse(asked.stdout)).toEqual([
    {
      ...{ name: 'facebook', developer: null, source: null, sure: null },
      ...{ country: 'United States of America', spaces: null },
    },
    {
      ...{ name: 'google', developer: 'Google DeepMind', source: 'epoch-eci', sure: 0.95 },
      ...{ country: 'United States of America', spaces: null },
    },
  ]);
  const count = 'SELECT count(observed_at) AS asked FROM huggingface.authors';
  const whole = await cli(['query', count, '--format', 'json']);
  expect(JSON.parse(whole.stdout)).toMatchObject([{ asked: 9 }]);
});
