import { z } from 'zod';
import { int, recs, req, reqBool, reqInt, reqTs, str, strs, ts } from './fields.ts';
import { defineTable } from './table.ts';

export const runs = defineTable({
  name: 'runs',
  description:
    'One row is a run: what it was asked for, how its crawl ended, and what it counted. For each source listed = exported + carried + duplicates + rejected, exactly; whether that is all there is says completeness.',
  origin: 'run',
  row: z.strictObject({
    run: req('Id of the run.'),
    started_at: reqTs('When it began, UTC.'),
    finished_at: ts('When its crawl ended, UTC.'),
    status: req('done: all that was asked for came; partial: a source failed or was refused.'),
    exit_code: int(
      'Exit code of the run: 0 is all done, else see docs/errors.md. A load that fails later publishes no row.',
    ),
    version: req('Version of huggingface-etl.'),
    endpoint: req('Address of the Hub that was asked.'),
    sources: recs(
      {
        source: req('models, datasets, spaces, tags, benchmarks, boards/<id>.'),
        status: str(
          'done, resumed (in several processes), verified, loaded_only, drifted, failed, or a reason of table missed.',
        ),
        listed: reqInt('Records that the source listed.'),
        exported: reqInt('Records that became rows, as this run read them.'),
        duplicates: reqInt('Records seen before in the same run.'),
        rejected: reqInt('Records that are no record: see rejects.jsonl.'),
        missed: reqInt('Records that could not be had: see table missed.'),
        requests: reqInt('Requests sent, with retries.'),
        pages: reqInt('Pages kept as captures.'),
        bytes: int('Bytes of its captures as they are kept, packed. Null for boards one by one.'),
        seconds: int('Seconds that reading it took; of a process that was killed they are lost.'),
        carried: reqInt('Records that became rows with most fields as an earlier run read them.'),
      },
      'Counts by source.',
    ),
    schema_version: reqInt('Version of the tables.'),
    config_hash: str('SHA-256 of what was asked for: runs that agree in it asked for the same.'),
    asked_sources: strs(
      'Sources that were asked: models, datasets, spaces, tags, authors, benchmarks, boards.',
    ),
    asked_boards: strs('Ids of the boards that were asked.'),
    asked_tables: strs('Tables that were asked for by --tables; empty: all.'),
    sample_limit: int(
      'At most so many of each kind of repository were asked for (--limit); null: all.',
    ),
    sample_filter: str('Only repositories with this tag were asked for (--filter); null: all.'),
    sample_author: str('Only repositories of this user or organisation (--author); null: of all.'),
    is_light: reqBool(
      'Whether a list was asked for popularity, gates and dates only, and the rest was carried from earlier runs (--full-every).',
    ),
    error: str('What failed or was refused first, as code and message; null when nothing.'),
    bytes: int('Bytes of all captures as they are kept, packed.'),
    seconds: int('Seconds from start to end of the crawl, pauses between its processes included.'),
  }),
  key: ['run'],
});
