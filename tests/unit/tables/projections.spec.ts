import { expect, test } from '@playwright/test';
import { cleanModel } from '../../../src/clean/model.ts';
import { modelTables } from '../../../src/tables/index.ts';
import { context } from '../clean/support/check.ts';

/** Rows of a table for a record, without the two ids that each begins with. */
function rowsOf(name: string, record: Record<string, unknown>): object[] {
  const cleaned = cleanModel({ _id: '1', id: 'a/b', ...record }, context);
  const table = modelTables.find((it) => it.table.name === name);
  if (!cleaned.ok || table === undefined) throw new Error(`no ${name}`);
  return table.rows(cleaned.model, context).map((row) => {
    expect(row).toMatchObject({ id: 'a/b', _id: '1' });
    return Object.fromEntries(Object.entries(row).slice(2));
  });
}

const results = [
  {
    task: { name: 'NER', type: 'token-classification' },
    dataset: { name: 'CoNLL', type: 'conll2003', split: 'test' },
    metrics: [
      { name: 'F1', type: 'f1', value: 0.5 },
      { name: 'F1', type: 'f1', value: 0.5 },
      { name: 'F1', type: 'f1', value: '50%' },
    ],
  },
  { dataset: { name: 'CoNLL', type: 'conll2003', split: 'test' }, metrics: [] },
];
const both = { 'model-index': [{ results }], cardData: { 'model-index': [{ results }] } };

test('tasks, metrics and datasets stand once, though card and Hub both state them', () => {
  expect(rowsOf('tasks', both)).toEqual([
    { task_name: 'NER', task_type: 'token-classification', args: null, metrics: null },
  ]);
  expect(rowsOf('metrics', both)).toEqual([
    { metric: 'F1', type: 'f1', value: '0.5' },
    { metric: 'F1', type: 'f1', value: '50%' },
  ]);
  expect(rowsOf('datasets', both)).toEqual([
    {
      dataset: 'CoNLL',
      dataset_type: 'conll2003',
      config: null,
      dataset_split: 'test',
      revision: null,
      args: null,
    },
  ]);
});

test('results that only the card, or only the Hub, states are found', () => {
  expect(rowsOf('metrics', { 'model-index': [{ results }] })).toHaveLength(2);
  expect(rowsOf('metrics', { cardData: { 'model-index': [{ results }] } })).toHaveLength(2);
  expect(
    rowsOf('metrics', { cardData: [{ tags: ['a'] }, { 'model-index': [{ results }] }] }),
  ).toHaveLength(2);
});

test('a model without a card has no row in model_card, one with an empty card has', () => {
  expect(rowsOf('model_card', {})).toEqual([]);
  expect(rowsOf('model_card', { cardData: {} })).toHaveLength(1);
  expect(
    rowsOf('model_card', { cardData: { license: ['mit', 'mit'], dataset: 'd' } }),
  ).toMatchObject([{ license: ['mit'], datasets: ['d'] }]);
});

test('parameters has a row for every model, and names each element type with a count', () => {
  expect(rowsOf('parameters', {})).toMatchObject([
    { total_params: null, tensor_types: [], F16_params: null },
  ]);
  expect(
    rowsOf('parameters', { safetensors: { parameters: { F16: 2, F8_E4M3: 3, I8: 0 }, total: 5 } }),
  ).toMatchObject([
    {
      total_params: 5,
      tensor_types: ['F16', 'I8', 'F8_E4M3'],
      F16_params: 2,
      I8_params: 0,
      other_params: [{ name: 'F8_E4M3', value: 3 }],
    },
  ]);
});

test('usage stands at the time of fetching', () => {
  expect(
    rowsOf('usage', { downloads: 3, likes: 1, downloadsAllTime: 9, trendingScore: 0.5 }),
  ).toEqual([
    {
      downloads: 3,
      likes: 1,
      update_time: context.observedAt,
      downloads_all_time: 9,
      trending_score: 0.5,
    },
  ]);
});

test('base_models merges what Hub, tags and card say of the same model', () => {
  const rows = rowsOf('base_models', {
    baseModels: { relation: 'quantized', models: [{ _id: '7', id: 'x/y' }] },
    tags: [
      'base_model:x/y',
      'base_model:quantized:x/y',
      'base_model:o/p',
      'base_model:adapter:q/r',
      'base_model:',
    ],
    cardData: { base_model: ['x/y', 's/t'], base_model_relation: 'merge' },
  });

  const edge = { base_model_id: null, relation: null, stated_as: [], is_self: false };
  expect(rows).toEqual([
    {
      ...edge,
      base_model: 'x/y',
      base_model_id: '7',
      relation: 'quantized',
      sources: ['hub', 'tag', 'card'],
    },
    { ...edge, base_model: 'o/p', sources: ['tag'] },
    { ...edge, base_model: 'q/r', relation: 'adapter', sources: ['tag'] },
    { ...edge, base_model: 's/t', relation: 'merge', sources: ['card'] },
  ]);
});

test.describe('eval_results', () => {
  const result = (task_id: string, value: unknown = 50.167, more = {}) => ({
    filename: 'f.yaml',
    verified: false,
    data: {
      dataset: { id: 'mteb/arguana', task_id },
      value,
      date: '2026-03-05T13:56:33.000Z',
      source: { url: 'u', user: 'mteb' },
    },
    pullRequest: 154,
    ...more,
  });
  const tasks = (evalResults: unknown[]) =>
    rowsOf('eval_results', { evalResults }).map((row) => (row as { task_ids: string[] }).task_ids);

  test('has the score as number and as text', () => {
    expect(rowsOf('eval_results', { evalResults: [result('ArguAna')] })).toEqual([
      {
        benchmark: 'mteb/arguana',
        task_id: 'ArguAna',
        task_ids: ['ArguAna'],
        revision: null,
        value: 50.167,
        value_text: '50.167',
        verified: false,
        source_url: 'u',
        source_name: null,
        source_user: 'mteb',
        source_org: null,
        date: '2026-03-05T13:56:33.000Z',
        notes: null,
        filename: 'f.yaml',
        pull_request: 154,
      },
    ]);
    expect(
      rowsOf('eval_results', { evalResults: [result('a', '20 ± 1'), result('b', '')] }),
    ).toMatchObject([
      { value: 20, value_text: '20 ± 1' },
      { value: null, value_text: '' },
    ]);
  });

  test('the same result under two task ids is one fact', () => {
    const rows = rowsOf('eval_results', {
      evalResults: [result('ArguAna_default_test'), result('ArguAna')],
    });

    expect(rows).toMatchObject([
      { task_id: 'ArguAna', task_ids: ['ArguAna_default_test', 'ArguAna'] },
    ]);
  });

  test('different tasks, values or sources stay apart', () => {
    expect(tasks([result('gpqa_main'), result('gpqa_diamond')])).toEqual([
      ['gpqa_main'],
      ['gpqa_diamond'],
    ]);
    expect(tasks([result('wmt_en'), result('wmt_en_de')])).toEqual([['wmt_en'], ['wmt_en_de']]);
    expect(tasks([result('a'), result('a_test', 1)])).toEqual([['a'], ['a_test']]);
    expect(tasks([result('a'), result('a_test', 50.167, { pullRequest: 3 })])).toEqual([
      ['a'],
      ['a_test'],
    ]);
  });
});
