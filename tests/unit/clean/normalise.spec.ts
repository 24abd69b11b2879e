import { expect, test } from '@playwright/test';
import { cleanModel } from '../../../src/clean/model.ts';
import { context } from './support/check.ts';

/** What is sent, what the row holds (a part of it), and the repairs as `rule path`. */
type Case = [
  title: string,
  sent: Record<string, unknown>,
  row: Record<string, unknown>,
  repairs?: string[],
];

const card = (members: Record<string, unknown>) => ({ cardData: members });
const inCard = (members: Record<string, unknown>) => ({ cardData: [members] });
const index = (result: Record<string, unknown>) => ({
  'model-index': [{ name: 'm', results: [result] }],
});
const inIndex = (result: Record<string, unknown>) => ({
  model_index: [{ name: 'm', results: [result] }],
});
const extra = (path: string, value: unknown) => ({
  extra: [{ path, json: JSON.stringify(value) }],
});

const CASES: Record<string, Case[]> = {
  gated: [
    ['false', { gated: false }, { gated: false, gated_mode: null }],
    ['auto', { gated: 'auto' }, { gated: true, gated_mode: 'auto' }],
    ['manual', { gated: 'manual' }, { gated: true, gated_mode: 'manual' }],
    ['true, of old', { gated: true }, { gated: true, gated_mode: null }],
    [
      'anything else',
      { gated: 'soon' },
      { gated: null, ...extra('gated', 'soon') },
      ['type_to_extra gated'],
    ],
    [
      'a mode that contradicts',
      { gated: 'auto', gated_mode: 'manual' },
      { gated: null, gated_mode: 'manual', ...extra('gated', 'auto') },
      ['type_to_extra gated'],
    ],
  ],
  tags: [
    [
      'known',
      { tags: ['en'] },
      { tags: [{ id: 'en', label: 'en', type: 'other', subType: null }] },
    ],
    ['unknown', { tags: ['x'] }, { tags: [{ id: 'x', label: null, type: null, subType: null }] }],
    [
      'one',
      { tags: 'x' },
      { tags: [{ id: 'x', label: null, type: null, subType: null }] },
      ['list_from_one tags'],
    ],
    ['no text', { tags: [7] }, { tags: [], ...extra('tags[0]', 7) }, ['type_to_extra tags[0]']],
  ],
  widget: [
    ['text', { widgetData: 'a' }, { widgetData: [{ text: ['a'] }] }, ['list_from_one widgetData']],
    [
      'list of texts',
      { widgetData: ['a', 'b'] },
      { widgetData: [{ text: ['a'] }, { text: ['b'] }] },
    ],
    ['list of lists', { widgetData: [['a', 'b']] }, { widgetData: [{ text: ['a', 'b'] }] }],
    [
      'object',
      { widgetData: { text: 'a' } },
      { widgetData: [{ text: ['a'] }] },
      ['list_from_one widgetData'],
    ],
    ['empty text', { widgetData: [{ text: '' }] }, { widgetData: [{ text: [] }] }],
    [
      'titles',
      { widgetData: [{ text: 'a', example_title: ['x', 'y'] }] },
      { widgetData: [{ example_title: 'x, y' }] },
      ['list_joined widgetData[0].example_title'],
    ],
    [
      'other keys',
      { widgetData: [{ text: 'a', hypothesis_template: 'This is {}.' }] },
      { widgetData: [{ params: [{ name: 'hypothesis_template', value: 'This is {}.' }] }] },
      ['key_to_params widgetData[0].hypothesis_template'],
    ],
    ['in the card', card({ widget: ['a'] }), inCard({ widget: [{ text: ['a'] }] })],
  ],
  config: [
    ['empty', { config: {} }, { config: { architectures: [], model_type: null, params: [] } }],
    [
      'no object',
      { config: [1, 2] },
      { config: null, ...extra('config', [1, 2]) },
      ['type_to_extra config'],
    ],
    [
      'architectures in an object',
      { config: { architectures: { value: ['A'] } } },
      { config: { architectures: ['A'] } },
      ['object_unwrapped config.architectures'],
    ],
    [
      'several model types',
      { config: { model_type: ['a', 'b'] } },
      { config: { model_type: 'a, b' } },
      ['list_joined config.model_type'],
    ],
    [
      'auto_map',
      { config: { auto_map: { A: 'm.A', T: ['m.T', null], U: ['m.U', 'm.V'] } } },
      {
        config: {
          auto_map: [
            { name: 'A', value: 'm.A' },
            { name: 'T', value: 'm.T' },
            { name: 'U', value: '["m.U","m.V"]' },
          ],
        },
      },
    ],
    [
      'parameters of tasks',
      {
        config: {
          task_specific_params: { 'text-generation': { max_length: 50, x: null }, crf: true },
        },
      },
      {
        config: {
          task_specific_params: [
            {
              name: 'text_generation',
              value: null,
              params: [
                { name: 'max_length', value: '50' },
                { name: 'x', value: null },
              ],
            },
            { name: 'crf', value: 'true', params: [] },
          ],
        },
      },
    ],
    [
      'a list of chat templates',
      {
        config: { tokenizer_config: { chat_template: [{ name: 'default', template: '{{ x }}' }] } },
      },
      {
        config: {
          params: [
            {
              name: 'tokenizer_config',
              val: '{"chat_template":[{"name":"default","template":"{{ x }}"}]}',
            },
          ],
        },
      },
      ['key_to_params config.tokenizer_config'],
    ],
    [
      'diffusers',
      { config: { diffusers: { _class_name: 'P' } } },
      { config: { diffusers: { class_name: 'P' } } },
    ],
  ],
  'card as a whole': [
    ['none', {}, { cardData: [] }],
    ['texts', { cardData: ['a', 'b'] }, inCard({ tags: ['a', 'b'] }), ['card_from_list cardData']],
    ['text', { cardData: 'a' }, inCard({ tags: ['a'] }), ['card_from_list cardData']],
    [
      'tag, tags and Tags',
      card({ tag: 'a', tags: ['b'], Tags: ['c'] }),
      inCard({ tags: ['b', 'a', 'c'] }),
      ['key_alias cardData.tags', 'key_alias cardData.tags'],
    ],
    [
      'dataset',
      card({ dataset: 'a' }),
      inCard({ datasets: ['a'] }),
      ['key_alias cardData.datasets'],
    ],
    [
      'keys that differ in case',
      card({ license: 'mit', License: 'x' }),
      inCard({ license: ['mit'], params: [{ name: 'License', value: 'x' }] }),
      ['key_to_params cardData.License'],
    ],
    [
      'several licences',
      card({ license: ['mit', 'apache-2.0'] }),
      inCard({ license: ['mit', 'apache-2.0'] }),
    ],
    [
      'an object as dataset',
      card({ datasets: ['a', { b: 'c' }, null] }),
      inCard({ datasets: ['a', '{"b":"c"}'] }),
      ['text_from_json cardData.datasets[1]', 'null_in_list cardData.datasets[2]'],
    ],
    ['base models', card({ base_model: 'a/b' }), inCard({ base_model: ['a/b'] })],
    [
      'texts that look like JSON keep their quotes',
      card({ a: '8', b: 8, c: 'x', d: null, e: '{% if' }),
      inCard({
        params: [
          { name: 'a', value: '"8"' },
          { name: 'b', value: '8' },
          { name: 'c', value: 'x' },
          { name: 'd', value: null },
          { name: 'e', value: '{% if' },
        ],
      }),
    ],
  ],
  language: [
    [
      'no, read as false',
      card({ language: false }),
      inCard({ language: ['no'] }),
      ['norwegian cardData.language'],
    ],
    [
      'in a list',
      card({ language: ['en', false] }),
      inCard({ language: ['en', 'no'] }),
      ['norwegian cardData.language[1]'],
    ],
    [
      'true is no language',
      card({ language: true }),
      inCard({ language: ['true'] }),
      ['text_from_scalar cardData.language'],
    ],
  ],
  emissions: [
    ['number', card({ co2_eq_emissions: 5.3 }), inCard({ co2_eq_emissions: { emissions: '5.3' } })],
    [
      'text with a unit',
      card({ co2_eq_emissions: '12 kg' }),
      inCard({ co2_eq_emissions: { emissions: '12 kg' } }),
    ],
    [
      'unknown key',
      card({ co2_eq_emissions: { emissions: 1, fake: 2 } }),
      inCard({ co2_eq_emissions: { emissions: '1', params: [{ name: 'fake', value: '2' }] } }),
      ['key_to_params cardData.co2_eq_emissions.fake'],
    ],
  ],
  'metrics of the card': [
    ['text', card({ metrics: 'wer' }), inCard({ metrics: [{ name: 'wer', value: null }] })],
    [
      'list',
      card({ metrics: ['wer', 0.5] }),
      inCard({ metrics: [{ name: 'wer' }, { name: null, value: '0.5' }] }),
    ],
    [
      'object',
      card({ metrics: { em: 1, f1: '2' } }),
      inCard({
        metrics: [
          { name: 'em', value: '1' },
          { name: 'f1', value: '2' },
        ],
      }),
    ],
    [
      'folded name',
      card({ metrics: [{ 'F-1 score': 1 }] }),
      {
        ...inCard({ metrics: [{ name: 'f1', value: '1' }] }),
        ...extra('cardData.metrics[0]', 'F-1 score'),
      },
      ['metric_name cardData.metrics[0]'],
    ],
    [
      'own columns',
      card({ metrics: [{ type: 't', value: 1 }] }),
      inCard({ metrics: [{ type: 't', value: '1' }] }),
    ],
  ],
  'model index': [
    [
      'model_index',
      { model_index: [{ name: 'm' }] },
      { model_index: [{ name: 'm', results: [] }] },
    ],
    [
      'object',
      { 'model-index': { name: 'm' } },
      { model_index: [{ name: 'm' }] },
      ['list_from_one model_index'],
    ],
    [
      'name as key',
      { 'model-index': [{ name: { x: null } }] },
      { model_index: [{ name: 'x' }] },
      ['object_unwrapped model_index[0].name'],
    ],
    [
      'both spellings',
      { 'model-index': [{ name: 'a' }], model_index: [{ name: 'b' }] },
      { model_index: [{ name: 'a' }, { name: 'b' }] },
    ],
    [
      'dataset beside no result',
      { 'model-index': [{ dataset: 'd' }] },
      { model_index: [{ results: [{ datasets: [{ name: 'd' }] }] }] },
    ],
    [
      'bare results',
      { 'model-index': [{ results: [1, 2] }], ...card({ 'model-index': [{ results: [1, 2] }] }) },
      {
        model_index: [{ results: [{ params: [{ name: 'values', val: '[1,2]' }] }] }],
        ...inCard({ model_index: [{ results: [{ values: [1, 2] }] }] }),
      },
    ],
    [
      'unknown key',
      { 'model-index': [{ language: 'en' }] },
      extra('model_index[0].language', 'en'),
      ['key_to_extra model_index[0].language'],
    ],
  ],
  results: [
    ['task as text', index({ task: 'ner' }), inIndex({ task: { name: 'ner' } })],
    [
      'tasks',
      index({ tasks: { type: 'ner' } }),
      inIndex({ task: { type: 'ner' } }),
      ['key_alias model_index[0].results[0].task'],
    ],
    [
      'other keys of a task',
      index({ task: { x: 1 } }),
      inIndex({ task: { fields: [{ name: 'x', value: '1' }] } }),
    ],
    ['dataset', index({ dataset: { name: 'd' } }), inIndex({ datasets: [{ name: 'd' }] }), []],
    ['dataset as text', index({ dataset: 'd' }), inIndex({ datasets: [{ name: 'd' }] }), []],
    [
      'arguments of one key',
      index({ dataset: { args: { language: 'en' } } }),
      {
        ...inIndex({ datasets: [{ args: 'en' }] }),
        ...extra('model_index[0].results[0].datasets.args', { language: 'en' }),
      },
      ['object_unwrapped model_index[0].results[0].datasets.args'],
    ],
    [
      'other keys',
      index({ source: { url: 'u' } }),
      inIndex({ params: [{ name: 'source', val: '{"url":"u"}' }] }),
    ],
  ],
  'metrics of results': [
    [
      'list of one value',
      index({ metrics: [{ value: ['1%'] }] }),
      inIndex({ metrics: [{ value: '1%' }] }),
    ],
    ['no value', index({ metrics: [{ value: [] }] }), inIndex({ metrics: [{ value: null }] })],
    [
      'several values',
      index({ metrics: [{ value: [1, 2] }] }),
      inIndex({ metrics: [{ value: '[1,2]' }] }),
    ],
    [
      'types and values',
      index({ metrics: [{ types: ['a', 'b'], values: [1, '2%'] }] }),
      inIndex({ metrics: [{ type: 'a, b', value: '1, 2%' }] }),
    ],
    [
      'arguments',
      index({ metrics: [{ args: { a: 1, b: { c: 2 } } }] }),
      inIndex({ metrics: [{ args: ['a : 1', 'b : {"c":2}'] }] }),
    ],
    [
      'misspelt',
      index({ metrics: [{ veriefied: true }] }),
      inIndex({ metrics: [{ verified: true }] }),
      ['key_alias model_index[0].results[0].metrics[0].verified'],
    ],
    [
      'verify_token',
      index({ metrics: [{ verify_token: 't' }] }),
      inIndex({ metrics: [{ verifyToken: 't' }] }),
    ],
    [
      'unknown key',
      index({ metrics: [{ x: 1 }] }),
      inIndex({ params: [{ name: 'metrics[0].x', val: '1' }] }),
      ['key_to_params model_index[0].results[0].metrics[0].x'],
    ],
    [
      'unit in text',
      index({ metrics: [{ value: '20.0 ± 1.2' }] }),
      inIndex({ metrics: [{ value: '20.0 ± 1.2' }] }),
    ],
  ],
  safetensors: [
    [
      'known',
      { safetensors: { parameters: { F16: 5 }, total: 5 } },
      { safetensors: { parameters: { F16: 5 }, total: 5, packed_total: false } },
    ],
    [
      'open set, case kept apart',
      { safetensors: { parameters: { BF16: 1, bf16: 2, F8_E4M3: 3 }, total: 6 } },
      {
        safetensors: {
          parameters: {
            BF16: 1,
            extra_parameters: [
              { name: 'bf16', value: 2 },
              { name: 'F8_E4M3', value: 3 },
            ],
          },
        },
      },
    ],
    [
      'packed, total stored',
      { safetensors: { parameters: { U32: 80, F16: 20 }, total: 100 } },
      { safetensors: { packed_total: true } },
    ],
    [
      'packed, total real',
      { safetensors: { parameters: { U32: 80, F16: 20 }, total: 660 } },
      { safetensors: { packed_total: false } },
    ],
    [
      'beyond 2^53',
      { safetensors: { parameters: { F16: '9007199254740993' } } },
      { ...extra('safetensors.parameters.F16', '9007199254740993') },
      ['type_to_extra safetensors.parameters.F16'],
    ],
  ],
  providers: [
    [
      'by key',
      { inferenceProviderMapping: { p: { status: 'live' } } },
      { inferenceProviderMapping: [{ provider: 'p', status: 'live' }] },
      [],
    ],
    [
      'list',
      { inferenceProviderMapping: [{ provider: 'p' }] },
      { inferenceProviderMapping: [{ provider: 'p' }] },
      [],
    ],
  ],
  'base models of the Hub': [
    [
      'as sent',
      { baseModels: { relation: 'merge', models: [{ _id: '1', id: 'a/b' }] } },
      { baseModels: { relation: 'merge', models: [{ _id: '1', id: 'a/b' }] } },
    ],
    [
      'list',
      { baseModels: [{ id: 'a/b' }] },
      { baseModels: { relation: null, models: [{ id: 'a/b' }] } },
    ],
    [
      'by relation',
      { baseModels: { finetune: ['a/b'] } },
      { baseModels: { relation: 'finetune', models: [{ _id: null, id: 'a/b' }] } },
    ],
  ],
  times: [
    [
      'as sent',
      { createdAt: '2024-01-02T03:04:05.000Z' },
      { createdAt: '2024-01-02T03:04:05.000Z' },
      [],
    ],
    [
      'with an offset',
      { createdAt: '2024-01-02 03:04:05+02' },
      { createdAt: '2024-01-02T01:04:05.000Z', ...extra('createdAt', '2024-01-02 03:04:05+02') },
      ['timestamp_form createdAt'],
    ],
    [
      'a day',
      { createdAt: '2024-01-02' },
      { createdAt: '2024-01-02T00:00:00.000Z' },
      ['timestamp_form createdAt'],
    ],
    [
      'no such day',
      { createdAt: '2024-02-30T00:00:00.000Z' },
      { createdAt: null },
      ['type_to_extra createdAt'],
    ],
    [
      'year 0, which BigQuery lacks',
      { createdAt: '0000-01-01T00:00:00.000Z' },
      { createdAt: null },
      ['type_to_extra createdAt'],
    ],
    [
      'a number',
      { createdAt: 1700000000 },
      { createdAt: null, ...extra('createdAt', 1700000000) },
      ['type_to_extra createdAt'],
    ],
  ],
  scalars: [
    ['number as text', { likes: '12' }, { likes: 12 }, ['number_from_text likes']],
    [
      'not quite a number',
      { likes: '012' },
      { likes: null, ...extra('likes', '012') },
      ['type_to_extra likes'],
    ],
    ['fraction', { likes: 1.5 }, { likes: null, ...extra('likes', 1.5) }, ['type_to_extra likes']],
    ['minus zero', { likes: -0 }, { likes: 0 }, []],
    ['boolean as text', { private: 'true' }, { private: true }, ['boolean_from_text private']],
    [
      'boolean as number',
      { private: 1 },
      { private: null, ...extra('private', 1) },
      ['type_to_extra private'],
    ],
    ['number where text belongs', { author: 7 }, { author: '7' }, ['text_from_scalar author']],
    [
      'object where text belongs',
      { author: { a: 1 } },
      { author: '{"a":1}' },
      ['text_from_json author'],
    ],
    [
      'half a character',
      { author: 'a\ud800' },
      { author: 'a\ufffd', ...extra('author', 'a\ud800') },
      ['lone_surrogate author'],
    ],
    ['unknown key', { gitalyUid: 'x' }, extra('gitalyUid', 'x'), ['key_to_extra gitalyUid']],
  ],
};

for (const [group, cases] of Object.entries(CASES)) {
  test.describe(group, () => {
    for (const [title, sent, row, repairs] of cases) {
      test(title, () => {
        const cleaned = cleanModel({ _id: '1', id: 'a/b', ...sent }, context);

        expect(cleaned).toMatchObject({ ok: true, model: row });
        if (repairs === undefined || !cleaned.ok) return;
        expect(cleaned.repairs.map(({ rule, path }) => `${rule} ${path}`)).toEqual(repairs);
      });
    }
  });
}
