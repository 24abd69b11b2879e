import { expect, test } from '@playwright/test';
import { cleanModel } from '../../../src/clean/repos.ts';
import { tablesOf } from '../../../src/tables/index.ts';
import { context } from '../clean/support/check.ts';

/** Rows of a table for a record, without the two ids that each begins with. */
function rowsOf(name: string, record: Record<string, unknown>): object[] {
  const cleaned = cleanModel({ _id: '1', id: 'a/b', ...record }, context);
  const table = tablesOf('model').find((it) => it.table.name === name);
  if (!cleaned.ok || table === undefined) throw new Error(`no ${name}`);
  return table.rows(cleaned.record, context).map((row) => {
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

test('base_models reads names out of what people write, and no others', () => {
  const named = (base_model: unknown): unknown[] =>
    rowsOf('base_models', { cardData: { base_model } }).map(
      (row) => (row as { base_model: string }).base_model,
    );

  expect(named([' x/y ', 'gpt2', 'hf.co/a/c', '`x/z`'])).toEqual(['x/y', 'gpt2', 'a/c', 'x/z']);
  expect(named('https://huggingface.co/a/c/tree/main?x=1')).toEqual(['a/c']);
  expect(named('https://www.huggingface.co/a/c/')).toEqual(['a/c']);
  for (const text of [
    './out',
    '/mnt/a/b',
    '../a',
    'C:\\a',
    'a/b/c',
    'null',
    'N/A',
    'my own model',
    'https://github.com/a/b',
    'https://huggingface.co/papers/2307.09288',
    'https://huggingface.co/docs/transformers',
    'https://huggingface.co/datasets/squad',
  ])
    expect(named(text), text).toEqual([]);
});

test('of several bases, those with new owners are found by their name', () => {
  const rows = rowsOf('base_models', {
    tags: ['base_model:n/y', 'base_model:n/x', 'base_model:finetune:n/x', 'base_model:n/z'],
    cardData: { base_model: ['o/x', 'y', 'o/renamed'] },
  });

  expect(rows).toMatchObject([
    { base_model: 'n/y', stated_as: ['y'] },
    { base_model: 'n/x', relation: 'finetune', stated_as: ['o/x'] },
    { base_model: 'n/z', stated_as: ['o/renamed'] },
  ]);
});

test('results states each score once, with its unit where it has one', () => {
  const score = (value: unknown, more = {}) => [
    { metrics: [{ type: 'wer', value, ...more }], dataset: { name: 'D' } },
  ];
  const stated = (results: unknown) =>
    rowsOf('results', { 'model-index': [{ results }] }).map((row) => {
      const { value, value_text, unit, verified } = row as Record<string, unknown>;
      return [value, value_text, unit, verified];
    });

  expect(stated(score('12.5 %'))).toEqual([[12.5, '12.5 %', 'percent', null]]);
  expect(stated(score('\u22125')), 'a minus of typography').toEqual([[-5, '\u22125', null, null]]);
  expect(stated(score('12.5 ± 0.3'))).toEqual([[12.5, '12.5 ± 0.3', null, null]]);
  expect(stated(score(12.5, { name: 'WER (%)', verified: true }))).toEqual([
    [12.5, '12.5', 'percent', true],
  ]);
  for (const text of ['12,5', '0x10', 'about 12', '1 2', 'NaN'])
    expect(stated(score(text))).toEqual([[null, text, null, null]]);
  expect(stated(score(null))).toEqual([]);
  expect(rowsOf('results', both)).toMatchObject([
    { dataset: 'CoNLL', dataset_split: 'test', value_text: '0.5', sources: ['card', 'hub'] },
    { value_text: '50%', unit: 'percent', sources: ['card', 'hub'] },
  ]);
});

test('what states nothing is no row', () => {
  const empty = { 'model-index': [{ results: [{ task: {}, dataset: {}, metrics: [{}] }] }] };
  for (const name of ['tasks', 'metrics', 'datasets', 'results'])
    expect(rowsOf(name, empty), name).toEqual([]);
  expect(rowsOf('eval_results', { evalResults: [{}, { filename: 'f', data: {} }] })).toEqual([]);
});

test('parameters says which figure to use, and why', () => {
  const figures = (record: Record<string, unknown>) => {
    const [row] = rowsOf('parameters', record) as Record<string, unknown>[];
    return [row?.['total_basis'], row?.['best_params'], row?.['packed_total']];
  };
  const of = (parameters: object, total: number | null, more = {}) =>
    figures({ safetensors: { parameters, total }, ...more });
  const config = (quant_method: string) => ({ config: { quantization_config: { quant_method } } });
  const mlx = { library_name: 'mlx', config: { quantization_config: { bits: 4 } } };

  expect(figures({})).toEqual([null, null, null]);
  expect(figures({ gguf: { total: 7 } })).toEqual(['gguf', 7, null]);
  expect(of({}, 0, { gguf: { total: 7 } })).toEqual(['gguf', 7, false]);
  expect(of({ F16: 0 }, -1, { gguf: { total: 0 } })).toEqual([null, null, false]);
  expect(of({ F16: 5 }, 0)).toEqual(['counts_only', 5, false]);
  expect(of({ F16: 5 }, 5)).toEqual(['counts_agree', 5, false]);
  expect(of({ F16: 5 }, null)).toEqual(['counts_only', 5, null]);
  expect(of({ F16: 5 }, 4)).toEqual(['total_below_counts', 5, false]);
  expect(of({ F16: 5 }, 9)).toEqual(['total_above_counts', null, false]);
  expect(of({ I32: 5 }, 40, config('gptq'))).toEqual(['total_above_counts', 40, false]);
  expect(of({ I32: 5 }, 5, config('GPTQ'))).toEqual(['multiplied_by_hub', 5, null]);
  expect(of({ I32: 5 }, 5, config('own'))).toEqual(['stored_elements', null, true]);
  expect(of({ U8: 5 }, 5)).toEqual(['stored_elements', null, true]);
  // Real counts of 2025, before the Hub multiplied those of MLX: the scales tell.
  expect(of({ F16: 1000739840, U32: 4000317440 }, 5001057280, mlx)).toEqual([
    ...['stored_elements', null, true],
  ]);
});

test('parameters hints at copies', () => {
  const hints = (record: object) =>
    (rowsOf('parameters', { ...record })[0] as { copy_hints: string[] }).copy_hints;

  expect(hints({ tags: ['base_model:x/y', 'base_model:finetune:x/y'] })).toEqual([]);
  expect(hints({ tags: ['base_model:quantized:x/y'], gguf: { total: 1 } })).toEqual([
    ...['quantized', 'gguf'],
  ]);
  // As all-MiniLM-L6-v2: its own weights, and ONNX files beside them, for which the Hub says "quantized".
  const exported = { tags: ['base_model:quantized:x/y', 'onnx'] };
  const weights = (parameters: object) => ({ safetensors: { parameters, total: 9 } });
  expect(hints({ ...exported, ...weights({ F32: 8, I64: 1 }) })).toEqual([]);
  expect(hints({ ...exported, ...weights({ F32: 1, I8: 8 }) })).toEqual(['quantized']);
  expect(hints(exported)).toEqual(['quantized']);
  expect(hints({ cardData: { base_model: 'x/B' } })).toEqual(['mirror']);
  expect(hints({ cardData: { base_model: 'a/b' } })).toEqual([]);
});

test('licences are resolved, with what they were resolved from', () => {
  const resolved = (license: unknown, tag?: string, more = {}) => {
    const tags = tag === undefined ? [] : [`license:${tag}`];
    const [row] = rowsOf('model_licenses', { tags, cardData: { license, ...more } });
    const { license: id, spdx_id, family, license_basis } = row as Record<string, unknown>;
    return [id, spdx_id, family, license_basis];
  };

  expect(resolved(undefined)).toEqual([null, null, 'unknown', null]);
  expect(resolved('Apache 2.0')).toEqual(['apache-2.0', 'Apache-2.0', 'open_source', 'card']);
  for (const text of ['The MIT License', 'Apache License, Version 2.0', 'GPL v3'])
    expect(resolved(text)[2], text).toBe('open_source');
  expect(resolved('Apache 2.0 with limits')[2]).toBe('unknown');
  expect(resolved('MIT License', 'mit')).toEqual(['mit', 'MIT', 'open_source', 'tag']);
  expect(resolved('llama3.1')).toEqual(['llama3.1', null, 'use_limits', 'card']);
  expect(resolved('lgpl-lr')).toEqual(['lgpl-lr', 'LGPLLR', 'open_source', 'card']);
  expect(resolved('UNLICENSED')).toEqual(['UNLICENSED', null, 'unknown', 'card']);
  expect(resolved('other', 'other', { license_name: 'exaone' })).toEqual([
    ...['exaone', null, 'non_commercial', 'license_name'],
  ]);
  expect(resolved('other', 'other', { license_name: 'my-own' })).toEqual([
    ...['other', null, 'unknown', 'tag'],
  ]);
  expect(resolved('mit', undefined, { license_name: 'llama2' })).toEqual([
    ...['mit', 'MIT', 'open_source', 'card'],
  ]);
  expect(resolved(['mit', 'apache-2.0'])).toEqual([null, null, 'open_source', 'several']);
  expect(resolved(['mit', 'llama2'])).toEqual([null, null, 'unknown', 'several']);
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
