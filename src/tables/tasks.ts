import { z } from 'zod';
import { req, str } from './fields.ts';
import { distinct, resultsOf } from './stated-results.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  task_name: str('Name of the task, as the author wrote it.'),
  task_type: str('Id of the task, e.g. `text-classification`.'),
  args: str('Arguments of the task.'),
  metrics: str('Metrics that stood inside the task, as JSON.'),
});

export const tasks = defineTable({
  name: 'tasks',
  description:
    'One row is a task that a model states results for, in its card. Does not join with metrics and datasets: see table results. For the task that the Hub shows a model under see core_model.pipeline_tag.',
  origin: 'model',
  row,
  key: ['_id', 'task_name', 'task_type', 'args', 'metrics'],
  project: (model) => {
    const stated = resultsOf(model).flatMap(({ task }) => task ?? []);
    return distinct(
      model,
      stated.map(({ name, type, args, metrics }) => ({
        ...{ task_name: name, task_type: type, args, metrics },
      })),
    );
  },
});
