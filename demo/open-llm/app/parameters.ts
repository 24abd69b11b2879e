import { mutation } from './model.ts';

/** State that the page keeps in its hash: `#/?columns=…&precision=…`. */
export interface Parameters {
  search: string;
  params: [number, number];
  filters: string[];
  precision: string[];
  types: string[];
  official: boolean;
  pinned: string[];
  columns: string[];
  rowSize: string;
  scoreDisplay: string;
  averageMode: string;
  rankingMode: string;
}

const MODEL_TYPES = [
  'pretrained',
  'continuously pretrained',
  'fine-tuned',
  'chat',
  'merge',
  'multimodal',
];

export const DEFAULTS: Parameters = {
  search: '',
  params: [-1, 140],
  filters: [],
  precision: ['bfloat16', 'float16', '4bit'],
  types: mutation === 'filters-on' ? MODEL_TYPES.filter((it) => it !== 'merge') : MODEL_TYPES,
  official: false,
  pinned: [],
  columns: [
    'rank',
    'model.type_icon',
    'id',
    'model.average_score',
    ...['ifeval', 'bbh', 'math', 'gpqa', 'musr', 'mmlu_pro'].map(
      (key) => `evaluations.${key}.normalized_score`,
    ),
    'metadata.co2_cost',
  ],
  rowSize: 'normal',
  scoreDisplay: 'normalized',
  averageMode: 'all',
  rankingMode: 'static',
};

const listOf = (text: string): string[] => text.split(',').filter((it) => it !== '');

/** Reads the hash; what is absent has its default, what is present but empty filters nothing. */
export function readParameters(hash: string): Parameters {
  const query = new URLSearchParams(hash.split('?')[1] ?? '');
  const list = (name: 'filters' | 'precision' | 'types' | 'pinned' | 'columns'): string[] => {
    const text = query.get(name);
    return text === null ? DEFAULTS[name] : listOf(text);
  };
  const text = (name: 'search' | 'rowSize' | 'scoreDisplay' | 'averageMode' | 'rankingMode') =>
    query.get(name) ?? DEFAULTS[name];
  const [low = NaN, high = NaN] = listOf(query.get('params') ?? '').map(Number);
  return {
    search: text('search'),
    params: Number.isNaN(low + high) ? DEFAULTS.params : [low, high],
    filters: list('filters'),
    precision: list('precision'),
    types: list('types'),
    official: query.get('official') === 'true',
    pinned: list('pinned'),
    columns: list('columns'),
    rowSize: text('rowSize'),
    scoreDisplay: text('scoreDisplay'),
    averageMode: text('averageMode'),
    rankingMode: text('rankingMode'),
  };
}

/** The hash that the page puts in place of the one it was opened with: only what is not default. */
export function writeParameters(parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    const written = String(value);
    const fallback = String(DEFAULTS[name as keyof Parameters]); // keys of one and the same type
    if (written !== fallback && written !== '') query.set(name, written);
  }
  const text = query.toString();
  return text === '' ? '#/' : `#/?${text}`;
}
