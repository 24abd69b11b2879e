import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { model, score, tableBoard } from '../../../src/boards/table-board.ts';
import { exportRun, type ExportInput, type ExportOptions } from '../../../src/export/export.ts';
import {
  bytesOf,
  capture,
  inputOf,
  readRows,
  realBoardRows,
  realModels,
  snapshotOf,
  tinyModel,
  writeBoards,
  writeDataset,
  writeItems,
  writePages,
} from './captured.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );

async function exported(input: ExportInput, options: Partial<ExportOptions> = {}) {
  const out = join(input.storageDir, 'out');
  return { out, manifest: await exportRun(input, { out, compress: 'none', ...options }) };
}

const TAGS = JSON.stringify({
  pipeline_tag: [
    { id: 'text-generation', label: 'Text Generation', type: 'pipeline_tag', subType: 'nlp' },
  ],
  license: [{ id: 'license:mit', label: 'MIT', type: 'license' }, { label: 'no id' }],
});

async function realRun(storage: string): Promise<ExportInput> {
  const models = await realModels();
  await writePages(
    storage,
    'models',
    chunks(models, 100).map((records) => ({ records })),
  );
  await writePages(storage, 'catchup', [{ records: models.slice(5, 25) }]);
  await writeDataset(storage, 'tags', [capture('tags', TAGS, { count: 3 })]);
  await writeBoards(storage, 'boards', [snapshotOf((await realBoardRows()).slice(0, 300))]);
  const datasets = { models: 'models', catchup: 'catchup', tags: 'tags', boards: 'boards' };
  return inputOf(storage, datasets, {
    crawl: { models: { requests: 9 }, boards: { gone: { status: 'drifted' } } },
  });
}

test('real records become tables whose counts are those of the captures', async ({
  folder: storage,
}) => {
  const models = await realModels();
  const { manifest, out } = await exported(await realRun(storage));
  expect(manifest.sources).toEqual({
    models: {
      listed: models.length + 20,
      exported: models.length,
      duplicates: 20,
      rejected: 0,
      missed: 0,
      requests: 9,
    },
    tags: { listed: 3, exported: 2, duplicates: 0, rejected: 1 },
    boards: {
      gone: { status: 'drifted', listed: 0, exported: 0, duplicates: 0, rejected: 0 },
      'open-llm': {
        ...{ listed: 300, exported: 300, duplicates: 0, rejected: 0 },
        ...{ names: 294, resolved: 294, joined: 1 },
      },
    },
  });
  const rows = await readRows(out, manifest, 'raw_model');
  const sent = models.map((line) => (JSON.parse(line) as { _id: string })._id);
  // Catch-up first, then the list without what catch-up gave.
  expect(rows.map((row) => row['_id'])).toEqual([
    ...sent.slice(5, 25),
    ...sent.slice(0, 5),
    ...sent.slice(25),
  ]);
  for (const [name, { rows: stated }] of Object.entries(manifest.tables)) {
    expect((await readRows(out, manifest, name)).length, name).toBe(stated);
  }
  expect(manifest.tables['core_model']?.rows).toBe(models.length);
  expect(manifest.tables['leaderboard']?.rows).toBe(300);
  expect(await readFile(join(out, 'rejects.jsonl'), 'utf8')).toBe('');
  expect(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))).toEqual(manifest);
  const [run] = await readRows(out, manifest, 'runs');
  expect(run?.['sources']).toHaveLength(4);
});

for (const [compress, threads] of [
  ['none', [0, 0, 1, 2]],
  ['gzip', [0, 2]],
  ['zstd', [0, 2]],
] as const) {
  test(`the same bytes each time and with any number of workers: ${compress}`, async ({
    folder,
  }) => {
    const storage = join(folder, 'storage');
    // So many pages that threads clean them where nobody says how many threads.
    const pages = chunks((await realModels()).slice(0, 180), 2).map((records) => ({ records }));
    await writePages(storage, 'models', pages);
    const results = [];
    for (const workers of [...threads, undefined]) {
      const out = join(folder, `out-${results.length}`);
      const how = workers === undefined ? {} : { workers };
      const options = { out, compress, shardBytes: 100_000, ...how };
      await exportRun(inputOf(storage, { models: 'models' }), options);
      results.push(await bytesOf(out));
    }
    const names = Object.keys(results[0] ?? {});
    expect(names.some((name) => name.startsWith('raw_model-00002'))).toBe(true);
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });
}

/** A record of some kind, from a small set of identities so that duplicates are common. */
const record = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 25 }).map((n) => tinyModel(n)) },
  fc.constantFrom(
    'null',
    '[]',
    '"text"',
    '7',
    '{}',
    '{"_id":"x"}',
    '{"_id":7,"id":"a/b"}',
    '{"id":"a/b"}',
  ),
);

test('listed = exported + duplicates + rejected, whatever is listed', async ({ folder }) => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 5 }),
      async (pages) => {
        const storage = join(folder, String((runs += 1)));
        await writePages(
          storage,
          'models',
          pages.map((records) => ({ records })),
        );
        const { manifest, out } = await exported(inputOf(storage, { models: 'models' }));
        const listed = pages.flat();
        const good = listed.filter((text) => text.startsWith('{"_id":"6'));
        const distinct = new Set(good).size;
        expect(manifest.sources.models).toEqual({
          listed: listed.length,
          exported: distinct,
          duplicates: good.length - distinct,
          rejected: listed.length - good.length,
          missed: 0,
        });
        expect(await readRows(out, manifest, 'raw_model')).toHaveLength(distinct);
        expect(await readRows(out, manifest, 'usage')).toHaveLength(distinct);
        expect(manifest.rejects.rows).toBe(listed.length - good.length);
      },
    ),
    { seed: 3, numRuns: 15 },
  );
});

test('a reject says why, and points at its capture', async ({ folder: storage }) => {
  await writePages(storage, 'models', [
    { records: [tinyModel(1)] },
    { records: [tinyModel(2), '[1]'] },
  ]);
  const { out } = await exported(inputOf(storage, { models: 'models' }));
  const lines = (await readFile(join(out, 'rejects.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      reason: 'not_an_object',
      detail: '[1]',
      record: '[1]',
      pointer: { dataset: 'models', n: 1, position: 1 },
    },
  ]);
});

test('of the catch-up pass only records changed since count, and a rename becomes an alias', async ({
  folder: storage,
}) => {
  const changed = { lastModified: '2026-11-23T09:30:00.000Z' };
  const records = [
    tinyModel(1, { ...changed, id: 'new/name' }),
    tinyModel(2),
    tinyModel(3, changed),
  ];
  await writePages(storage, 'catchup', [{ records }]);
  await writePages(storage, 'models', [{ records: [1, 2, 3].map((n) => tinyModel(n)) }]);
  const datasets = { models: 'models', catchup: 'catchup' };
  const { manifest, out } = await exported(
    inputOf(storage, datasets, { catchupSince: { models: '2026-11-23T09:00:00.000Z' } }),
  );
  expect(manifest.sources.models).toMatchObject({
    listed: 5,
    exported: 3,
    duplicates: 2,
    rejected: 0,
  });
  const rows = await readRows(out, manifest, 'core_model');
  expect(rows.map((row) => row['id'])).toEqual(['new/name', 'owner/model-3', 'owner/model-2']);
  expect(await readRows(out, manifest, 'aliases')).toEqual([
    {
      from_id: 'owner/model-1',
      to_id: 'new/name',
      _id: '600000010000000000000000',
      how: 'same_id',
      kind: 'model',
      seen_at: '2026-11-23T10:00:00.000Z',
    },
  ]);
});

test('what the crawl missed is a table, once each, and a redirect an alias', async ({
  folder: storage,
}) => {
  const item = {
    id: 'a/b',
    source: 'models',
    url: 'http://127.0.0.1/x',
    at: '2026-11-23T10:00:00Z',
  };
  await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
  await writeItems(storage, 'missed', [
    { ...item, reason: 'too_large', detail: '20 MB' },
    { ...item, reason: 'too_large', detail: '20 MB', at: '2026-11-23T10:05:00Z' },
    { ...item, id: 'old/x', reason: 'renamed', detail: 'new/x' },
    { ...item, id: 'd/s', source: 'benchmarks/d/s', reason: 'gated', detail: '401' },
    { ...item, id: null, reason: 'martian', detail: 'unheard of' },
  ]);
  const { manifest, out } = await exported(
    inputOf(storage, { models: 'models', missed: 'missed' }),
    { compress: 'zstd' },
  );
  const rows = await readRows(out, manifest, 'missed');
  expect(rows.map(({ id = null, reason, detail }) => [id, reason, detail])).toEqual([
    ['a/b', 'too_large', '20 MB'],
    ['old/x', 'renamed', 'new/x'],
    ['d/s', 'gated', '401'],
    [null, 'server_error', 'martian: unheard of'],
  ]);
  expect(manifest.sources.models?.missed).toBe(3);
  expect(manifest.tables['missed']?.files[0]?.path).toBe('missed.jsonl');
  expect(await readRows(out, manifest, 'aliases')).toMatchObject([
    { from_id: 'old/x', to_id: 'new/x', how: 'redirect' },
  ]);
});

test('a board names its models: by rename, by link', async ({ folder: storage }) => {
  const boardRow = (n: number, name: string) => ({ id: `e${n}`, model: { name } });
  await writePages(storage, 'models', [
    { records: [tinyModel(1), tinyModel(1, { id: 'old/one' })] },
  ]);
  // Read twice: the later snapshot counts.
  await writeBoards(storage, 'boards', [
    snapshotOf([boardRow(9, 'gone/gone')]),
    snapshotOf([
      boardRow(1, 'old/one'),
      boardRow(2, 'x/y'),
      boardRow(2, 'x/y'),
      boardRow(3, 'No id'),
      7,
    ]),
  ]);
  const { manifest, out } = await exported(
    inputOf(storage, { models: 'models', boards: 'boards' }),
  );
  expect(manifest.sources.boards?.['open-llm']).toEqual({
    ...{ listed: 5, exported: 3, duplicates: 1, rejected: 1 },
    ...{ names: 3, resolved: 2, joined: 1 },
  });
  const rows = await readRows(out, manifest, 'leaderboard_entries');
  expect(
    rows.map((row) => [row['model_name'], row['model_id'] ?? null, row['model_match']]),
  ).toEqual([
    ['old/one', 'owner/model-1', 'alias'],
    ['x/y', 'x/y', 'link'],
    ['No id', null, 'none'],
  ]);
  const models = await readRows(out, manifest, 'board_models');
  expect(models.map((row) => [row['model_id'], row['confidence']])).toEqual([
    ...[
      ['owner/model-1', 0.9],
      ['x/y', 1],
      [undefined, 0],
    ],
  ]);
});

test('a board of no special kind gives its scores by its definition; its models are found by name', async ({
  folder: storage,
}) => {
  const shown = [
    { identity: 'k', index: 0, cells: { Model: 'owner/model-1', WER: '5 %' } },
    { identity: 'l', index: 1, cells: { Model: 'owner/unknown', WER: '6 %' } },
  ];
  const columns = [model(), score('WER', 'wer', { lowerIsBetter: true })];
  const about = { id: 'asr', title: '', url: '', renderer: 'gradio', licence: '', minimumRows: 1 };
  const asr = tableBoard({ ...about, identity: ['model'], columns });
  await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
  await writeBoards(storage, 'boards', [
    snapshotOf(null, { board: 'asr', renderer: 'gradio', shown }),
  ]);
  const { manifest, out } = await exported(
    inputOf(storage, { models: 'models', boards: 'boards' }, { boards: [asr] }),
  );
  const entries = await readRows(out, manifest, 'leaderboard_entries');
  expect(entries.map((row) => row['model_match'])).toEqual(['exact', 'none']);
  const scores = await readRows(out, manifest, 'leaderboard_scores');
  expect(scores.map((row) => [row['metric'], row['value']])).toEqual([
    ['wer', 5],
    ['wer', 6],
  ]);
});

test('repairs are counted of exported records only, with the first as example', async ({
  folder: storage,
}) => {
  const dirty = (n: number) => tinyModel(n, { cardData: { tags: 'one' }, likes: '7' });
  await writePages(storage, 'models', [
    { records: [tinyModel(1), dirty(2), dirty(3)] },
    { records: [dirty(3), dirty(2)] },
  ]);
  const { manifest, out } = await exported(inputOf(storage, { models: 'models' }));
  const rows = await readRows(out, manifest, 'repairs');
  expect(Object.keys(manifest.repairs).length).toBeGreaterThan(0);
  expect(rows.map(({ rule, count }) => [rule, count])).toEqual(Object.entries(manifest.repairs));
  for (const row of rows) {
    expect(row).toMatchObject({
      run: 'r1',
      table: 'raw_model',
      count: 2,
      example_id: 'owner/model-2',
    });
  }
});

test('only the tables that were asked for; an unknown one is refused', async ({
  folder: storage,
}) => {
  await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
  const input = inputOf(storage, { models: 'models' });
  const { manifest } = await exported(input, { tables: ['usage'] });
  expect(Object.keys(manifest.tables)).toEqual(['usage', 'completeness', 'runs']);
  const refused = exported(input, { tables: ['usage', 'nope'] });
  await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('a run without captures is refused', async ({ folder: storage }) => {
  const refused = exported(inputOf(storage, {}));
  await expect(refused).rejects.toMatchObject({ code: 'EXPORT_MISSING' });
});
