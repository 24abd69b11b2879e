import { extra, testCases } from './support/cases.ts';

const card = (members: Record<string, unknown>) => ({ cardData: members });
const inCard = (members: Record<string, unknown>) => ({ cardData: [members] });

testCases({
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
      'counts beside those of an earlier cleaning',
      {
        safetensors: {
          parameters: { C64: 1, extra_parameters: [{ name: 'F4', value: 2 }] },
          total: 3,
        },
      },
      {
        safetensors: {
          parameters: {
            extra_parameters: [
              { name: 'F4', value: 2 },
              { name: 'C64', value: 1 },
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
});
