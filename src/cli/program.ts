import { Command, CommanderError, Option } from 'commander';
import { EtlError } from '../errors.ts';
import { addBoards, withPageOptions, type Action, type Add } from './boards-program.ts';
import { printFailure } from './failure.ts';
import type { Io } from './io.ts';
import type { Flags } from './session.ts';
import { packageVersion } from './version.ts';

/**
 * Runs the command line; resolves to the exit code. Commands are loaded when they are called, so that
 * `--help` costs nothing.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, async (action, flags, args) => {
    exitCode = await action(io, flags, args);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.message.replace(/^error: /, '');
      return printFailure(io, new EtlError('CONFIG_INVALID', message), argv.includes('--json'));
    }
    return printFailure(io, error, argv.includes('--json'));
  }
}

type Run = (action: Action, flags: Flags, args: string[]) => Promise<void>;

function createProgram({ stdout }: Io, run: Run): Command {
  const program = new Command('huggingface-etl')
    .description(
      "The Hugging Face Hub's models, data sets and Spaces, and the LLM leaderboards, as clean, typed, documented tables.",
    )
    .version(packageVersion())
    .option('--storage <dir>', 'folder of everything a run writes (default: storage)')
    .option('--endpoint <url>', 'address of the Hub (default: HF_ENDPOINT or huggingface.co)')
    .option(
      '--contact <address>',
      'in our User-Agent, for who wants to ask (default: the npm page)',
    )
    .option('--json', 'print one JSON object to stdout, and nothing else')
    .option('--log-level <level>', 'silent, error, warn, info or debug (default: info)')
    .option('--log-format <format>', 'pretty or json (default: pretty on a terminal)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => stdout.columns ?? 80,
    })
    .showHelpAfterError(false)
    .addHelpText('after', EXIT_CODES);
  const under =
    (parent: Command): Add =>
    (name, description, action) => {
      const command = parent.command(name).description(description);
      command.action(() => run(action, command.optsWithGlobals<Flags>(), command.args));
      return command;
    };
  const add = under(program);
  addPipeline(add);
  addBoards(add, under);
  addInspection(add);
  return program;
}

const EXIT_CODES = `
Exit codes: 0 done; 1 a bug; 2 usage; 3 a source failed; 4 a board changed; 5 a check refused to
publish; 6 load failed; 7 token; 8 another run holds the storage; 75 try later; 130/143 interrupted,
state saved. Settings also come from HF_ENDPOINT, HF_TOKEN and huggingface-etl.config.json.`;

function addPipeline(add: Add): void {
  const run = add('run', 'crawl, export and load: all of it', async (io, flags) =>
    (await import('./commands/run.ts')).runCommand(io, flags, { command: 'run', crawlOnly: false }),
  );
  withCrawlOptions(run);
  withExportOptions(run).option(
    '--keep-runs <n>',
    'whose captures and tables stay afterwards; 0 for all (default: 3)',
  );
  const crawl = add('crawl', 'network to raw captures', async (io, flags, args) =>
    (await import('./commands/run.ts')).runCommand(
      io,
      args.length > 0 ? { ...flags, sources: args } : flags,
      {
        command: 'crawl',
        crawlOnly: true,
      },
    ),
  );
  withCrawlOptions(
    crawl.argument('[sources...]', 'models, datasets, spaces, tags, authors, benchmarks, boards'),
  );
  const exportCommand = add('export', 'raw captures to tables; offline', async (io, flags) =>
    (await import('./commands/export.ts')).exportCommand(io, flags),
  );
  withExportOptions(exportCommand).option(
    '--replay <run>',
    'a past run (default: the newest crawl)',
  );
  const load = add('load', 'finished tables to the warehouse', async (io, flags) =>
    (await import('./commands/export.ts')).loadCommand(io, flags),
  );
  load
    .option('--to <list>', 'duckdb,bigquery (default: duckdb)')
    .option('--out <dir>', 'folder of the tables (default: the newest export)')
    .option('--dry-run', 'say what would happen, with sizes, and do nothing');
  for (const command of [run, exportCommand, load]) withBucketOptions(withBigqueryOptions(command));
  const releases = add('releases', 'what a warehouse holds, newest first', async (io, flags) =>
    (await import('./commands/releases.ts')).releasesCommand(io, flags),
  );
  const rollback = add(
    'rollback',
    'a release before back into its warehouse',
    async (io, flags, args) =>
      (await import('./commands/releases.ts')).rollbackCommand(io, flags, args),
  ).argument('<run>', 'of the release, as `releases` names it');
  for (const command of [releases, rollback]) {
    withBigqueryOptions(
      command.option('--to <one>', 'duckdb or bigquery (default: duckdb without a project)'),
    );
  }
}

function addInspection(add: Add): void {
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
  add('doctor', 'checks browser, endpoint, token, disk and clock', async (io, flags) =>
    (await import('./commands/doctor.ts')).doctorCommand(io, flags),
  );
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
  add('demo', 'the whole pipeline against a replica that the package carries', async (io, flags) =>
    (await import('./commands/demo.ts')).demoCommand(io, flags),
  );
}

function withBigqueryOptions(command: Command): Command {
  return command
    .option('--min-rows <share>', 'of the models of the release before (default: 0.9)')
    .option('--bigquery-project <id>', 'Google Cloud project (default: GOOGLE_CLOUD_PROJECT)')
    .option('--bigquery-dataset <name>', 'data set of the tables (default: huggingface)')
    .option('--bigquery-location <place>', 'of the data sets (default: US)')
    .option('--bigquery-endpoint <url>', 'of an emulator (default: BIGQUERY_EMULATOR_HOST)');
}

const withBucketOptions = (command: Command): Command =>
  command
    .option('--bucket <uri>', 'gs://BUCKET[/PREFIX] on the way to BigQuery (default: none)')
    .option('--storage-endpoint <url>', 'of an emulator (default: STORAGE_EMULATOR_HOST)');

const hidden = (flags: string, description: string): Option =>
  new Option(flags, description).hideHelp();

function withCrawlOptions(command: Command): Command {
  command
    .option(
      '--sources <list>',
      'models,datasets,spaces,tags,authors,benchmarks,boards (default: all)',
    )
    .option('--limit <n>', 'models, data sets and Spaces to take at most, of each')
    .option('--filter <tag>', 'only those with this tag')
    .option('--author <name>', 'only those of this user or organisation')
    .option('--light', 'leave out large fields: file lists, gguf, widgetData, descriptions')
    .option(
      '--overviews <n>',
      'owners of most downloads to ask about, 0 for none (default: 2000; 0 with --limit)',
    )
    .option('--fresh', 'start anew instead of resuming')
    .option('--page-size <n>', 'records a page (default: 1000)')
    .option('--timeout <seconds>', 'for one page of the API (default: 120)')
    .option('--parts <n>', 'of each list of the Hub, side by side (default: as the quota is)')
    .option('--board <ids>', 'ids of boards, with commas (default: all that are followed)')
    .option('--id <id>', 'of the board of --url (default: from the address)')
    .option('--accept <ids>', 'boards whose change is accepted: as `boards accept`');
  return withPageOptions(command).addOption(
    hidden('--retry-base <seconds>', 'of the first back-off'),
  );
}

function withExportOptions(command: Command): Command {
  return command
    .option('--to <list>', 'jsonl,parquet,csv,duckdb,bigquery (default: jsonl,duckdb)')
    .option('--compress <how>', 'none, gzip or zstd: of JSONL (default: zstd)')
    .option('--out <dir>', 'folder of the tables (default: storage/exports/<run>)')
    .option('--tables <names>', 'only these tables, with commas')
    .option('--publishable', 'leave out boards whose rows not everybody may publish')
    .option(
      '--max-removed <share>',
      'of the models of the run before that may be gone (default: 0.01)',
    )
    .option('--names <file>', 'which models names on boards mean: CSV, JSON or Parquet')
    .option(
      '--developers <file>',
      'who makes the models of an owner, and where: CSV, JSON or Parquet',
    )
    .option('--workers <n>', 'threads that clean');
}
