import { expect, test } from '@playwright/test';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { runCli, startCli } from '../../helpers/cli.ts';
import { temporaryFolder } from '../../helpers/pipeline.ts';
import { startHub, type HubOptions } from '../../../demo/hub/index.ts';

const MODELS = ['--sources', 'models,tags', '--to', 'jsonl', '--json', '--retry-base', '0.01'];

/** Runs against a Hub of its own in a storage of its own. */
async function runAgainst(
  options: HubOptions,
  args: string[] = [],
  env: Record<string, string> = {},
) {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub(options);
  const result = await runCli(
    ['run', ...MODELS, '--storage', folder, '--endpoint', hub.url, ...args],
    env,
  );
  const { requests } = hub;
  await hub.close();
  return { ...result, report: parsed(result.stdout), folder, remove, requests };
}

const parsed = (stdout: string): RunReport => JSON.parse(stdout) as RunReport;

test('an unknown flag, command or value is a usage error that names it', async () => {
  for (const args of [
    ['run', '--no-such-flag'],
    ['no-such-command'],
    ['run', '--sources', 'models,nonsense'],
    ['run', '--limit', '-3'],
    ['run', '--endpoint', 'ftp://hub'],
    ['run', '--endpoint', 'http://user:pass@127.0.0.1'],
    ['crawl', 'boards', '--board', 'no-such-board'],
    ['crawl', 'boards', '--board-url', 'open-llm'],
  ]) {
    const { folder, remove } = await temporaryFolder();

    const { code, stdout, stderr } = await runCli([...args, '--json', '--storage', folder]);

    expect(code, args.join(' ')).toBe(2);
    expect(parsed(stdout).error?.hint, args.join(' ')).toBeTruthy();
    expect(stderr).toMatch(/\[(CONFIG_INVALID|BOARD_UNKNOWN)\]/);
    await remove();
  }
});

test('a token that the Hub refuses ends the run with 7 after one request', async () => {
  const { code, report, requests, remove } = await runAgainst({ tokens: ['hf_good'] }, [], {
    HF_TOKEN: 'hf_bad',
  });

  expect(code).toBe(7);
  expect(report.error?.code).toBe('AUTH_TOKEN');
  expect(requests).toHaveLength(1);
  await remove();
});

test('an endpoint that is down is a failed source, with the address in the message', async () => {
  const { folder, remove } = await temporaryFolder();

  const { code, stdout } = await runCli([
    'run',
    ...MODELS,
    '--storage',
    folder,
    '--endpoint',
    'http://127.0.0.1:9',
  ]);

  expect(code).toBe(3);
  expect(parsed(stdout).error).toMatchObject({ code: 'HTTP_NETWORK' });
  expect(parsed(stdout).error?.message).toContain('127.0.0.1:9');
  await remove();
});

test('an endpoint that answers HTML is no Hub: said after one request', async () => {
  const { code, report, requests, remove } = await runAgainst({ html: true });

  expect(code).toBe(3);
  expect(report.error?.code).toBe('HTTP_NOT_JSON');
  expect(requests).toHaveLength(1);
  await remove();
});

test('a Hub without a model is an error, not an empty table', async () => {
  const { code, report, remove } = await runAgainst({ empty: true });

  expect(code).toBe(3);
  expect(report.error?.code).toBe('HUB_EMPTY');
  expect(report.tables).toEqual({});
  await remove();
});

test('a storage folder of a later version is left alone', async () => {
  const { folder, remove } = await temporaryFolder();
  await writeFile(path.join(folder, 'format.json'), '{"format": 99}\n');

  const { code, stdout } = await runCli([
    'run',
    ...MODELS,
    '--storage',
    folder,
    '--endpoint',
    'http://127.0.0.1:9',
  ]);

  expect(code).toBe(2);
  expect(parsed(stdout).error?.code).toBe('STORAGE_VERSION');
  expect(await readdir(folder)).toEqual(['format.json']);
  await remove();
});

test('a changed capture is refused with its place, and nothing is published', async () => {
  const { folder, remove, code } = await runAgainst({});
  expect(code).toBe(0);
  const [dataset = ''] = (await readdir(path.join(folder, 'datasets'))).filter((it) =>
    it.startsWith('models-'),
  );
  const segment = path.join(folder, 'datasets', dataset, '000001.sqlite');
  const bytes = await readFile(segment);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  await writeFile(segment, bytes);

  const replay = await runCli(['export', '--to', 'jsonl', '--storage', folder, '--json']);

  expect(replay.code).toBe(3);
  expect(parsed(replay.stdout).error?.code).toBe('STORAGE_CORRUPT');
  expect(replay.stderr).toContain('000001.sqlite');
  const { error } = JSON.parse(replay.stdout) as { error: { context: object } };
  expect(error.context).toMatchObject({ file: expect.stringContaining('000001.sqlite') });
  await remove();
});

test('two runs on one storage: the second stops with 8', async () => {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub({ faults: [{ kind: 'hang', at: 1 }] });
  const args = ['run', ...MODELS, '--storage', folder, '--endpoint', hub.url];
  const first = startCli(args);
  await expect.poll(() => hub.counters.faults, { timeout: 30_000 }).toBe(1);

  const second = await runCli(args);

  expect(second.code).toBe(8);
  expect(parsed(second.stdout).error?.code).toBe('STORAGE_LOCKED');
  first.child.kill('SIGKILL');
  await first.done;
  await hub.close();
  await remove();
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  test(`${signal} ends the run with ${code} within five seconds, and it resumes`, async () => {
    const { folder, remove } = await temporaryFolder();
    const hub = await startHub({ faults: [{ kind: 'hang', at: 4 }] });
    const args = [
      'run',
      ...MODELS,
      '--page-size',
      '50',
      '--storage',
      folder,
      '--endpoint',
      hub.url,
    ];
    const run = startCli(args);
    await expect.poll(() => hub.counters.faults, { timeout: 30_000 }).toBe(1);

    const sentAt = Date.now();
    run.child.kill(signal);
    const stopped = await run.done;
    const tookMs = Date.now() - sentAt;
    const resumed = await runCli(args);

    expect(stopped.code).toBe(code);
    expect(parsed(stopped.stdout)).toMatchObject({ status: 'interrupted', exitCode: code });
    expect(tookMs).toBeLessThan(5000);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(parsed(resumed.stdout).sources['models']).toMatchObject({ listed: 557, resumedFrom: 3 });
    expect(parsed(resumed.stdout).run).toBe(parsed(stopped.stdout).run);
    await hub.close();
    await remove();
  });
}

test('a token appears in no file and no output, whatever fails', async () => {
  const secret = 'hf_ThisMustNeverBeSeen0123456789';
  const places = [
    await runAgainst({}, ['--log-level', 'debug'], { HF_TOKEN: secret }),
    await runAgainst({ tokens: ['hf_other'] }, ['--log-level', 'debug'], { HF_TOKEN: secret }),
    await runAgainst({ faults: [{ kind: '500', at: 2, times: 99 }] }, ['--page-size', '50'], {
      HF_TOKEN: secret,
    }),
  ];
  const given = await runAgainst({}, ['--author', secret], { HF_TOKEN: secret });
  expect(given).toMatchObject({ code: 2, requests: [] });
  expect(given.stdout + given.stderr).not.toContain(secret);
  await given.remove();

  for (const { folder, stdout, stderr, requests, remove } of places) {
    expect(requests.some(({ hasAuthorization }) => hasAuthorization)).toBe(true);
    expect(stdout + stderr).not.toContain(secret);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(path.join(entry.parentPath, entry.name), 'latin1');
      expect(text, entry.name).not.toContain(secret);
    }
    await remove();
  }
});

test('a folder without permission is said so', async () => {
  const { folder, remove } = await temporaryFolder();
  const file = path.join(folder, 'a-file');
  await writeFile(file, '');
  await mkdir(path.join(folder, 'ok'));

  const { code, stdout } = await runCli([
    'run',
    ...MODELS,
    '--storage',
    path.join(file, 'storage'),
    '--endpoint',
    'http://127.0.0.1:9',
  ]);

  expect(code).toBe(2);
  expect(parsed(stdout).error?.code).toMatch(/^(STORAGE_DENIED|CONFIG_INVALID)$/);
  await remove();
});
