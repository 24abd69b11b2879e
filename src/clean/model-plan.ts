import type { Plan } from './shape.ts';
import {
  baseModelNames,
  cardData,
  cardMetrics,
  emissions,
  languages,
  texts,
  widget,
} from './normalise/card.ts';
import { autoMap, taskSpecificParams, unwrapValue } from './normalise/config.ts';
import {
  baseModelList,
  baseModels,
  dtypeCounts,
  modelTags,
  providers,
  siblings,
} from './normalise/hub.ts';
import { chain, joined, keyAsText, only } from './normalise/lists.ts';
import {
  datasetArgs,
  indexResults,
  metricArgs,
  modelIndex,
  resultDatasets,
  resultMetrics,
  resultTask,
} from './normalise/results.ts';

/** Prefixes every path of a part of a plan. */
const at = <Value>(path: string, part: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key === '' ? path : `${path}.${key}`, value]),
  );

const RESULT_ALIASES = {
  task: ['tasks'],
  metrics: ['metric'],
  'metrics.verified': ['veriefied'],
  'metrics.verifyToken': ['verify_token'],
};

const INDEX = {
  '': modelIndex,
  name: keyAsText,
  results: indexResults,
  'results.task': resultTask,
  'results.datasets': resultDatasets,
  'results.datasets.args': datasetArgs,
  'results.metrics': resultMetrics,
  'results.metrics.value': only,
  'results.metrics.args': metricArgs,
};

/** Fields of a card that hold one text. */
const ONE_TEXT = [
  ...['thumbnail', 'model_type', 'library_tag', 'library_version', 'library_name'],
  ...['base_model_relation', 'license_name', 'license_link', 'new_version'],
];

const WIDGET = { '': widget, example_title: joined, candidate_labels: joined };

/** What is known of the meaning of the fields of a model. */
export const modelPlan: Plan = {
  spelled: {
    model_index: 'model-index',
    'cardData.model_index': 'model-index',
    'config.diffusers.class_name': '_class_name',
    'model_index.results.datasets': 'dataset',
    'cardData.model_index.results.datasets': 'dataset',
  },
  aliases: {
    'cardData.tags': ['tag', 'Tags'],
    'cardData.datasets': ['dataset'],
    'cardData.metrics': ['metric'],
    ...at('model_index.results', RESULT_ALIASES),
    ...at('cardData.model_index.results', RESULT_ALIASES),
  },
  single: new Set([
    'widgetData.text',
    'config.adapter_transformers',
    'config.speechbrain',
    'cardData',
    'cardData.language',
    'cardData.license',
    'cardData.pipeline_tag',
    'cardData.datasets',
    'cardData.base_model',
    'cardData.widget.text',
    'model_index.results.datasets',
    'cardData.model_index.results.datasets',
  ]),
  normalise: {
    'config.architectures': unwrapValue,
    'config.model_type': chain(unwrapValue, joined),
    'config.auto_map': autoMap,
    'config.task_specific_params': taskSpecificParams,
    cardData,
    'cardData.language': languages,
    'cardData.tags': languages,
    ...at('cardData', { license: texts, datasets: texts, pipeline_tag: texts }),
    'cardData.base_model': baseModelNames,
    ...at('cardData', Object.fromEntries(ONE_TEXT.map((name) => [name, only]))),
    library_name: only,
    pipeline_tag: only,
    'cardData.metrics': cardMetrics,
    'cardData.co2_eq_emissions': emissions,
    ...at('widgetData', WIDGET),
    ...at('cardData.widget', WIDGET),
    ...at('model_index', INDEX),
    ...at('cardData.model_index', INDEX),
    'safetensors.parameters': dtypeCounts,
    siblings,
    baseModels,
    'baseModels.models': baseModelList,
    inferenceProviderMapping: providers,
  },
  replace: { tags: modelTags },
};
