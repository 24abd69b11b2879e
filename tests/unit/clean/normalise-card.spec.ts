import { extra, testCases } from './support/cases.ts';

const card = (members: Record<string, unknown>) => ({ cardData: members });
const inCard = (members: Record<string, unknown>) => ({ cardData: [members] });
const index = (result: Record<string, unknown>) => ({
  'model-index': [{ name: 'm', results: [result] }],
});
const inIndex = (result: Record<string, unknown>) => ({
  model_index: [{ name: 'm', results: [result] }],
});

testCases({
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
      'several keys beside no result',
      { 'model-index': [{ task: 'ner', dataset: 'd', metrics: [{ value: 1 }] }] },
      {
        model_index: [
          {
            results: [
              { task: { name: 'ner' }, datasets: [{ name: 'd' }], metrics: [{ value: '1' }] },
            ],
          },
        ],
      },
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
});
