import { z } from 'zod';
import { distinct } from './distinct.ts';
import { req, str } from './fields.ts';
import { resultsOf } from './stated-results.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  metric: str('Name of the metric, as the author wrote it.'),
  type: str('Id of the metric, e.g. `accuracy`.'),
  value: str('The score as text.'),
});

type Row = z.output<typeof row>;

export const metrics = defineTable({
  name: 'metrics',
  description:
    'One row is a score that a model states in its card. Does not join with tasks and datasets: which score is of which dataset stands in table results. Equal scores on several datasets are one row here. Values are text as the author wrote them: fractions, percents, units. Scores of benchmarks are in eval_results and leaderboard_scores.',
  origin: 'model',
  row,
  key: ['_id', 'metric', 'type', 'value'],
  since: '0.1.0',
  project: (model) => {
    const { id, _id } = model;
    const rows: Row[] = [];
    for (const result of resultsOf(model)) {
      for (const { name, type, value } of result.metrics) {
        if ((name ?? type ?? value) !== null) rows.push({ id, _id, metric: name, type, value });
      }
    }
    return distinct(rows, ['metric', 'type', 'value']);
  },
});
