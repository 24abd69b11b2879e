import path from 'node:path';
import { catchupOf, REPO_KINDS } from '../../../src/api/repos.ts';
import { readRuns } from '../../../src/pipeline/state.ts';
import { bodyOf, readCaptures } from '../../../src/storage/captures.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { readJsonl, writeJsonl, type Model } from '../../helpers/jsonl.ts';
import { runInProcess, tableRows } from '../../helpers/pipeline.ts';

const SOURCES = { sources: 'models,datasets,spaces', pageSize: 5 };
const DATASETS = new URL('../../../demo/data/datasets.jsonl.gz', import.meta.url);
const COUNTS = { models: 112, datasets: 14, spaces: 6 };

async function idsIn(storage: string, dataset: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const stored of readCaptures(storage, dataset)) {
    const records = JSON.parse(bodyOf(stored).toString()) as { id: string }[]; // of the replica
    ids.push(...records.map(({ id }) => id));
  }
  return ids;
}

test('models, data sets and Spaces are listed side by side, each to its proved end', async ({
  folder,
  few,
  hub,
}) => {
  const { url, requests } = await hub({ data: few, latencyMs: 5 });
  const settings = { storage: folder, endpoint: url, ...SOURCES };

  const { report } = await runInProcess(settings, { command: 'crawl' });

  expect(report).toMatchObject({ exitCode: 0 });
  const [state] = readRuns(folder);
  for (const kind of REPO_KINDS) {
    const facts = state?.sources[kind];
    expect(facts).toMatchObject({ status: 'done', listed: COUNTS[kind], counted: COUNTS[kind] });
    expect(facts?.last?.id).toBeTruthy();
    expect(new Set(await idsIn(folder, `${kind}-${report.run}`)).size).toBe(COUNTS[kind]);
    const own = requests.filter(({ path }) => path.startsWith(`/api/${kind}?`));
    const ofSearch = 1;
    const catchup = state?.sources[catchupOf(kind)];
    expect((facts?.requests ?? 0) + (catchup?.requests ?? 0), kind).toBe(own.length + ofSearch);
  }
  const kinds = requests.map(({ path }) => path.split('?')[0]);
  // The last page of Spaces is had long before the last one of models.
  expect(kinds.indexOf('/api/spaces')).toBeLessThan(kinds.lastIndexOf('/api/models'));
});

test('a list that fails does not stop the others, and the next run goes on with it alone', async ({
  fewHub: hub,
  pipeline,
}) => {
  const path = /datasets\?.*sort=createdAt.*cursor=/;
  hub.setFaults([{ kind: 'repeated-cursor', path, at: 1, times: 9 }]);
  const cut = await pipeline(SOURCES, { command: 'crawl' });
  hub.setFaults([]);
  const before = hub.requests.length;
  const whole = await pipeline(SOURCES, { command: 'crawl' });

  expect(cut.report).toMatchObject({ exitCode: 3, error: { code: 'HUB_PAGING' } });
  expect(cut.report.sources).toMatchObject({
    models: { status: 'done', listed: 112 },
    datasets: { status: 'failed' },
    spaces: { status: 'done', listed: 6 },
  });
  expect(whole.report.exitCode).toBe(0);
  expect(whole.report.sources['datasets']).toMatchObject({ listed: 14, resumedFrom: 1 });
  const again = hub.requests.slice(before).filter(({ path }) => path.startsWith('/api/spaces'));
  expect(again).toEqual([]);
});

test('a filter that only one kind knows is no failure of the others; one that nobody knows is', async ({
  pipeline,
}) => {
  const crawl = (filter: string) => pipeline({ ...SOURCES, filter }, { command: 'crawl' });

  const some = await crawl('gradio');
  const none = await crawl('no-such-tag');

  expect(some.report).toMatchObject({ exitCode: 0, sources: { spaces: { listed: 2 } } });
  expect(none.report).toMatchObject({ exitCode: 3, error: { code: 'HUB_EMPTY' } });
});

test('data sets and Spaces become tables that join; listed is exported, duplicates and rejected', async ({
  folder,
  hub,
}) => {
  // A data set that is renamed while the list is read comes again under its new name.
  const soon = new Date(Date.now() + 600_000).toISOString();
  const shipped = await readJsonl<{ record: Model }>(DATASETS);
  const renamed = shipped
    .filter(({ record }) => record.id === 'argilla/dpo-mix-7k')
    .map(({ record, ...rest }) => ({
      ...rest,
      record: { ...record, id: 'argilla/dpo-mix-old', lastModified: soon },
    }));
  const datasets = path.join(folder, 'datasets.jsonl');
  await writeJsonl(datasets, [...shipped, ...renamed]);
  const { url } = await hub({
    datasets,
    faults: [{ kind: 'bad-record', path: /spaces\?.*sort=createdAt&direction=1/, at: 1 }],
  });
  const settings = { storage: folder, endpoint: url, to: 'jsonl', compress: 'none' };

  const { report } = await runInProcess({ ...settings, sources: 'models,datasets,spaces' });

  expect(report).toMatchObject({
    exitCode: 0,
    sources: {
      models: { exported: 557, rejected: 0 },
      datasets: { exported: 14, rejected: 0 },
      spaces: { listed: 7, exported: 6, duplicates: 0, rejected: 1 },
    },
  });
  const { listed = 0, duplicates = 0 } = report.sources['datasets'] as Record<string, number>;
  expect(listed - duplicates).toBe(14);
  const rows = await tableRows(report.folder ?? '');
  const table = (name: string) => (rows.get(name) ?? []) as Record<string, unknown>[];
  const ids = new Map(
    ['raw_model', 'hub_datasets', 'hub_spaces'].map((name) => [
      name,
      new Map(table(name).map(({ _id, id }) => [_id, id])),
    ]),
  );
  expect(table('hub_datasets')).toHaveLength(14);
  expect(table('dataset_usage')).toHaveLength(14);
  expect(table('space_usage')).toHaveLength(6);
  expect(table('aliases')).toEqual([expect.objectContaining({ kind: 'dataset', how: 'same_id' })]);
  const ends = [
    ['model_datasets', 'raw_model', 'dataset', 'hub_datasets'],
    ['space_datasets', 'hub_spaces', 'dataset', 'hub_datasets'],
    ['space_models', 'hub_spaces', 'model', 'raw_model'],
  ] as const;
  for (const [edges, from, column, to] of ends) {
    for (const { _id, [column]: name, [`${column}_id`]: end } of table(edges)) {
      expect(ids.get(from)?.has(_id), edges).toBe(true);
      const known = [...(ids.get(to)?.values() ?? [])];
      if (end !== undefined) expect(ids.get(to)?.get(end)).toBe(name);
      else expect(known, edges).not.toContain(name);
    }
    expect(
      table(edges).some(({ [`${column}_id`]: end }) => end !== undefined),
      edges,
    ).toBe(true);
  }
  expect(report.completeness?.filter(({ source }) => source === 'datasets')).toMatchObject([
    { asked: 'all', status: 'done', is_complete: true, proof: 'list_end' },
  ]);
  const voices = table('hub_datasets').find(
    ({ id }) => id === 'mozilla-foundation/common_voice_8_0',
  );
  expect(voices).toMatchObject({
    ...{ gated: true, gated_mode: 'auto', license: 'cc0-1.0', license_family: 'open_source' },
    ...{ language: ['no', 'de', 'en'], main_size: 2_000_006, citation: 'made up' },
  });
});
