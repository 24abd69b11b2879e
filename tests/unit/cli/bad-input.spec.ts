import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunReport } from '../../../src/pipeline/report.ts';
import type { HubOptions, HubReplica } from '../../../demo/hub/index.ts';
import type { CliOptions } from '../../helpers/cli.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { stopAtFault } from '../../helpers/pipeline.ts';

const MODELS = ['--sources', 'models,tags', '--to', 'jsonl', '--json', '--retry-base', '0.01'];
const NOBODY = 'http://127.0.0.1:9';

const parsed = (stdout: string): RunReport => JSON.parse(stdout) as RunReport;

type StartHub = (options?: HubOptions) => Promise<HubReplica>;
type RunAt = (url: string, args?: readonly string[], options?: CliOptions) => Promise<Outcome>;
interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  report: RunReport;
}

const test = base.extend<{ hub: StartHub; runAt: RunAt }>({
  /** Of few models: what is wrong is the same. */
  hub: async ({ few, hub }, use) => {
    await use((options) => hub({ data: few, ...options }));
  },
  /** `run` against an endpoint, with `folder` for a storage. */
  runAt: async ({ cli }, use) => {
    await use(async (url, args = [], options = {}) => {
      const result = await cli(['run', ...MODELS, '--endpoint', url, ...args], options);
      return { ...result, report: parsed(result.stdout) };
    });
  },
});

test('a process that may open too few files says so, before the first request', async ({
  folder,
  hub,
}) => {
  const { url, requests } = await hub();
  const main = new URL('../../../src/main.ts', import.meta.url).pathname;
  const command = `ulimit -n 40; exec "${process.execPath}" "${main}" run --endpoint ${url} --storage "${folder}"`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });

  expect(status, stderr).toBe(75);
  expect(stderr).toContain('EMFILE [TOO_MANY_FILES]');
  expect(requests).toEqual([]);
});

test('what is wrong is said before the first request', async ({ cli, folder, hub }) => {
  const { url, requests } = await hub();
  for (const args of [
    ['--board', 'no-such-board'],
    ['--accept', 'no-such-board'],
    ['--board-url', 'no-such-board=http://127.0.0.1/'],
    ['--board', 'open-llm', '--sources', 'models'],
    ['--url', 'http://127.0.0.1/', '--renderer', 'no-such-kind'],
    ['--url', 'file:///etc/passwd'],
    ['--url', 'view-source:http://127.0.0.1/'],
    ['--tables', 'core_model,no_such_table'],
    ['--to', 'bigquery'],
    ['--out', '/'],
    ['--storage', path.join(folder, 'a?b')],
    ['--endpoint', 'huggingface.co', '--dry-run'],
  ]) {
    const { code, stderr } = await cli(['run', '--endpoint', url, ...args]);
    expect(code, `${args.join(' ')}: ${stderr}`).toBe(2);
  }
  expect(requests).toEqual([]);
  expect(existsSync(path.join(folder, 'runs'))).toBe(false);
});

test('a usage error says what is wrong', async ({ cli }) => {
  for (const args of [
    ['run', '--no-such-flag'],
    ['no-such-command'],
    ['run', '--sources', 'models,nonsense'],
    ['run', '--limit', '-3'],
    ['run', '--endpoint', 'ftp://hub'],
    ['run', '--endpoint', 'http://user:pass@127.0.0.1'],
    ['crawl', 'boards', '--board', 'no-such-board'],
    ['crawl', 'boards', '--board-url', 'open-llm'],
    ['run', '--state', 'ftp://bucket'],
    ['run', '--state', 's3://No_Bucket'],
    ['crawl', 'tags', '--state', 'file:relative'],
    ['pull'],
  ]) {
    const { code, stdout, stderr } = await cli([...args, '--json']);

    expect(code, args.join(' ')).toBe(2);
    expect(parsed(stdout).error?.hint).toBeTruthy();
    expect(stderr).toMatch(/\[(CONFIG_INVALID|BOARD_UNKNOWN)\]/);
  }
});

test('a token that the Hub refuses ends the run with 7 after one request', async ({
  hub,
  runAt,
}) => {
  const { url, requests } = await hub({ tokens: ['hf_good'] });
  const { code, report } = await runAt(url, [], { env: { HF_TOKEN: 'hf_bad' } });

  expect(code).toBe(7);
  expect(report.error?.code).toBe('AUTH_TOKEN');
  expect(requests).toHaveLength(1);
});

test('an endpoint that is down is a failed source, with the address in the message', async ({
  runAt,
}) => {
  const { code, report } = await runAt(NOBODY);

  expect(code).toBe(3);
  expect(report.error).toMatchObject({ code: 'HTTP_NETWORK' });
  expect(report.error?.message).toContain('127.0.0.1:9');
});

test('an endpoint that answers HTML is no Hub: said after one request', async ({ hub, runAt }) => {
  const { url, requests } = await hub({ html: true });
  const { code, report } = await runAt(url);

  expect(code).toBe(3);
  expect(report.error?.code).toBe('HTTP_NOT_JSON');
  expect(requests).toHaveLength(1);
});

test('a Hub without a model is an error, not an empty table', async ({ hub, runAt }) => {
  const { url } = await hub({ empty: true });
  const { code, report } = await runAt(url);

  expect(code).toBe(3);
  expect(report.error?.code).toBe('HUB_EMPTY');
  expect(report.tables).toEqual({});
});

test('a storage folder of a later version is left alone', async ({ folder, runAt }) => {
  await writeFile(path.join(folder, 'format.json'), '{"format": 99}\n');

  const { code, report } = await runAt(NOBODY);

  expect(code).toBe(2);
  expect(report.error?.code).toBe('STORAGE_VERSION');
  expect(await readdir(folder)).toEqual(['format.json']);
});

test('a changed capture is refused with its place, and nothing is published', async ({
  folder,
  hub,
  runAt,
  cli,
}) => {
  const { url } = await hub();
  expect((await runAt(url)).code).toBe(0);
  const [dataset = ''] = (await readdir(path.join(folder, 'datasets'))).filter((it) =>
    it.startsWith('models-'),
  );
  const segment = path.join(folder, 'datasets', dataset, '000001.sqlite');
  const bytes = await readFile(segment);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  await writeFile(segment, bytes);

  const replay = await cli(['export', '--to', 'jsonl', '--json']);

  expect(replay.code).toBe(3);
  expect(parsed(replay.stdout).error?.code).toBe('STORAGE_CORRUPT');
  expect(replay.stderr).toContain('000001.sqlite');
  const { error } = JSON.parse(replay.stdout) as { error: { context: object } };
  expect(error.context).toMatchObject({ file: expect.stringContaining('000001.sqlite') });
});

test('two runs on one storage: the second stops with 8', async ({ hub, runAt }) => {
  const stop = new AbortController();
  const replica = await hub({ faults: [{ kind: 'hang', at: 1 }] });
  const first = runAt(replica.url, [], { signal: stop.signal, kill: stop.signal });
  await expect.poll(() => replica.counters.faults).toBe(1);

  const second = await runAt(replica.url);
  stop.abort('SIGTERM');

  expect(second.code).toBe(8);
  expect(second.report.error?.code).toBe('STORAGE_LOCKED');
  expect((await first).code).toBe(143);
});

test('SIGINT ends the run with 130 though a request hangs, and it resumes', async ({
  hub,
  runAt,
}) => {
  const replica = await hub({ faults: [{ kind: 'hang', at: 4 }] });
  const pages = ['--page-size', '10'];
  const start = (signals: CliOptions) => runAt(replica.url, pages, signals);
  const stopped = await stopAtFault(replica, start, 'SIGINT');
  const resumed = await runAt(replica.url, pages);

  expect(stopped.code).toBe(130);
  expect(stopped.report).toMatchObject({ status: 'interrupted', exitCode: 130 });
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.report.sources['models']).toMatchObject({ listed: 112, resumedFrom: 3 });
  expect(resumed.report.run).toBe(stopped.report.run);
});

const SECRET = 'hf_ThisMustNeverBeSeen0123456789';

for (const [what, options, args] of [
  ['all goes well', {}, ['--log-level', 'debug']],
  ['the Hub refuses it', { tokens: ['hf_other'] }, ['--log-level', 'debug']],
  ['a page fails', { faults: [{ kind: '500', at: 2, times: 99 }] }, ['--page-size', '10']],
] as const) {
  test(`a token appears in no file and no output when ${what}`, async ({ folder, hub, runAt }) => {
    const { url, requests } = await hub(options);
    const { stdout, stderr } = await runAt(url, args, { env: { HF_TOKEN: SECRET } });

    expect(requests.some(({ hasAuthorization }) => hasAuthorization)).toBe(true);
    expect(stdout + stderr).not.toContain(SECRET);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(path.join(entry.parentPath, entry.name), 'latin1');
      expect(text, entry.name).not.toContain(SECRET);
    }
  });
}

test('a token that is given as a setting is refused, and not repeated', async ({ hub, runAt }) => {
  const { url, requests } = await hub();
  const given = await runAt(url, ['--author', SECRET], { env: { HF_TOKEN: SECRET } });

  expect(given.code).toBe(2);
  expect(requests).toEqual([]);
  expect(given.stdout + given.stderr).not.toContain(SECRET);
});

test('a storage that cannot be made is said so', async ({ folder, runAt }) => {
  const file = path.join(folder, 'a-file');
  await writeFile(file, '');

  const { code, report } = await runAt(NOBODY, ['--storage', path.join(file, 'storage')]);

  expect(code).toBe(2);
  expect(report.error?.code).toMatch(/^(STORAGE_DENIED|CONFIG_INVALID)$/);
});

test('a folder for temporary files that cannot be written is no bug', async ({ cli }) => {
  test.skip(process.platform !== 'linux', 'needs a folder that root may not write');
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = '/sys/kernel';
  const { code, stderr } = await cli(['report']);
  process.env['TMPDIR'] = before ?? '/tmp';
  expect([code, stderr]).toEqual([2, expect.stringMatching(/in \/sys\/kernel .*STORAGE_DENIED/)]);
});
