import { bool, int, ints, num, params, paramsVal, rec, recs, scalar, scalars } from '../fields.ts';

const task = rec(
  {
    name: scalar('Name of the task, as the author wrote it.'),
    type: scalar('Id of the task, e.g. `text-classification`.'),
    args: scalar('Arguments of the task.'),
    metrics: scalar('Metrics that stood inside the task, as JSON.'),
    fields: params('Keys of the task without a column.'),
  },
  'What was evaluated.',
);

const datasets = recs(
  {
    name: scalar('Name of the dataset, as the author wrote it.'),
    type: scalar('Id of the dataset on the Hub, or what the author put there.'),
    config: scalar('Configuration of the dataset.'),
    split: scalar('Split that was evaluated.'),
    args: scalar('Arguments; of an object with one entry its value, of one with more its JSON.'),
    revision: scalar('Revision of the dataset.'),
    url: scalar('Address of the dataset.'),
    WER: scalar('Word error rate that stood in the place of a dataset key.'),
    link: scalar('Address of the dataset, under another key.'),
    params: params('Keys of the dataset without a column.'),
  },
  'What it was evaluated on.',
);

const metrics = recs(
  {
    name: scalar('Name of the metric, as the author wrote it.'),
    type: scalar('Id of the metric, e.g. `accuracy`; several are joined by ", ".'),
    value: scalar('The score as text: numbers keep their digits, units and ± stay as written.'),
    config: scalar('Configuration of the metric.'),
    verified: bool('Whether the Hub verified the score.'),
    verifyToken: scalar('Signature of the verification.'),
    args: scalars('Arguments; of an object `key : value`.'),
    lower_is_better: bool('Whether a lower score is a better one.'),
    num_train_epochs: int('Epochs of training that stood in the metric.'),
    learning_rate: num('Learning rate that stood in the metric.'),
    description: scalar('What the author says of the metric.'),
  },
  'What came out.',
);

const result = {
  task,
  datasets,
  metrics,
  params: paramsVal('Keys of the result without a column.'),
};
const head = {
  name: scalar('Name of the model in these results.'),
  license: scalar('Licence that stood among the results.'),
  description: scalar('What the author says of the results.'),
};

/** Results as the Hub's API gives them, in the field `model-index`. */
export const modelIndex = recs(
  {
    ...head,
    error: scalar('Why the Hub could not read the results of the card.'),
    results: recs(result, 'One evaluation each.'),
  },
  'Results that the author states in the card (`model-index`), as the Hub gives them. Superseded by evalResults.',
);

/** Results as they stand in the card; scalars there go to `values`. */
export const cardModelIndex = recs(
  {
    ...head,
    results: recs(
      {
        task,
        values: ints('Results that were bare numbers.'),
        datasets,
        metrics,
        params: paramsVal('Keys of the result without a column.'),
      },
      'One evaluation each.',
    ),
  },
  'Results as they stand in the card (`model-index` or `model_index`).',
);
