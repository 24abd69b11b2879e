import { datasetRecord, type HubDataset } from '../tables/dataset-record.ts';
import { packedTotal } from '../tables/quantization.ts';
import { rawModel, type RawModel } from '../tables/raw-model.ts';
import { spaceRecord, type HubSpace } from '../tables/space-record.ts';
import type { CleanRecords, RecordOrigin } from '../tables/table.ts';
import { createCleaner, type Cleaner } from './cleaner.ts';
import { isRecord } from './json-text.ts';
import { modelPlan } from './model-plan.ts';
import { cardData, languages, texts } from './normalise/card.ts';
import { gated } from './normalise/hub.ts';
import { chain, each, only } from './normalise/lists.ts';
import type { Normalise, Plan } from './shape.ts';

/** `{rfilename: "a"}` is the path; an object that says more stays one. */
const files: Normalise = each((value) => {
  if (!isRecord(value) || Object.keys(value).length > 1) return value;
  return value['rfilename'] ?? value;
});

const spelled = {
  created_at: 'createdAt',
  last_modified: 'lastModified',
  trending_score: 'trendingScore',
  xet_enabled: 'xetEnabled',
  files: 'siblings',
  'cardData.license_typed': 'license',
  'cardData.card_tags': 'tags',
};

const ofCard = <Value>(names: readonly string[], value: Value): Record<string, Value> =>
  Object.fromEntries(names.map((name) => [`cardData.${name}`, value]));

const normalise = {
  files,
  tags: texts,
  cardData: chain(cardData, only),
  'cardData.card_tags': languages,
  ...ofCard(['license_typed'], texts),
  ...ofCard(['license_name', 'license_link'], only),
};

const aliases = { 'cardData.card_tags': ['tag', 'Tags'] };

/** Lists of a card where a single text is the rule. */
const DATASET_LISTS = [
  ...['task_categories', 'task_ids', 'size_categories', 'source_datasets'],
  ...['annotations_creators', 'language_creators', 'multilinguality'],
];

const datasetPlan: Plan = {
  spelled: {
    ...spelled,
    downloads_all_time: 'downloadsAllTime',
    main_size: 'mainSize',
    'cardData.card_paperswithcode_id': 'paperswithcode_id',
  },
  aliases,
  single: new Set([
    ...['license_typed', 'language', 'dataset_info', ...DATASET_LISTS].map(
      (it) => `cardData.${it}`,
    ),
  ]),
  normalise: {
    ...normalise,
    'cardData.language': languages,
    ...ofCard(DATASET_LISTS, texts),
    ...ofCard(['pretty_name', 'card_paperswithcode_id'], only),
  },
};

const spacePlan: Plan = {
  spelled: {
    ...spelled,
    'runtime.error': 'errorMessage',
    'runtime.gc_timeout': 'gcTimeout',
    'cardData.card_models': 'models',
    'cardData.card_datasets': 'datasets',
  },
  aliases,
  single: new Set(['cardData.license_typed', 'cardData.card_models', 'cardData.card_datasets']),
  normalise: {
    ...normalise,
    ...ofCard(['card_models', 'card_datasets'], texts),
    ...ofCard(['title', 'short_description', 'app_file'], only),
  },
};

export const cleanModel = createCleaner<RawModel>(rawModel, modelPlan, {
  before: gated,
  after: (model) => {
    if (model.safetensors !== null) model.safetensors.packed_total ??= packedTotal(model);
  },
});

const cleanDataset = createCleaner<HubDataset>(
  { name: 'hub_datasets', row: datasetRecord },
  datasetPlan,
  { before: gated },
);

const cleanSpace = createCleaner<HubSpace>({ name: 'hub_spaces', row: spaceRecord }, spacePlan);

/** The cleaner of each kind of record. */
export const CLEANERS: { [Origin in RecordOrigin]: Cleaner<CleanRecords[Origin]> } = {
  model: cleanModel,
  dataset: cleanDataset,
  space: cleanSpace,
};
