import type { SortKey } from './store.ts';

/** What one list endpoint of the Hub accepts and returns. */
export interface Listing {
  path: '/api/models' | '/api/datasets' | '/api/spaces';
  /** `expand` values that the list accepts; its 400 names them. */
  expands: readonly string[];
  /** Accepted by the list, yet never in its answer. */
  silent: readonly string[];
  /** Fields beside `_id` and `id` when nothing is asked for. */
  defaults: readonly string[];
  /** What `full=true` adds. */
  full: readonly string[];
  sorts: readonly SortKey[];
}

const COMMON_SORTS = ['createdAt', 'downloads', 'likes', 'lastModified'] as const;

/** The 30 values of `expand` on the list of models, in the order of a recorded answer. */
const MODEL_LIST_EXPANDS = [
  'author',
  'baseModels',
  'cardData',
  'config',
  'createdAt',
  'disabled',
  'downloads',
  'downloadsAllTime',
  'evalResults',
  'gated',
  'gguf',
  'inference',
  'inferenceProviderMapping',
  'lastModified',
  'library_name',
  'likes',
  'mask_token',
  'model-index',
  'pipeline_tag',
  'private',
  'resourceGroup',
  'safetensors',
  'sha',
  'siblings',
  'spaces',
  'tags',
  'transformersInfo',
  'trendingScore',
  'widgetData',
  'xetEnabled',
] as const;

/** The 32 values of `expand` on a single model. */
export const MODEL_DETAIL_EXPANDS: readonly string[] = [
  ...MODEL_LIST_EXPANDS,
  'childrenModelCount',
  'usedStorage',
];

/** What a single model answers when nothing is asked for. */
export const MODEL_DETAIL_DEFAULTS: readonly string[] = [
  'private',
  'pipeline_tag',
  'library_name',
  'tags',
  'downloads',
  'likes',
  'modelId',
  'author',
  'sha',
  'lastModified',
  'gated',
  'inference',
  'disabled',
  'mask_token',
  'widgetData',
  'model-index',
  'config',
  'cardData',
  'transformersInfo',
  'siblings',
  'spaces',
  'createdAt',
  'safetensors',
  'gguf',
  'usedStorage',
];

/** Fields that make a page heavy; `overloadIds` fails only when one of them is asked for. */
export const HEAVY_FIELDS: readonly string[] = [
  ...['siblings', 'gguf', 'widgetData'],
  ...['description', 'citation'],
];

export const MODELS: Listing = {
  path: '/api/models',
  expands: MODEL_LIST_EXPANDS,
  silent: ['spaces', 'mask_token', 'inference', 'resourceGroup'],
  defaults: [
    'likes',
    'trendingScore',
    'private',
    'downloads',
    'tags',
    'pipeline_tag',
    'library_name',
    'createdAt',
    'modelId',
  ],
  full: ['author', 'sha', 'lastModified', 'gated', 'disabled', 'siblings'],
  sorts: [...COMMON_SORTS, 'likes30d', 'trendingScore', 'num_parameters', 'mainSize', 'id'],
};

export const DATASETS: Listing = {
  path: '/api/datasets',
  expands: [
    'author',
    'cardData',
    'citation',
    'createdAt',
    'description',
    'disabled',
    'downloads',
    'downloadsAllTime',
    'gated',
    'lastModified',
    'likes',
    'mainSize',
    'paperswithcode_id',
    'private',
    'resourceGroup',
    'sha',
    'siblings',
    'tags',
    'trendingScore',
    'xetEnabled',
  ],
  silent: ['resourceGroup'],
  defaults: [
    'author',
    'disabled',
    'gated',
    'lastModified',
    'likes',
    'trendingScore',
    'private',
    'sha',
    'description',
    'downloads',
    'tags',
    'createdAt',
    'key',
  ],
  full: ['cardData', 'citation', 'siblings'],
  sorts: [...COMMON_SORTS, 'likes30d', 'trendingScore', 'mainSize', 'id'],
};

export const SPACES: Listing = {
  path: '/api/spaces',
  expands: [
    'author',
    'cardData',
    'createdAt',
    'datasets',
    'disabled',
    'lastModified',
    'likes',
    'models',
    'private',
    'region',
    'resourceGroup',
    'runtime',
    'sdk',
    'sha',
    'siblings',
    'subdomain',
    'tags',
    'trendingScore',
    'xetEnabled',
  ],
  silent: ['resourceGroup'],
  defaults: ['likes', 'trendingScore', 'private', 'sdk', 'tags', 'createdAt'],
  full: ['author', 'cardData', 'lastModified', 'sha', 'siblings'],
  sorts: ['createdAt', 'likes', 'lastModified', 'likes30d', 'trendingScore', 'id'],
};
