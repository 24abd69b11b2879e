import path from 'node:path';
import type { HubOptions, HubReplica } from '../../../demo/hub/index.ts';
import { readManifest } from '../../../src/export/manifest.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { runInProcess, tableRows, type Settings } from '../../helpers/pipeline.ts';
import { OFFICIAL, writeBenchmarks } from './benchmarks-data.ts';

type Row = Record<string, unknown>;

interface Outcome {
  hub: HubReplica;
  /** Rows by table. */
  rows: (table: string) => Row[];
  boards: Record<string, Row>;
  report: RunReport;
}

type Options = HubOptions & { settings?: Settings; own?: boolean };
type Again = (env?: Record<string, string>) => Promise<Outcome>;

const test = base.extend<{ run: (options: Options) => Promise<[Outcome, Again]> }>({
  /** A run over benchmarks of every kind, what came of it, and the same command once more. */
  run: async ({ folder, hub: startHub }, use) => {
    await use(async ({ settings, own = true, ...options }) => {
      const datasets = own ? { datasets: await writeBenchmarks(folder) } : {};
      const hub = await startHub({ ...datasets, ...options });
      const again: Again = async (env = {}) => {
        const { report } = await runInProcess(
          {
            storage: path.join(folder, String(hub.port)),
            endpoint: hub.url,
            sources: 'benchmarks',
            to: 'jsonl',
            compress: 'none',
            tables: 'benchmarks,leaderboard,leaderboard_entries,leaderboard_scores,missed',
            ...settings,
          },
          { env },
        );
        const none = report.folder === null;
        const tables = none ? new Map<string, unknown[]>() : await tableRows(report.folder ?? '');
        const manifest = none ? null : await readManifest(report.folder ?? '');
        return {
          hub,
          rows: (table) => (tables.get(table) ?? []) as Row[],
          boards: manifest?.sources.boards ?? {},
          report,
        };
      };
      return [await again(), again];
    });
  },
});

const listPages = ({ hub }: Outcome): string[] =>
  hub.requests
    .map(({ path }) => path)
    .filter((path) => /^\/api\/datasets\?.*direction=1/.test(path));

const boardPaths = ({ hub }: Outcome): string[] =>
  hub.requests.map(({ path }) => path).filter((path) => path.includes('/leaderboard'));

const missedOf = ({ rows }: Outcome): [unknown, unknown][] =>
  rows('missed').map((row) => [row['source'], row['reason']]);

const boardOf = (outcome: Outcome, id: string): Row[] =>
  outcome.rows('leaderboard_entries').filter((row) => row['board'] === `hub-benchmarks/${id}`);

const scoresOf = (outcome: Outcome, id: string): Row[] =>
  outcome.rows('leaderboard_scores').filter((row) => row['board'] === `hub-benchmarks/${id}`);

test('the shipped benchmarks become rows; a gated one and one without leaderboard are stated', async ({
  run,
}) => {
  const [outcome] = await run({ own: false });
  expect(outcome.report.error).toBeUndefined();
  expect(outcome.rows('benchmarks')).toHaveLength(5);
  expect(outcome.report.sources['benchmarks']).toMatchObject({ listed: 5, exported: 5 });
  expect(missedOf(outcome).sort()).toEqual([
    ['benchmarks/cais/hle', 'gated'],
    ['benchmarks/openai/gsm8k', 'private_or_missing'],
  ]);
  expect(boardOf(outcome, 'Idavidrein/gpqa')).toHaveLength(24);
  expect(outcome.rows('leaderboard')).toEqual([]);
});

test('every task of every board is taken, whole, with base_model=false; what is closed is stated', async ({
  run,
}) => {
  const [outcome] = await run({});
  expect(outcome.report.error).toBeUndefined();
  const paths = boardPaths(outcome);
  expect(paths.filter((path) => !path.includes('base_model=false'))).toEqual([]);
  const asked = new Set(paths.map((path) => path.split('/').slice(3, 5).join('/')));
  expect([...asked].sort()).toEqual([...OFFICIAL].sort());
  const tasks = paths
    .filter((path) => path.includes('gpqa'))
    .map((path) => /task_id=(.*)/.exec(path)?.[1]);
  expect(tasks).toEqual([undefined, 'diamond', 'main', 'extended']);

  const metrics = Map.groupBy(scoresOf(outcome, 'Idavidrein/gpqa'), (row) => row['metric']);
  expect([...metrics].map(([metric, { length }]) => [metric, length]).sort()).toEqual([
    ['diamond', 9],
    ['extended', 3],
    ['main', 12],
  ]);
  // The default leaderboard is that of `main` once more: counted, and not a row again.
  expect(outcome.boards['hub-benchmarks/Idavidrein/gpqa']).toEqual({
    status: 'verified',
    tasks: 3,
    ranksDiffer: 0,
    ...{ names: 12, resolved: 12, joined: 0 },
    listed: 36,
    exported: 24,
    duplicates: 12,
    rejected: 0,
    // No models were read: nobody can say whether the leaderboard is whole.
    resultsNotShown: null,
  });
  expect(outcome.rows('benchmarks').find(({ id }) => id === 'Idavidrein/gpqa')).toMatchObject({
    licenses: ['mit', 'cc-by-4.0'],
    evaluation_framework: 'inspect-ai',
    tasks: ['diamond', 'main', 'extended'],
    default_task: 'main',
    entries: 24,
  });
  expectOwnDefault(outcome);
  expectStated(outcome);
});

test('a leaderboard in pages is one leaderboard; so is a list of benchmarks', async ({ run }) => {
  const [outcome] = await run({ pageLimit: 2 });
  expect(outcome.report.error).toBeUndefined();
  expect(outcome.rows('benchmarks')).toHaveLength(OFFICIAL.length);
  expect(listPages(outcome)).toHaveLength(4);
  const ranks = boardOf(outcome, 'pages/long').map((row) => row['rank_stated']);
  expect(ranks).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  expect(outcome.boards['hub-benchmarks/pages/long']).toMatchObject({
    listed: 24,
    duplicates: 12,
  });
});

/** A default leaderboard that is none of the tasks has rows of its own. */
function expectOwnDefault(outcome: Outcome): void {
  const metrics = scoresOf(outcome, 'other/default').map((row) => row['metric']);
  expect(metrics).toEqual(['default', 'default', 'default', 'default', 'named', 'named']);
  const ids = boardOf(outcome, 'other/default').map((row) => row['entry_id']);
  expect(ids.slice(3, 5)).toEqual(['google/gemma-7b', 'Qwen/Qwen2.5-72B-Instruct | named']);
}

/** What is closed is stated for each board, and the others are not touched. */
function expectStated(outcome: Outcome): void {
  expect(missedOf(outcome).sort()).toEqual([
    ['benchmarks/cais/hle', 'gated'],
    ['benchmarks/closed/board', 'gated'],
    ['benchmarks/odd/yaml#eval.yaml', 'bad_record'],
    ['benchmarks/openai/gsm8k', 'private_or_missing'],
  ]);
  const [gated] = outcome.rows('missed').filter(({ id }) => id === 'cais/hle');
  expect(gated?.['detail']).toContain('HF_TOKEN');
  const statuses = Object.entries(outcome.boards).map(([id, { status }]) => [id, status]);
  expect(Object.fromEntries(statuses)).toEqual({
    'hub-benchmarks/Idavidrein/gpqa': 'verified',
    'hub-benchmarks/cais/hle': 'gated',
    'hub-benchmarks/closed/board': 'gated',
    'hub-benchmarks/mteb/arguana': 'verified',
    'hub-benchmarks/odd/yaml': 'verified',
    'hub-benchmarks/openai/gsm8k': 'private_or_missing',
    'hub-benchmarks/other/default': 'verified',
    'hub-benchmarks/pages/long': 'verified',
  });
  // Its tasks cannot be read with certainty: the default leaderboard is still there, under no task.
  expect(boardOf(outcome, 'odd/yaml').map((row) => row['entry_id'])).toEqual([
    'Qwen/Qwen2.5-72B-Instruct',
    'LGAI-EXAONE/EXAONE-3.5-32B-Instruct',
  ]);
}

test('a run that goes on with a token has what was gated, and states what stays closed', async ({
  run,
}) => {
  const faults = [{ kind: 'reset' as const, at: 1, times: 1000, path: 'other/default' }];
  const [outcome, again] = await run({ faults, tokens: ['hf_good'] });
  expect(outcome.report.status).toBe('failed');
  outcome.hub.setFaults([]);
  const second = await again({ HF_TOKEN: 'hf_good' });
  expect(second.report.error).toBeUndefined();
  expect(boardOf(second, 'cais/hle')).toHaveLength(5);
  expect(missedOf(second).sort()).toEqual([
    ['benchmarks/closed/board', 'gated'],
    ['benchmarks/odd/yaml#eval.yaml', 'bad_record'],
    ['benchmarks/openai/gsm8k', 'private_or_missing'],
  ]);
});

/** Everything that two runs over the same Hub should agree on. */
const tablesOf = ({ rows }: Outcome) =>
  ['benchmarks', 'leaderboard_entries', 'leaderboard_scores', 'missed'].map((name) =>
    rows(name).map((row) => ({ ...row, url: undefined, detail: undefined })),
  );

test('429, 5xx, cut and broken answers change nothing', async ({ run }) => {
  const [whole] = await run({});
  const calm = tablesOf(whole);
  const kinds = ['429-r0', '500', '503', 'html-502', 'reset', 'truncated', 'invalid-json'] as const;
  const faults = [
    ...kinds.map((kind, index) => ({
      kind,
      at: 2 + 3 * index,
      path: '/leaderboard',
      resetSeconds: 0,
    })),
    ...(['500', 'truncated', 'html-502'] as const).map((kind, index) => ({
      kind,
      at: 1 + 2 * index,
      path: 'eval.yaml',
    })),
    { kind: '503' as const, at: 1, path: '/api/datasets?' },
  ];
  const [outcome] = await run({ faults });
  expect(outcome.report.error).toBeUndefined();
  expect(outcome.hub.counters.faults).toBeGreaterThan(8);
  expect(tablesOf(outcome)).toEqual(calm);
});

test('an eval.yaml that is cut, and ended as if it were whole, is asked for again, or stated', async ({
  run,
}) => {
  const cut = { kind: 'truncated-chunked' as const, at: 1 };
  const twice = { ...cut, path: /gpqa.*eval\.yaml/, times: 2 };
  const always = { ...cut, path: /long.*eval\.yaml/, times: 99 };
  const [outcome] = await run({ faults: [twice, always] });

  expect(outcome.boards['hub-benchmarks/Idavidrein/gpqa']).toMatchObject({ tasks: 3 });
  expect(missedOf(outcome).map(([source]) => source)).not.toContain(
    'benchmarks/Idavidrein/gpqa#eval.yaml',
  );
  expect(missedOf(outcome)).toContainEqual(['benchmarks/pages/long#eval.yaml', 'bad_record']);
});

test('a board whose server fails is stated, and the others are not touched; half of its pages is no leaderboard', async ({
  run,
}) => {
  const faults = ['Idavidrein/gpqa', /long.*cursor=10/].map((path) => ({
    ...{ kind: '500' as const, at: 1, times: 1000, path },
  }));
  const [outcome] = await run({ faults });
  expect(outcome.report.error).toBeUndefined();
  expect(missedOf(outcome)).toContainEqual(['benchmarks/Idavidrein/gpqa', 'server_error']);
  expect(outcome.boards['hub-benchmarks/Idavidrein/gpqa']).toMatchObject({
    status: 'server_error',
    exported: 0,
  });
  expect(boardOf(outcome, 'mteb/arguana')).toHaveLength(1);
  expect(boardOf(outcome, 'pages/long')).toEqual([]);
  expect(outcome.boards['hub-benchmarks/pages/long']).toMatchObject({ status: 'server_error' });
});

test('when every board fails the Hub is down: the run fails, and goes on later', async ({
  run,
}) => {
  const faults = [{ kind: '500' as const, at: 1, times: 1000, path: /leaderboard|eval\.yaml/ }];
  const [outcome, again] = await run({ faults });
  expect(outcome.report).toMatchObject({ status: 'failed', error: { code: 'HTTP_BUSY' } });
  outcome.hub.setFaults([]);
  const second = await again();
  expect(second.report.error).toBeUndefined();
  expect(boardOf(second, 'Idavidrein/gpqa')).toHaveLength(24);
  expect(missedOf(second).map(([, reason]) => reason)).not.toContain('server_error');
  expect(listPages(second)).toHaveLength(1);
});

test('a run that goes on asks for nothing again that is committed', async ({ run }) => {
  const faults = [{ kind: 'reset' as const, at: 1, times: 1000, path: 'pages/long' }];
  const [outcome, again] = await run({ faults });
  expect(outcome.report).toMatchObject({ status: 'failed', error: { code: 'HTTP_NETWORK' } });
  outcome.hub.setFaults([]);
  const before = outcome.hub.requests.length;
  const second = await again();
  expect(second.report.error).toBeUndefined();
  const answered = (part: typeof outcome.hub.requests) =>
    part.filter(({ status }) => status === 200).map(({ path }) => path);
  const first = new Set(answered(outcome.hub.requests.slice(0, before)));
  const twice = answered(outcome.hub.requests.slice(before)).filter((path) => first.has(path));
  // The fields, and the newest of the list, are asked for by each process.
  expect(twice.filter((path) => !/__probe__|direction=-1/.test(path))).toEqual([]);
  expect(boardOf(second, 'pages/long')).toHaveLength(12);
});

test('a list of benchmarks that ends too soon is walked once more, else the run fails', async ({
  run,
}) => {
  const path = /^\/api\/datasets\?.*direction=1/;
  const cut = { kind: 'no-link' as const, path, at: 2 };
  const [outcome] = await run({ pageLimit: 2, faults: [cut] });
  const [broken, again] = await run({ pageLimit: 2, faults: [{ ...cut, times: 99 }] });
  broken.hub.setFaults([]);
  const mended = await again();

  expect(outcome.report.error).toBeUndefined();
  expect(outcome.rows('benchmarks')).toHaveLength(OFFICIAL.length);
  expect(broken.report).toMatchObject({ exitCode: 3, error: { code: 'HUB_INCOMPLETE' } });
  expect(mended.report.error).toBeUndefined();
  expect(mended.rows('benchmarks')).toHaveLength(OFFICIAL.length);
});

test('what the models state is compared with the leaderboards', async ({ run }) => {
  const settings = { sources: 'models,benchmarks', tables: false };
  const [outcome] = await run({ settings });
  expect(outcome.report.error).toBeUndefined();
  // Two names of one task, one result: on the board and in eval_results alike.
  expect(boardOf(outcome, 'mteb/arguana')).toMatchObject([
    {
      entry_id: 'sentence-transformers/all-MiniLM-L6-v2 | ArguAna',
      model_match: 'exact',
      attributes: { other_tasks: ['ArguAna_default_test'], pull_request: 154 },
    },
  ]);
  expect(outcome.boards['hub-benchmarks/mteb/arguana']).toMatchObject({
    listed: 3,
    exported: 1,
    duplicates: 2,
    resultsNotShown: 0,
  });
  expect(outcome.report.sources['benchmarks']).toMatchObject({
    resultsCompared: 1,
    resultsDiffer: 0,
    resultsNotOnBoard: 0,
    resultsWithoutBoard: 0,
  });
  const matches = Map.groupBy(outcome.rows('leaderboard_entries'), (row) => row['model_match']);
  expect([...matches.keys()].sort()).toEqual(['exact', 'link']);
  for (const row of matches.get('link') ?? []) expect(row['model_id']).toBe(row['model_name']);
});
