import { z } from 'zod';
import { int, recs, req, reqInt, reqTs, str, ts } from './fields.ts';
import { defineTable } from './table.ts';

export const runs = defineTable({
  name: 'runs',
  description:
    'One row is a run and what it counted. For each source listed = exported + duplicates + rejected, exactly.',
  origin: 'run',
  row: z.strictObject({
    run: req('Id of the run.'),
    started_at: reqTs('When it began, UTC.'),
    finished_at: ts('When it ended, UTC. Null while it runs and when it was killed.'),
    status: req('running, done, failed, interrupted.'),
    exit_code: int('Exit code of the process; 0 is all done. Null while it runs.'),
    version: req('Version of huggingface-etl.'),
    endpoint: req('Address of the Hub that was asked.'),
    sources: recs(
      {
        source: req('models, catchup, details, tags, benchmarks, boards/<id>.'),
        status: str('done, resumed, failed, drifted, skipped.'),
        listed: reqInt('Records that the source listed.'),
        exported: reqInt('Records that became rows.'),
        duplicates: reqInt('Records seen before in the same run.'),
        rejected: reqInt('Records that are no record: see rejects.jsonl.'),
        missed: reqInt('Records that could not be had: see table missed.'),
        requests: reqInt('Requests sent, with retries.'),
        pages: reqInt('Pages kept as captures.'),
        bytes: int('Bytes of the bodies.'),
        seconds: int('Seconds from first to last request.'),
      },
      'Counts by source.',
    ),
  }),
  key: ['run'],
  since: '0.1.0',
});
