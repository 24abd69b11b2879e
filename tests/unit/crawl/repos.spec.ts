import { REPO_KINDS } from '../../../src/api/repos.ts';
import { catchupOf } from '../../../src/crawlers/hub.ts';
import { readRuns } from '../../../src/pipeline/state.ts';
import { bodyOf, readCaptures } from '../../../src/storage/captures.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { runInProcess } from '../../helpers/pipeline.ts';

const SOURCES = { sources: 'models,datasets,spaces', pageSize: 5 };
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
  folder,
  few,
  hub: startHub,
}) => {
  const hub = await startHub({
    data: few,
    faults: [
      { kind: 'repeated-cursor', path: /datasets\?.*sort=createdAt.*cursor=/, at: 1, times: 9 },
    ],
  });
  const settings = { storage: folder, endpoint: hub.url, ...SOURCES };
  const cut = await runInProcess(settings, { command: 'crawl' });
  hub.setFaults([]);
  const before = hub.requests.length;
  const whole = await runInProcess(settings, { command: 'crawl' });

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
  folder,
  few,
  hub,
}) => {
  const { url } = await hub({ data: few });
  const crawl = (filter: string) =>
    runInProcess({ storage: folder, endpoint: url, ...SOURCES, filter }, { command: 'crawl' });

  const some = await crawl('gradio');
  const none = await crawl('no-such-tag');

  expect(some.report).toMatchObject({ exitCode: 0, sources: { spaces: { listed: 2 } } });
  expect(none.report).toMatchObject({ exitCode: 3, error: { code: 'HUB_EMPTY' } });
});
