import type { Plan } from './shape.ts';
import { cardData, cardMetrics, emissions, language, widget } from './normalise/card.ts';
import { autoMap, taskSpecificParams, unwrapValue } from './normalise/config.ts';
import {
  baseModelList,
  baseModels,
  dtypeCounts,
  modelTags,
  providers,
  safetensors,
  siblings,
} from './normalise/hub.ts';
import { chain, joined } from './normalise/lists.ts';
import {
  datasetArgs,
  indexName,
  indexResults,
  metricArgs,
  metricValue,
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
  name: indexName,
  results: indexResults,
  'results.task': resultTask,
  'results.datasets': resultDatasets,
  'results.datasets.args': datasetArgs,
  'results.metrics': resultMetrics,
  'results.metrics.value': metricValue,
  'results.metrics.args': metricArgs,
};

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
    'cardData.language': language,
    'cardData.metrics': cardMetrics,
    'cardData.co2_eq_emissions': emissions,
    ...at('widgetData', WIDGET),
    ...at('cardData.widget', WIDGET),
    ...at('model_index', INDEX),
    ...at('cardData.model_index', INDEX),
    safetensors,
    'safetensors.parameters': dtypeCounts,
    siblings,
    baseModels,
    'baseModels.models': baseModelList,
    inferenceProviderMapping: providers,
  },
  replace: { tags: modelTags },
};
