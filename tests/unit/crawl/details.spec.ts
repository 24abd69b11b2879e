import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HubReplica } from '../../../demo/hub/index.ts';
import { modelDetails } from '../../../src/tables/model-details.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { runCli } from '../../helpers/cli.ts';
import { shippedModels, writeJsonl, type Model } from '../../helpers/jsonl.ts';
import {
  flagsOf,
  rowsIn,
  stopAtFault,
  type PipelineRun,
  type Row,
} from '../../helpers/pipeline.ts';

const ASKED = {
  ...{ sources: 'models', to: 'jsonl', compress: 'none' },
  tables: 'raw_model,model_details,missed',
};

const NULLS = Object.fromEntries(Object.keys(modelDetails.row.shape).map((it) => [it, null]));

const ofModels = ({ requests }: HubReplica): string[] =>
  requests
    .map(({ path: it }) => decodeURIComponent(it))
    .filter((it) => it.startsWith('/api/models/'));

/** Those with an owner: what the Hub has now. */
const owned = async (): Promise<Model[]> =>
  (await shippedModels(5)).filter(({ id }) => id.includes('/'));

const rowsOf = async (run: PipelineRun): Promise<Row[]> =>
  (await rowsIn(run, 'model_details')).map((row) => ({ ...NULLS, ...row }));

const downloadsOf = ({ downloads }: Model): number => Number(downloads ?? 0);

const namesOf = async (run: PipelineRun): Promise<unknown[]> =>
  (await rowsOf(run)).map(({ id }) => id).sort();

test('the models of most downloads are asked for what the list refuses; the budget is said first', async ({
  folder,
  hub: startHub,
  pipeline,
}) => {
  const models = await owned();
  const data = await writeJsonl(path.join(folder, 'models.jsonl'), models);
  const hub = await startHub({ data, quota: { limit: 500, windowMs: 300_000 } });
  const run = await pipeline({ ...ASKED, endpoint: hub.url, details: 'top:12' });

  expect(run.report.error).toBeUndefined();
  const top = models
    .sort((a, b) => downloadsOf(b) - downloadsOf(a) || (a.id < b.id ? -1 : 1))
    .slice(0, 12);
  expect(await namesOf(run)).toEqual(top.map(({ id }) => id).sort());
  for (const row of await rowsOf(run)) {
    const model = top.find(({ _id }) => _id === row['_id']);
    // Where no record says it, the replica's storage holds the tree twice.
    expect(row['used_storage_bytes']).toBe(model?.['usedStorage'] ?? 2 * Number(row['tree_bytes']));
    expect(row).toMatchObject({
      id: model?.id,
      sha: model?.['sha'] ?? null,
      scans_done: true,
      extra: [],
    });
    expect((row['gguf'] as Row | null)?.['architecture']).toBe(
      (model?.['gguf'] as Row | undefined)?.['architecture'],
    );
  }
  expect((await rowsOf(run)).some((row) => (row['security_issues'] as unknown[]).length > 0)).toBe(
    true,
  );
  expect(ofModels(hub)).toHaveLength(36);
  const said = run.log.find((it) => it.includes('"requests":36'));
  expect(JSON.parse(said ?? '{}')).toMatchObject({ models: 12, had: 0, minutes: 1, quota: 500 });
  expect(run.report.sources['details']).toMatchObject({
    ...{ status: 'done', listed: 12, exported: 12, duplicates: 0, missed: 0, requests: 36 },
  });
  expect(run.report.completeness?.find(({ source }) => source === 'details')).toMatchObject({
    ...{ asked: '--details top:12', is_as_asked: true, is_complete: false },
  });
});

test('a file of ids: two names of one model are one row; what the Hub does not give is missed, the rest is there', async ({
  folder,
  fewHub: hub,
  pipeline,
}) => {
  const [model] = await owned();
  const id = model?.id ?? '';
  const file = path.join(folder, 'ids.txt');
  await writeFile(file, `${id}\n\n${id.toUpperCase()}\nnobody/nothing\n${id}\n`);
  hub.setFaults([{ kind: '500', path: /\/scan$/, at: 1, times: 99 }]);
  const run = await pipeline({ ...ASKED, details: `ids:${file}` });

  expect(run.report).toMatchObject({
    exitCode: 0,
    sources: { details: { listed: 2, duplicates: 1 } },
  });
  expect(await rowsOf(run)).toMatchObject([{ id, scans_done: null, security_issues: [] }]);
  const missed = (await rowsIn(run, 'missed')).map((it) => [it['source'], it['id'], it['reason']]);
  expect(missed.sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
    ['details/scan', id.toUpperCase(), 'server_error'],
    ['details/scan', id, 'server_error'],
    ['details', 'nobody/nothing', 'private_or_missing'],
  ]);
  // The list of models lacks none of them, and nobody learns where the file was.
  expect(run.report.completeness?.find(({ source }) => source === 'models')).toMatchObject({
    missed: 0,
  });
  expect(run.report.completeness?.find(({ source }) => source === 'details')).toMatchObject({
    ...{ asked: '--details ids', missed: 3, is_as_asked: false },
  });

  await appendFile(file, '../../etc\n');
  const asked = hub.requests.length;
  const refused = await pipeline({ ...ASKED, details: `ids:${file}` });
  expect(refused.report.error).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(hub.requests).toHaveLength(asked);
});

test('a crawl that is stopped among the details does not ask again for those that it has', async ({
  folder,
  fewHub: hub,
  pipeline,
}) => {
  const settings = { ...ASKED, details: 'top:30' };
  hub.setFaults([{ kind: 'hang', path: /\/scan$/, at: 11 }]);
  const flags = flagsOf({ storage: folder, endpoint: hub.url, ...settings, logLevel: 'silent' });
  const { code } = await stopAtFault(hub, (signals) => runCli(['run', ...flags], signals));
  expect(code).toBe(143);
  const scanned = (from: number): string[] =>
    ofModels(hub)
      .slice(from)
      .filter((it) => it.endsWith('/scan'));
  const before = ofModels(hub).length;
  const first = scanned(0);
  const run = await pipeline(settings);

  expect(run.report).toMatchObject({ exitCode: 0, sources: { details: { status: 'resumed' } } });
  expect(await rowsOf(run)).toHaveLength(30);
  const again = scanned(before);
  // All that were had before the one that hung; those under way beside it may be among them.
  expect(again.length).toBeGreaterThan(0);
  expect(first.filter((it) => again.includes(it)).length).toBeLessThanOrEqual(8);
  expect(again.length).toBeLessThanOrEqual(30 - (first.length - 8));
  const said = run.log.find((it) => it.includes('minutes of quota'));
  const { had, requests } = JSON.parse(said ?? '{}') as { had: number; requests: number };
  expect(had).toBeGreaterThan(0);
  expect(requests).toBe(3 * (30 - had));
  expect(ofModels(hub).slice(before)).toHaveLength(requests);
});

test('what changed: models that are new or have another commit since the release before; DuckDB keeps all', async ({
  folder,
  nextHub,
  cli,
}) => {
  const models = await owned();
  const sha = 'f'.repeat(40);
  const [gone, moved, ...rest] = models.filter((it) => it['sha'] !== undefined);
  if (gone === undefined || moved === undefined) throw new Error('too few models');
  const days = [
    [moved, ...rest],
    [gone, { ...moved, sha }, ...rest.map((it) => ({ ...it, downloads: 7 }))],
  ];
  const asked: string[][] = [];
  for (const [at, day] of days.entries()) {
    const hub = await nextHub({ data: await writeJsonl(path.join(folder, `${at}.jsonl`), day) });
    const which = ['--sources', 'models', '--details', at === 0 ? 'top:2' : 'changed'];
    const run = await cli(['run', '--endpoint', hub.url, ...which]);
    expect(run.code, run.stderr).toBe(0);
    asked.push(ofModels(hub).filter((it) => it.endsWith('/scan')));
  }
  expect(asked[1]?.sort()).toEqual(
    [gone.id, moved.id].map((it) => `/api/models/${it}/scan`).sort(),
  );
  const { stdout } = await cli([
    'query',
    `SELECT count(*) AS n, count(DISTINCT run) AS runs, count(*) FILTER (sha = '${sha}') AS moved FROM model_details`,
    ...['--format', 'json'],
  ]);
  expect(JSON.parse(stdout)).toEqual([{ n: 4, runs: 2, moved: 1 }]);
});

test('without a release before nothing has changed; what changed is not told of lists that are not read', async ({
  pipeline,
}) => {
  const settings = { ...ASKED, details: 'changed' };
  const run = await pipeline(settings);
  expect(run.report).toMatchObject({ exitCode: 0, sources: { details: { listed: 0, missed: 0 } } });
  expect(run.log.join('')).toContain('no whole release before');
  const without = await pipeline({ ...settings, sources: 'tags' });
  expect(without.report.error).toMatchObject({ code: 'CONFIG_INVALID' });
  for (const details of ['top:0', 'top:100001', 'all'])
    expect((await pipeline({ ...settings, details })).report.error?.code).toBe('CONFIG_INVALID');
});
