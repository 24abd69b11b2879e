import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { summary } from '../../../src/cli/summary.ts';
import type { Config } from '../../../src/config.ts';
import { readManifest } from '../../../src/export/manifest.ts';
import { readNames } from '../../../src/pipeline/given-files.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { readJsonl, shippedModels } from '../../helpers/jsonl.ts';

const BOARD = {
  ...{ id: 'own', title: 'Own', renderer: 'file', minimumRows: 2 },
  identity: ['model', 'setting'],
  columns: [
    { header: 'model', name: 'model', kind: 'model' },
    { header: 'acc', name: 'accuracy', kind: 'number', score: true },
    { header: 'hf', name: 'hub_id', required: false },
    { header: 'setting', name: 'setting', required: false },
  ],
};

interface Told {
  rows: (table: string) => Promise<Record<string, unknown>[]>;
  text: string;
  report: RunReport;
}

const test = base.extend<{ joined: (csv: string, ...args: string[]) => Promise<Told> }>({
  /** What a run says of a board of the user's whose file has these lines. */
  joined: async ({ folder, serve, cli }, use) => {
    await use(async (csv, ...args) => {
      const url = await serve((_request, response) =>
        response.writeHead(200, { 'content-type': 'text/csv' }).end(csv),
      );
      const [boards, out] = [path.join(folder, 'own'), path.join(folder, 'out')];
      await mkdir(boards);
      await writeFile(path.join(boards, 'own.json'), JSON.stringify({ ...BOARD, url }));
      const config = path.join(folder, 'huggingface-etl.config.json');
      await writeFile(config, JSON.stringify({ boards }));
      const which = ['--board', 'own', '--to', 'jsonl', '--compress', 'none', '--out', out];
      const { stdout, stderr } = await cli(['run', ...which, ...args, '--json'], { folder });
      const report = JSON.parse(stdout) as RunReport;
      expect(report.error, stderr).toBeUndefined();
      return {
        rows: (table) => readJsonl(path.join(out, `${table}.jsonl`)),
        text: summary(report, { storage: folder } as unknown as Config), // all that it reads
        report,
      };
    });
  },
});

test('how many names were joined is said by board, and entries say the same as board_models', async ({
  fewHub: { url },
  joined,
  folder,
}) => {
  const [first, second] = (await shippedModels(5)).map(({ id }) => id);
  const names = path.join(folder, 'names.csv');
  await writeFile(names, `alias,hub_id\nSecond (FC),${second}\nThird,vendor/closed\n`);
  const csv = `model,acc,hf,setting
${first},1,,a
Second (FC),2,,a
Gone,3,gone/model,a
Gone,4,,b
Two,5,x/one,a
Two,6,x/two,b
Third,7,,a
`;
  const which = ['--endpoint', url, '--sources', 'models,boards'];
  const { rows, text, report } = await joined(csv, ...which, '--names', names);

  expect(text).toContain('\n  joined to models: 2 of 5 names (40 %); 1 more are models that');
  expect(report.sources.boards?.['own']).toMatchObject({ names: 5, resolved: 3, joined: 2 });
  const models = await rows('board_models');
  const found = models.map((row) => [
    ...[row['model_name'], row['model_id'], row['_id'] !== undefined],
    ...[row['method'], row['confidence'], row['entries']],
  ]);
  expect(found).toEqual([
    [first, first, true, 'exact', 1, 1],
    ['Second (FC)', second, true, 'registry', 0.8, 1],
    ['Gone', 'gone/model', false, 'link', 1, 2],
    ['Two', undefined, false, 'none', 0, 2],
    ['Third', undefined, false, 'none', 0, 1],
  ]);
  const byName = new Map(models.map((row) => [row['model_name'], row]));
  const entries = await rows('leaderboard_entries');
  expect(entries).toHaveLength(7);
  for (const { model_name, model_id, model_match } of entries) {
    const row = byName.get(model_name);
    expect([model_id, model_match]).toEqual([row?.['model_id'], row?.['method']]);
  }
  const manifest = await readManifest(report.folder ?? '');
  expect(manifest.names).toMatchObject({ aliases: 2 });
});

test('without models a share of joined names is not claimed', async ({ joined }) => {
  const { text } = await joined('model,acc,hf,setting\nA,1,a/b,\nB,2,,\n', '--sources', 'boards');
  expect(text).toContain('\n  names of models: 1 of 2 names (50 %); no models were read\n');
});

test.describe('a file of names', () => {
  const cases: [string, string, Record<string, string> | string][] = [
    ['n.csv', 'alias,hub_id\nA,o/a\nB,https://huggingface.co/o/b\n', { A: 'o/a', B: 'o/b' }],
    [
      'n.json',
      '[{"alias":"A","hub_id":"o/a"},{"alias":"A","hub_id":"o/b"},7,{"alias":"C","hub_id":"o/c"}]',
      { C: 'o/c' },
    ],
    [
      'n.jsonl',
      '{"raw_value":"A","entity_type":"model","canonical_id":"o/a","status":"confirmed"}\n' +
        '{"raw_value":"B","entity_type":"benchmark","canonical_id":"o/b"}\n' +
        '{"raw_value":"C","entity_type":"model","canonical_id":"o/c","status":"uncertain"}\n',
      { A: 'o/a' },
    ],
    ['n.csv', 'name,id\nA,o/a\n', 'has no rows with alias and hub_id'],
    ['n.json', '{', 'is broken JSON'],
    ['n.xls', '', 'is no CSV'],
  ];
  for (const [name, text, expected] of cases) {
    const what = typeof expected === 'string' ? expected : Object.keys(expected).join(', ');
    test(`${name}: ${what}`, async ({ folder }) => {
      const file = path.join(folder, name);
      await writeFile(file, text);
      if (typeof expected === 'string') await expect(readNames(file)).rejects.toThrow(expected);
      else expect(Object.fromEntries((await readNames(file)).registry)).toEqual(expected);
    });
  }
  test('that is not there', async ({ cli, folder }) => {
    const { code, stderr } = await cli(['run', '--names', path.join(folder, 'none.csv')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be read: ENOENT')]);
  });
});
