import { Option, type Command } from 'commander';

/** Flags that several commands have. */
export const hidden = (flags: string, description: string): Option =>
  new Option(flags, description).hideHelp();

export const withStateOptions = (command: Command): Command =>
  command
    .option(
      '--state <uri>',
      'gs://…, s3://…, hf://buckets/… or file:///…: what later runs need, without a disk',
    )
    .addOption(hidden('--state-lease <seconds>', 'without a sign of life of its holder'))
    .addOption(hidden('--state-every <seconds>', 'between two saves of what is crawled'));

export function withBigqueryOptions(command: Command): Command {
  return command
    .option('--min-rows <share>', 'of the models of the release before (default: 0.9)')
    .option('--bigquery-project <id>', 'Google Cloud project (default: GOOGLE_CLOUD_PROJECT)')
    .option('--bigquery-dataset <name>', 'data set of the tables (default: huggingface)')
    .option('--bigquery-location <place>', 'of the data sets (default: US)')
    .option('--bigquery-endpoint <url>', 'of an emulator (default: BIGQUERY_EMULATOR_HOST)');
}

export const withBucketOptions = (command: Command): Command =>
  command
    .option('--bucket <uri>', 'gs://BUCKET[/PREFIX] on the way to BigQuery (default: none)')
    .option('--storage-endpoint <url>', 'of an emulator (default: STORAGE_EMULATOR_HOST)');
