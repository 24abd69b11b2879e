import type { Command } from 'commander';
import type { Add } from './boards-program.ts';
import { withBigqueryOptions, withBucketOptions, withStateOptions } from './options.ts';

/** Commands that look at what is there, and at the program itself. */
export function addInspection(add: Add, under: (parent: Command) => Add): void {
  addConfig(add, under);

  add('status', 'the last runs', async (io, flags) =>
    (await import('./commands/status.ts')).statusCommand(io, flags),
  );
  add('report', 'one page of HTML that shows the tables to people', async (io, flags, args) =>
    (await import('./commands/report.ts')).reportCommand(io, flags, args),
  )
    .argument('[folder]', 'of the tables (default: the newest export)')
    .option('--out <file>', 'the page (default: report.html beside the tables)');
  add('prune', 'removes captures, tables and evidence of old runs', async (io, flags) =>
    (await import('./commands/prune.ts')).pruneCommand(io, flags),
  )
    .option('--keep-runs <n>', 'newest runs that stay as they are (default: 3)')
    .option('--dry-run', 'say what would be removed');
  withStateOptions(
    add('pull', 'what the bucket of --state holds, into the storage', async (io, flags) =>
      (await import('./commands/pull.ts')).pullCommand(io, flags),
    ),
  );
  const doctor = add(
    'doctor',
    'checks browser, endpoint, token, clock, disk, and what --state, --bucket and BigQuery need',
    async (io, flags) => (await import('./commands/doctor.ts')).doctorCommand(io, flags),
  );
  withBigqueryOptions(withBucketOptions(withStateOptions(doctor)));
  add('schema', 'the columns of a table, or of all', async (io, flags, args) =>
    (await import('./commands/inspect.ts')).schemaCommand(io, flags, args),
  )
    .argument('[table]')
    .option('--as <form>', 'markdown, bigquery, duckdb or json-schema', 'markdown');
  add('query', 'asks the DuckDB file, read-only', async (io, flags, args) =>
    (await import('./commands/query.ts')).queryCommand(io, flags, args),
  )
    .argument('[sql]', 'one statement; - reads it from stdin')
    .option('--file <path>', 'of a file with the statement')
    .option('--refused', 'asks the release that checks refused last; the one before is `previous`')
    .option('--format <form>', 'table, json or csv (default: table on a terminal, else csv)');
  add('deploy', 'a recipe for a scheduler, filled in', async (io, flags, args) =>
    (await import('./commands/deploy.ts')).deployCommand(io, flags, args),
  )
    .argument('[recipe]', 'docker, cloud-run, kubernetes … (without: the list)')
    .option('--schedule <cron>', 'when (default: 0 3 * * *)')
    .option('--image <name>', 'of the container (default: huggingface-etl:latest)')
    .option('--to <list>', 'as of `run` (default: jsonl,duckdb)')
    .option(
      '--state <uri>',
      "bucket of the state, where there is no disk (default: gs://BUCKET/…, or the Hub's)",
    )
    .option('--disk <size>', 'of the volume, where there is one (default: 20Gi)');
  add('demo', 'the whole pipeline against a replica that the package carries', async (io, flags) =>
    (await import('./commands/demo.ts')).demoCommand(io, flags),
  );
}

function addConfig(add: Add, under: (parent: Command) => Add): void {
  const config = add('config', 'the settings; see its subcommand', async (io, flags) =>
    (await import('./commands/config.ts')).configCommand(io, flags),
  );
  under(config)('show', 'each setting, and where its value is from', async (io, flags) =>
    (await import('./commands/config.ts')).configCommand(io, flags),
  );
  const completion: Command = add(
    'completion',
    'a script that completes commands and flags',
    async (io, _flags, args) =>
      (await import('./commands/completion.ts')).completionCommand(
        io,
        completion.parent ?? completion,
        args,
      ),
  ).argument('<shell>', 'bash, zsh or fish: `source <(huggingface-etl completion bash)`');
}
