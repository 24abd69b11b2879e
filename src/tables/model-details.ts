import { z } from 'zod';
import { bool, int, params, recs, req, reqTs, str } from './fields.ts';
import { gguf } from './raw-model/weights.ts';
import { extra } from './repo-columns.ts';
import { defineTable } from './table.ts';

/** What the Hub says of one model when it is asked for it. */
export const detailColumns = {
  id: req('Name of the repository when it was asked for.'),
  _id: req('Id that survives renames.'),
  sha: str('Latest commit at that time: tree_bytes is of it.'),
  used_storage_bytes: int(
    'Storage that the repository takes with all revisions of its files, as the Hub counts it.',
  ),
  tree_bytes: int('All files of the latest commit, as the Hub adds them up.'),
  scans_done: bool(
    'Whether the scanners of the Hub are done with the files. False: security_issues may grow.',
  ),
  security_issues: recs(
    {
      path: str('Name of the file.'),
      level: str('unscanned, safe, queued, error, caution, suspicious or unsafe, as the Hub says.'),
      params: params('Keys without a column.'),
    },
    'Files that the Hub says something of. Empty where it names none, and where it was not had (scans_done is null).',
  ),
  gguf,
  extra,
};

export const modelDetails = defineTable({
  name: 'model_details',
  description:
    'What the Hub says of a model only when it is asked for it: storage, size, security. One row is a model that a run asked for (--details). History: each run adds its own. Null is what the Hub did not give: see table missed, sources details, details/treesize and details/scan. That no file is named says nothing of what no scanner looks for.',
  origin: 'run',
  row: z.strictObject({
    run: req('Run that asked.'),
    ...detailColumns,
    observed_at: reqTs('When the Hub answered, UTC.'),
  }),
  key: ['run', '_id'],
});
