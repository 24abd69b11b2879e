import type { BoardColumn, BoardDefinition, BoardFilter } from '../definition.ts';

/** What lies at a path of a loaded row; undefined when any step is missing. */
function at(row: unknown, ...path: string[]): unknown {
  let value = row;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key]; // an object's own property, said above
  }
  return value;
}

const numberAt = (row: unknown, ...path: string[]): number | undefined => {
  const value = at(row, ...path);
  return typeof value === 'number' ? value : undefined;
};

const textAt = (row: unknown, ...path: string[]): string => {
  const value = at(row, ...path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const MISSING = '-';
const EVALUATIONS = ['ifeval', 'bbh', 'math', 'gpqa', 'musr', 'mmlu_pro'];

const score = (row: unknown, key: string): number | undefined =>
  numberAt(row, 'evaluations', key, 'normalized_score');

/** The page does not show `average_score` as sent: it takes the mean of the six normalised scores. */
function average(row: unknown): number | undefined {
  let sum = 0;
  for (const key of EVALUATIONS) {
    const value = score(row, key);
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum / EVALUATIONS.length;
}

const percent = (value: number | undefined): string =>
  value === undefined ? MISSING : `${value.toFixed(2)} %`;

// The page takes the first word that the type contains, so `continuouslypretrained` gets 🟢.
const TYPE_ICONS = [
  ['pretrained', '🟢'],
  ['continuously pretrained', '🟩'],
  ['fine-tuned', '🔶'],
  ['chat', '💬'],
  ['merge', '🤝'],
  ['multimodal', '🌸'],
] as const;

const typeOf = (row: unknown): string => textAt(row, 'model', 'type').toLowerCase();

const typeIcon = (row: unknown): string =>
  TYPE_ICONS.find(([word]) => typeOf(row).includes(word))?.[1] ?? '❓';

type Given = Pick<BoardColumn, 'header' | 'name' | 'key'>;

const evaluation = (header: string, name: string, key: string): BoardColumn => ({
  header,
  name,
  key: `evaluations.${key}.normalized_score`,
  kind: 'percent',
  score: true,
  unit: 'percent',
  text: (row) => percent(score(row, key)),
  value: (row) => score(row, key),
});

/** A column of the column menu whose key is the path of its value. */
const field = (given: Given & { key: string }, kind: 'text' | 'date'): BoardColumn => {
  const path = given.key.split('.');
  return {
    ...given,
    kind,
    text: (row) => textAt(row, ...path) || MISSING,
    value: (row) => at(row, ...path) ?? undefined,
  };
};

const count = (given: Given & { key: string }): BoardColumn => {
  const path = given.key.split('.');
  return {
    ...given,
    kind: 'number',
    text: (row) => textAt(row, ...path),
    value: (row) => at(row, ...path) ?? undefined,
  };
};

const flag = (given: Given & { key: string }): BoardColumn => {
  const path = given.key.split('.');
  return {
    ...given,
    kind: 'boolean',
    text: (row) => {
      const value = at(row, ...path) ?? undefined;
      if (value === undefined) return MISSING;
      return value ? 'Yes' : 'No';
    },
    value: (row) => at(row, ...path) ?? undefined,
  };
};

const COLUMNS: readonly BoardColumn[] = [
  { header: '', name: 'pin', kind: 'text', required: false, text: () => '' },
  { header: 'Rank', name: 'rank', key: 'rank', kind: 'number', text: (_row, rank) => String(rank) },
  {
    header: 'Type',
    name: 'type',
    key: 'model.type_icon',
    kind: 'text',
    text: typeIcon,
    value: (row) => at(row, 'model', 'type'),
  },
  {
    header: 'Model',
    name: 'model',
    key: 'id',
    kind: 'model',
    text: (row) => textAt(row, 'model', 'name'),
    value: (row) => at(row, 'model', 'name'),
  },
  {
    header: 'Average',
    name: 'average',
    key: 'model.average_score',
    kind: 'percent',
    score: true,
    unit: 'percent',
    text: (row) => percent(average(row)),
    value: average,
  },
  evaluation('IFEval', 'ifeval', 'ifeval'),
  evaluation('BBH', 'bbh', 'bbh'),
  evaluation('MATH', 'math_lvl_5', 'math'),
  evaluation('GPQA', 'gpqa', 'gpqa'),
  evaluation('MUSR', 'musr', 'musr'),
  evaluation('MMLU-PRO', 'mmlu_pro', 'mmlu_pro'),
  field({ header: 'Architecture', name: 'architecture', key: 'model.architecture' }, 'text'),
  field({ header: 'Precision', name: 'precision', key: 'model.precision' }, 'text'),
  {
    header: 'Parameters',
    name: 'params_billions',
    key: 'metadata.params_billions',
    kind: 'number',
    text: (row) => `${textAt(row, 'metadata', 'params_billions')}B`,
    value: (row) => at(row, 'metadata', 'params_billions') ?? undefined,
  },
  field({ header: 'License', name: 'license', key: 'metadata.hub_license' }, 'text'),
  {
    header: 'CO₂ Cost',
    name: 'co2_cost',
    key: 'metadata.co2_cost',
    kind: 'number',
    score: true,
    unit: 'kg',
    lowerIsBetter: true,
    text: (row) => `${numberAt(row, 'metadata', 'co2_cost')?.toFixed(2) ?? '0'} kg`,
    value: (row) => numberAt(row, 'metadata', 'co2_cost'),
  },
  count({ header: 'Hub ❤️', name: 'hub_likes', key: 'metadata.hub_hearts' }),
  field({ header: 'Upload Date', name: 'upload_date', key: 'metadata.upload_date' }, 'date'),
  field(
    { header: 'Submission Date', name: 'submission_date', key: 'metadata.submission_date' },
    'date',
  ),
  count({ header: 'Generation', name: 'generation', key: 'metadata.generation' }),
  field({ header: 'Base Model', name: 'base_model', key: 'metadata.base_model' }, 'text'),
  flag({ header: 'Chat Template', name: 'chat_template', key: 'model.has_chat_template' }),
  // True means available, whatever the key says: facts of the board's data, not a mistake of ours.
  flag({
    header: 'Hub Availability',
    name: 'available_on_hub',
    key: 'features.is_not_available_on_hub',
  }),
  flag({
    header: 'Official Providers',
    name: 'official_provider',
    key: 'features.is_official_provider',
  }),
  flag({ header: 'Mixture of Experts', name: 'moe', key: 'features.is_moe' }),
  flag({ header: 'Flag Status', name: 'flagged', key: 'features.is_flagged' }),
];

const PRECISIONS = ['bfloat16', 'float16', '4bit'];
const TYPES = TYPE_ICONS.map(([word]) => word);

const FILTERS: readonly BoardFilter[] = [
  {
    name: 'precision',
    value: PRECISIONS.join(','),
    keeps: (row) => PRECISIONS.includes(textAt(row, 'model', 'precision')),
  },
  {
    name: 'types',
    value: TYPES.join(','),
    keeps: (row) => TYPES.some((word) => typeOf(row).includes(word)),
  },
];

/**
 * The Open LLM Leaderboard, second version: retired on 13 March 2025, its last rows two days later,
 * still served as an archive by the same React page and API.
 *
 * @see https://huggingface.co/spaces/open-llm-leaderboard/open_llm_leaderboard
 */
export const openLlm: BoardDefinition = {
  id: 'open-llm',
  title: 'Open LLM Leaderboard',
  url: 'https://open-llm-leaderboard-open-llm-leaderboard.hf.space/',
  renderer: 'open-llm-react',
  licence: 'not stated by open-llm-leaderboard/contents',
  identity: (row) => textAt(row, 'id'),
  shownIdentity: (row) => textAt(row, 'model', 'name'),
  order: (row) => average(row) ?? -1,
  filters: FILTERS,
  columns: COLUMNS,
  minimumRows: 4000,
  frozen: {
    rows: 4576,
    since: '2025-03-15',
    identitiesSha256: '0221da451d62dd733d5d80705a1fe04765295fb83d03d428befc390d688d399f',
  },
};
