import { z } from 'zod';
import { distinct } from './distinct.ts';
import { req, str } from './fields.ts';
import { resultsOf } from './stated-results.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  task_name: str('Name of the task, as the author wrote it.'),
  task_type: str('Id of the task, e.g. `text-classification`.'),
  args: str('Arguments of the task.'),
  metrics: str('Metrics that stood inside the task, as JSON.'),
});

type Row = z.output<typeof row>;

export const tasks = defineTable({
  name: 'tasks',
  description:
    'One row is a task that a model states results for, in its card. Does not join with metrics and datasets: see table results. For the task that the Hub shows a model under see core_model.pipeline_tag.',
  origin: 'model',
  row,
  key: ['_id', 'task_name', 'task_type', 'args', 'metrics'],
  since: '0.1.0',
  project: (model) => {
    const { id, _id } = model;
    const rows: Row[] = [];
    for (const { task } of resultsOf(model)) {
      if (task === null) continue;
      const { name, type, args, metrics } = task;
      if ((name ?? type ?? args ?? metrics) === null) continue;
      rows.push({ id, _id, task_name: name, task_type: type, args, metrics });
    }
    return distinct(rows, ['task_name', 'task_type', 'args', 'metrics']);
  },
});
