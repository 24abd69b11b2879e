import { parseAllDocuments } from 'yaml';
import { expect, test } from '../../helpers/fixtures.ts';

const VALUES = [
  ...['--image', 'registry.example/etl@sha256:00', '--schedule', '30 4 * * 1-5', '--disk', '7Gi'],
  ...['--state', 's3://bucket/etl', '--to', 'parquet,bigquery'],
];

test('each recipe is whole once it is filled in, and what is YAML parses', async ({ cli }) => {
  const { stdout } = await cli(['deploy']);
  const names = stdout.trimEnd().split('\n');
  expect(names).toEqual([
    ...['airflow', 'cloud-run', 'docker', 'github-actions', 'hf-jobs', 'kubernetes'],
  ]);
  for (const name of names) {
    const { code, stdout: recipe } = await cli(['deploy', name, ...VALUES]);
    expect(code, name).toBe(0);
    expect(recipe, name).not.toMatch(/(?<!\$)\{ ?\{/);
    for (const it of ['registry.example/etl@sha256:00', '30 4 * * 1-5', 'parquet,bigquery'])
      expect(recipe, name).toContain(it);
    if (!['kubernetes', 'github-actions'].includes(name)) continue;
    const documents = parseAllDocuments(recipe);
    expect('empty' in documents ? [] : documents.flatMap((it) => it.errors)).toEqual([]);
    expect(recipe).toContain(
      name === 'kubernetes' ? "storage: '7Gi'" : "--state 's3://bucket/etl'",
    );
  }
});

test('a job of the Hub has its state in a bucket of the Hub, unless another is named', async ({
  cli,
}) => {
  const recipe = async (...args: string[]) => (await cli(['deploy', ...args])).stdout;
  expect(await recipe('hf-jobs')).toContain("--state 'hf://buckets/OWNER/NAME/state'");
  expect(await recipe('hf-jobs', '--state', 's3://bucket/etl')).toContain("'s3://bucket/etl'");
  expect(await recipe('cloud-run')).toContain('--state=gs://BUCKET/huggingface-etl');
});

test('no value breaks out of a recipe; a wrong name or schedule is said', async ({ cli }) => {
  const wrong = async (...args: string[]) => (await cli(['deploy', ...args])).stderr;
  expect(await wrong('docker', '--image', "x'; rm -rf /; '")).toContain('--image holds characters');
  expect(await wrong('docker', '--image', 'x$(id)')).toContain('[CONFIG_INVALID]');
  expect(await wrong('../package')).toContain('is no recipe; there are airflow, cloud-run');
  expect(await wrong('docker', '--schedule', 'daily')).toContain('is no schedule of cron');
});
