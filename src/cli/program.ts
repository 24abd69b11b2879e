import { Command, CommanderError } from 'commander';
import { EtlError } from '../errors.ts';
import { addBoards, withPageOptions, type Action, type Add } from './boards-program.ts';
import { addInspection } from './inspection-program.ts';
import { ReaderGone, type Io } from './io.ts';
import { hidden, withBigqueryOptions, withBucketOptions, withStateOptions } from './options.ts';
import type { Flags } from './session.ts';
import { packageVersion } from './version.ts';

const JSON_VARIABLE = 'HUGGINGFACE_ETL_JSON';

/**
 * Runs the command line; resolves to the exit code. Commands are loaded when they are called, so that
 * `--help` costs nothing.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const json = argv.includes('--json') || /^(?:1|true|yes|on)$/i.test(io.env[JSON_VARIABLE] ?? '');
  const program = createProgram(io, async (action, flags, args) => {
    exitCode = await action(io, flags, args);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0 || error.code === 'commander.help') return 0;
      const message = error.message.replace(/^error: /, '');
      return (await import('./failure.ts')).printFailure(
        io,
        new EtlError('CONFIG_INVALID', message),
        argv.includes('--json'),
      );
    }
    return (await import('./failure.ts')).printFailure(io, error, json);
  }
}

type Run = (action: Action, flags: Flags, args: string[]) => Promise<void>;

/** All commands and flags. @param run what a command does when it is called */
export function createProgram({ stdout }: Pick<Io, 'stdout'>, run: Run): Command {
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
    .option('--boards <dir>', 'definitions of your own, one a file (default: none)')
    .option('--quiet', 'no progress, no summary, and of the log what went wrong')
    .option('--json', 'print one JSON object to stdout, and nothing else')
    .option('--log-level <level>', 'silent, error, warn, info or debug (default: info)')
    .option('--log-format <format>', 'pretty or json (default: pretty on a terminal)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stdout.write(text), // help of a command that was not named
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
  addBackfill(add);
  addBoards(add, under);
  addInspection(add, under);
  addUpLists(program);
  return program;
}

/** A list that is given twice is one list; of itself commander takes the last, and says nothing. */
function addUpLists({ options, commands }: Command): void {
  for (const option of options)
    if (/<(?:list|names|ids|pairs)>$/.test(option.flags))
      option.argParser<string>((value, before) => [before, value].filter(isGiven).join(','));
  for (const command of commands) addUpLists(command);
}

const isGiven = (it: string | undefined): boolean => it !== undefined;

const EXIT_CODES = `
Exit codes: 0 done; 1 a bug; 2 usage; 3 a source failed; 4 a board changed; 5 a check refused to
publish; 6 load failed; 7 token; 8 another run holds the storage; 75 try later; 130/143 interrupted,
state saved. Each flag is also a variable, HUGGINGFACE_ETL_<NAME>, and a key of huggingface-etl.config.json:
\`config show\` has all, and where each is from. HF_TOKEN and HF_ENDPOINT mean what they mean elsewhere.`;

const DRY_RUN = 'say what it would take: requests, minutes, tables, disk; ask nobody';

function addPipeline(add: Add): void {
  const runs = addRuns(add);
  const crawl = add('crawl', 'network to raw captures', async (io, flags, args) =>
    (await import('./commands/run.ts')).crawlCommand(io, flags, args),
  );
  withNoticeOptions(crawl).option('--dry-run', DRY_RUN);
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
    .option(
      '--to <list>',
      'duckdb,bigquery,hf://datasets/OWNER/NAME,hf://buckets/… (default: duckdb)',
    )
    .option('--out <dir>', 'folder of the tables (default: the newest export)')
    .option('--dry-run', 'say what would happen, with sizes, and do nothing');
  for (const command of [...runs, exportCommand, load])
    withHubOptions(withBucketOptions(withBigqueryOptions(command)));
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

function addBackfill(add: Add): void {
  add('backfill', 'public snapshots of the Hub into the DuckDB file', async (io, flags, args) =>
    (await import('./commands/backfill.ts')).backfillCommand(io, flags, args),
  )
    .argument('<from>', 'a folder of KIND/DATE/KIND.parquet, or hf://datasets/OWNER/NAME')
    .option('--since <date>', 'of the first snapshot that is wanted')
    .option('--until <date>', 'of the last one')
    .option(
      '--source <name>',
      'who made them (default: the data set; hfmlsoc/hub_weekly_snapshots)',
    )
    .option('--licence <id>', 'theirs (default: as the data set says; ODbL-1.0 of a folder)')
    .option('--timeout <seconds>', 'for one part of a file (default: 120)')
    .addOption(hidden('--retry-base <seconds>', 'of the first back-off'));
}

function addRuns(add: Add): Command[] {
  const run = add('run', 'crawl, export and load: all of it', async (io, flags) =>
    (await import('./commands/run.ts')).runCommand(io, flags),
  );
  const serve = add('serve', '`run` by time, and pages that tell of it', async (io, flags) =>
    (await import('./commands/serve.ts')).serveCommand(io, flags),
  )
    .option('--schedule <cron>', 'when, in the time zone TZ (default: 0 3 * * *)')
    .option('--host <address>', 'to listen on (default: 127.0.0.1)')
    .option('--port <n>', 'of the pages, /healthz and /metrics (default: 8080)')
    .option('--allow-host <names>', 'that requests may ask for, besides addresses and localhost');
  for (const command of [run, serve]) {
    withExportOptions(withNoticeOptions(withCrawlOptions(command))).option(
      '--keep-runs <n>',
      'whose captures and tables stay afterwards; 0 for all (default: 3; 1 with --state)',
    );
  }
  run.option('--dry-run', DRY_RUN);
  return [run, serve];
}

const withHubOptions = (command: Command): Command =>
  command
    .option('--with-text', 'texts of cards and chat templates too, on the Hub')
    .option(
      '--takedown <file>',
      'whose rows stay out of what is published there: ids and owners, one a line',
    );

const withNoticeOptions = (command: Command): Command =>
  command
    .option('--notify <url>', 'told of failure, drift, refusal, recovery: [slack:|ntfy:]URL')
    .option('--heartbeat <url>', 'asked for after each run that went well');

function withCrawlOptions(command: Command): Command {
  withStateOptions(command)
    .option(
      '--sources <list>',
      'models,datasets,spaces,tags,authors,benchmarks,boards (default: all)',
    )
    .option('--limit <n>', 'models, data sets and Spaces to take at most, of each')
    .option('--filter <tag>', 'only those with this tag')
    .option('--author <name>', 'only those of this user or organisation')
    .option(
      '--full-every <days>',
      'after which all fields of all are asked for again; 0: in each run (default: 7)',
    )
    .option(
      '--overviews <n>',
      'owners of most downloads to ask about, 0 for none (default: 2000; 0 with --limit)',
    )
    .option(
      '--details <which>',
      'models to ask one by one: top:N (by downloads), ids:FILE or changed (default: none)',
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
    .option(
      '--to <list>',
      'jsonl,parquet,csv,duckdb,bigquery,hf://datasets/OWNER/NAME,hf://buckets/… (default: jsonl,duckdb)',
    )
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
