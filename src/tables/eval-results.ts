import { z } from 'zod';
import { bool, int, num, req, str, strs, ts } from './fields.ts';
import { figureOf } from './figures.ts';
import type { RawModel } from './raw-model.ts';
import { defineTable } from './table.ts';

type EvalResult = RawModel['evalResults'][number];

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  benchmark: str('Dataset of the benchmark, e.g. `mteb/arguana`.'),
  task_id: str('Task of the benchmark; the shorter name where the result stands under two.'),
  task_ids: strs('All names under which the same result stands.'),
  revision: str('Revision of the dataset.'),
  value: num(
    'The score, where it is one number; an error after ± is left out. In the unit of the benchmark, which nobody states. Seen: percent of GPQA, MMLU-Pro and HLE, and the main scores of MTEB times 100. Of the others most are percent, some 0 to 1, errors, seconds or money, and authors mix percent with 0 to 1: compare within one benchmark and task only, after a look at its range (docs/questions.md).',
  ),
  value_text: str('The score as stated.'),
  verified: bool('Whether the Hub verified the result.'),
  source_url: str('Address of the source.'),
  source_name: str('Name of the source.'),
  source_user: str('User who states it.'),
  source_org: str('Organisation that states it.'),
  date: ts('When the result was found.'),
  notes: str('What the author says of it.'),
  filename: str('File in the repository that states it.'),
  pull_request: int('Open pull request that states it; null when it is merged.'),
});

type Row = z.output<typeof row>;

export const evalResults = defineTable({
  name: 'eval_results',
  description:
    "One row is a score of a model on a task of a benchmark, from the model's own `.eval_results` files, merged or in an open pull request. The same result under two task ids of one file (`ArguAna`, `ArguAna_default_test`) is one row.",
  origin: 'model',
  row,
  key: [],
  project: (model) => {
    const rows: Row[] = [];
    const facts = new Map<string, Row[]>();
    for (const result of model.evalResults) {
      const next = rowOf(model, result);
      // A file without a result, or one that the Hub could not read.
      if ((next.benchmark ?? next.task_id ?? next.value_text) === null) continue;
      const fact = JSON.stringify({ ...next, task_id: null, task_ids: [] });
      const alike = facts.get(fact) ?? [];
      const same = alike.find((it) => isSameTask(it.task_id, next.task_id));
      if (same === undefined) {
        rows.push(next);
        facts.set(fact, [...alike, next]);
      } else merge(same, next);
    }
    return rows;
  },
});

/** What the Hub adds to a task's name where it states a result once more: configuration and split. */
const REPEATED = '_default_test';

/**
 * Whether two ids name one task, as `ArguAna` and `ArguAna_default_test` do; `wmt_en` and `wmt_en_de`,
 * with equal results perhaps, are two.
 */
export const isSameTask = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && (a === b + REPEATED || b === a + REPEATED));

function merge(row: Row, other: Row): void {
  for (const task of other.task_ids) if (!row.task_ids.includes(task)) row.task_ids.push(task);
  if ((other.task_id ?? '').length < (row.task_id ?? '').length) row.task_id = other.task_id;
}

const NO_DATASET = { id: null, task_id: null, revision: null };
const NO_SOURCE = { url: null, name: null, user: null, org: null };
const NO_DATA = { dataset: null, value: null, source: null, date: null, notes: null };

function rowOf({ id, _id }: RawModel, { filename, verified, data, pullRequest }: EvalResult): Row {
  const { dataset, value, source, date, notes } = data ?? NO_DATA;
  const { id: benchmark, task_id, revision } = dataset ?? NO_DATASET;
  const { url, name, user, org } = source ?? NO_SOURCE;
  return {
    id,
    _id,
    benchmark,
    task_id,
    task_ids: task_id === null ? [] : [task_id],
    revision,
    value: figureOf(value)?.value ?? null,
    value_text: value,
    verified,
    source_url: url,
    source_name: name,
    source_user: user,
    source_org: org,
    date,
    notes,
    filename,
    pull_request: pullRequest,
  };
}
