import { z } from 'zod';
import { bool, num, req, str, strs } from './fields.ts';
import { figureOf } from './figures.ts';
import { resultsOf } from './stated-results.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  task: str('Name of the task, as the author wrote it.'),
  task_type: str('Id of the task, e.g. `text-classification`.'),
  dataset: str('Name of the dataset, as the author wrote it. Null when the result names none.'),
  dataset_type: str('Id of the dataset on the Hub, or what the author put there.'),
  dataset_config: str('Configuration of the dataset, e.g. a language.'),
  dataset_split: str('Split that was evaluated.'),
  dataset_revision: str('Revision of the dataset.'),
  dataset_args: str('Arguments of the dataset.'),
  metric: str('Name of the metric, as the author wrote it.'),
  metric_type: str('Id of the metric, e.g. `accuracy`. Names of one metric differ: prefer this.'),
  metric_config: str('Configuration of the metric.'),
  metric_args: strs('Arguments of the metric, `key : value`.'),
  value: num(
    'The score, where it is one number; an error after ± is left out. In the unit of `unit`; where that is null the author says none, and 0.91 and 91 may mean the same: never average across models without looking.',
  ),
  value_text: req('The score as stated.'),
  unit: str('percent, where the value or the name of the metric has a percent sign; else null.'),
  lower_is_better: bool(
    'Whether a lower score is a better one. Null when the author does not say.',
  ),
  verified: bool('Whether the Hub verified the score. Null when nothing is said.'),
  sources: strs('Where it stands: card, hub (the field model-index of the API).'),
});

type Row = z.output<typeof row>;

/** What makes two statements one: all that is said of the score, but not where, nor who verified it. */
const FACT = [
  ...['task', 'task_type', 'dataset', 'dataset_type', 'dataset_config', 'dataset_split'],
  ...['dataset_revision', 'dataset_args', 'metric', 'metric_type', 'metric_config'],
  ...['metric_args', 'value_text'],
] as readonly (keyof Row)[]; // names of columns

export const results = defineTable({
  name: 'results',
  description:
    "One row is a score that a model states in its card: on which task and dataset, by which metric. What card and Hub both state is one row. A metric without a value gives no row: see table metrics. These are the authors' own claims; scores from `.eval_results` files are in eval_results, those of leaderboards in leaderboard_scores.",
  origin: 'model',
  row,
  key: [],
  project: (model) => {
    const { id, _id } = model;
    const rows = new Map<string, Row>();
    for (const { source, task, datasets, metrics } of resultsOf(model)) {
      for (const dataset of datasets.length === 0 ? [NO_DATASET] : datasets) {
        for (const metric of metrics) {
          if (metric.value === null) continue;
          const next = { id, _id, ...rowOf(task, dataset, metric) };
          const key = JSON.stringify(FACT.map((name) => next[name]));
          const same = rows.get(key) ?? next;
          same.verified =
            same.verified === true ||
            metric.verified === true ||
            (same.verified ?? metric.verified);
          if (!same.sources.includes(source)) same.sources.push(source);
          rows.set(key, same);
        }
      }
    }
    return [...rows.values()];
  },
});

type Stated = ReturnType<typeof resultsOf>[number];
type Metric = Stated['metrics'][number];

const NO_DATASET = {
  ...{ name: null, type: null, config: null, split: null, revision: null, args: null },
};
const NO_TASK = { name: null, type: null };

function rowOf(
  task: Stated['task'],
  { name, type, config, split, revision, args }: typeof NO_DATASET | Stated['datasets'][number],
  metric: Metric,
): Omit<Row, 'id' | '_id'> {
  const figure = figureOf(metric.value);
  const isPercent =
    figure?.isPercent === true ||
    metric.name?.includes('%') === true ||
    metric.type?.includes('%') === true;
  return {
    task: (task ?? NO_TASK).name,
    task_type: (task ?? NO_TASK).type,
    dataset: name,
    dataset_type: type,
    dataset_config: config,
    dataset_split: split,
    dataset_revision: revision,
    dataset_args: args,
    metric: metric.name,
    metric_type: metric.type,
    metric_config: metric.config,
    metric_args: metric.args,
    value: figure?.value ?? null,
    value_text: metric.value ?? '',
    unit: isPercent ? 'percent' : null,
    lower_is_better: metric.lower_is_better,
    verified: metric.verified,
    sources: [],
  };
}
