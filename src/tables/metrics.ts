import { z } from 'zod';
import { req, str } from './fields.ts';
import { distinct, resultsOf } from './stated-results.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  metric: str('Name of the metric, as the author wrote it.'),
  type: str('Id of the metric, e.g. `accuracy`.'),
  value: str('The score as text.'),
});

export const metrics = defineTable({
  name: 'metrics',
  description:
    'One row is a score that a model states in its card. Does not join with tasks and datasets: which score is of which dataset stands in table results. Equal scores on several datasets are one row here. Values are text as the author wrote them: fractions, percents, units. Scores of benchmarks are in eval_results and leaderboard_scores.',
  origin: 'model',
  row,
  key: ['_id', 'metric', 'type', 'value'],
  project: (model) => {
    const stated = resultsOf(model).flatMap(({ metrics: of }) => of);
    return distinct(
      model,
      stated.map(({ name, type, value }) => ({ metric: name, type, value })),
    );
  },
});
