import { noticeOf, sendHeartbeat, sendNotice, type Notice } from '../../../src/pipeline/notify.ts';
import { readRuns } from '../../../src/pipeline/state.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import type { CliOptions, CliResult } from '../../helpers/cli.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';

interface Told {
  method: string | undefined;
  path: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** A receiver of notices, whose answers a test may choose; what it was sent. */
const test = base.extend<{ receiver: { url: string; told: Told[]; status: number } }>({
  receiver: async ({ serve }, use) => {
    const receiver = { url: '', told: [] as Told[], status: 200 };
    receiver.url = await serve((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method, url, headers } = request;
        receiver.told.push({ method, path: url, headers, body: Buffer.concat(parts).toString() });
        response.writeHead(receiver.status, { location: '/elsewhere' }).end();
      });
    });
    await use(receiver);
  },
});

const RUN = ['run', '--sources', 'models', '--to', 'jsonl', '--page-size', '20', '--json'];
const QUICK = ['--retry-base', '0.001', '--log-format', 'json', '--log-level', 'debug'];
type Line = Record<string, unknown> & { message: string };
const linesOf = ({ stderr }: CliResult): Line[] =>
  stderr
    .split('\n')
    .filter((it) => it.startsWith('{'))
    .map((it) => JSON.parse(it) as Line); // pino's
const eventsOf = (told: readonly Told[]): string[] =>
  told.map(({ method, body }) => (method === 'GET' ? 'beat' : (JSON.parse(body) as Notice).event));

test('a failure is told once a run, a recovery though a stop and a kill came between', async ({
  cli,
  folder,
  receiver,
  fewHub: replica,
}) => {
  const env = {
    HUGGINGFACE_ETL_NOTIFY: `${receiver.url}/hook/s3cret`,
    HUGGINGFACE_ETL_HEARTBEAT: `${receiver.url}/beat/s3cret`,
  };
  const run = (options: CliOptions = {}) =>
    cli([...RUN, ...QUICK, '--endpoint', replica.url], { env, ...options });

  await run();
  replica.setFaults([{ kind: '500', at: 3, times: 1000 }]);
  const failed = await run();
  replica.setFaults([]);
  const stopped = await run({ signal: AbortSignal.abort('SIGTERM') });
  const [well, again] = [await run(), await run()];

  expect([failed, stopped, well, again].map(({ code }) => code)).toEqual([3, 143, 0, 0]);
  expect(eventsOf(receiver.told)).toEqual(['beat', 'failure', 'recovery', 'beat', 'beat']);
  const notice = JSON.parse(receiver.told[1]?.body ?? '') as Notice;
  const report = JSON.parse(failed.stdout) as RunReport;
  expect(notice).toMatchObject({
    ...{ run: report.run, exitCode: 3, where: 'models', next: report.error?.hint },
    why: expect.stringMatching(/^models: .*\[HTTP_[A-Z]+\]$/),
  });
  expect(readRuns(folder).map((it) => it.failedBefore)).toEqual([false, true, false]);
  for (const it of [failed, well]) expect(it.stderr + it.stdout).not.toContain('s3cret');
});

test('log lines have the fields that collectors read; each source ends once', async ({
  cli,
  fewHub: replica,
}) => {
  const run = () => cli([...RUN, ...QUICK, '--sources', 'models,tags', '--endpoint', replica.url]);
  const lines = linesOf(await run());

  for (const line of lines) {
    expect(line['severity']).toMatch(/^(?:DEBUG|INFO|WARNING|ERROR)$/);
    expect(new Date(String(line['time'])).toISOString()).toBe(line['time']);
    expect(line.message).not.toBe('');
  }
  const ended = lines.filter(({ message }) => message === 'source ended');
  expect(ended.map(({ source }) => source)).toEqual(['tags', 'models', 'catchup', 'export']);
  const [run1] = new Set(ended.map((it) => it['run']));
  expect(run1).toMatch(/^\d{8}t\d{6}z/);
  expect(lines.at(-1)).toMatchObject({ message: 'run ended', run: run1, exitCode: 0 });

  replica.setFaults([{ kind: '500', at: 3, times: 1000 }]);
  const errors = linesOf(await run()).filter((it) => it['severity'] === 'ERROR');
  expect(errors).toEqual([
    expect.objectContaining({
      ...{ source: 'models', message: 'source failed' },
      error: expect.objectContaining({
        message: expect.any(String),
        code: expect.stringMatching(/^HTTP/),
        stack: expect.any(String),
      }),
    }),
  ]);
});

test('a receiver that does not answer, or sends elsewhere, changes no exit code', async ({
  cli,
  hub,
  receiver,
}) => {
  const { url } = await hub({ empty: true });
  const run = (address: string) => cli([...RUN, ...QUICK, '--endpoint', url, '--notify', address]);
  const told = async (): Promise<unknown> => {
    const result = await run(`${receiver.url}/s3cret`);
    const line = linesOf(result).find(({ message }) => message === 'nobody was told');
    expect(result.stderr).not.toContain('s3cret');
    return [result.code, line?.['severity'], line?.['why'], receiver.told.splice(0).length];
  };

  receiver.status = 503;
  expect(await told()).toEqual([3, 'ERROR', 'status 503', 3]);
  receiver.status = 302;
  expect(await told()).toEqual([3, 'ERROR', 'status 302', 1]);
  const gone = linesOf(await run('http://127.0.0.1:2/s3cret')).map((it) => it['why']);
  expect(gone).toContain('ECONNREFUSED');
  // A Hub that is at the same address is named in messages.
  const same = `${receiver.url}/s3cret`;
  const both = await cli([...RUN, ...QUICK, '--endpoint', same, '--notify', `slack:${same}`]);
  expect(both.stderr).toContain('GET [redacted]/api/models');
  expect(both.stderr + both.stdout).not.toContain('s3cret');
  const wrong = await run('ftp://s3cret');
  expect([wrong.code, wrong.stderr.includes('s3cret')]).toEqual([2, false]);
});

test('a run that cannot begin is told of', async ({ cli, hub, keep, folder, receiver }) => {
  const { openStorage } = await import('../../../src/storage/storage-folder.ts');
  await keep(openStorage(folder, { command: 'another' }));
  const { url } = await hub();
  const { code } = await cli([...RUN, ...QUICK, '--endpoint', url, '--notify', receiver.url]);

  expect(code).toBe(8);
  expect(JSON.parse(receiver.told[0]?.body ?? '')).toMatchObject({
    ...{ event: 'failure', run: null, exitCode: 8 },
    why: expect.stringContaining('[STORAGE_LOCKED]'),
  });
});

/** A report of a run whose board was refused by a page that writes what it likes. */
const REFUSED = {
  ...{ run: 'r1', exitCode: 4, isRecovered: false },
  error: { code: 'BOARD_DRIFT', message: 'm', hint: 'Look.' },
  failures: [{ source: 'boards', code: 'BOARD_DRIFT', message: 'm' }],
  sources: { boards: { own: { error: { code: 'BOARD_DRIFT', message: '<!channel> & é' } } } },
} as unknown as RunReport; // what a notice reads of it

test('Slack and ntfy get their own shapes, and a page cannot call everybody', async ({
  receiver,
}) => {
  const notice = noticeOf(REFUSED);
  if (notice === undefined) throw new Error('nothing is told');
  const options = { retryBaseMs: 0, signal: new AbortController().signal };
  const withLogin = receiver.url.replace('//', '//user:p%40ss@');
  await sendNotice(`slack:${receiver.url}/services/T/B`, notice, options);
  await sendNotice(`ntfy:${withLogin}/topic`, notice, options);
  const [slack, ntfy] = receiver.told;

  const { text, ...rest } = JSON.parse(slack?.body ?? '') as { text: string };
  expect(rest).toEqual({});
  expect(text).toContain('*huggingface-etl: drift, a leaderboard changed*');
  expect(text).toContain('boards/own: &lt;!channel&gt; &amp; é [BOARD_DRIFT]');
  expect(text).toContain('next: Look.');
  expect(ntfy?.headers).toMatchObject({
    ...{ title: 'huggingface-etl: drift, a leaderboard changed', priority: 'high' },
    authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
  });
  expect(ntfy?.body).toContain('where: boards/own\nwhy: boards/own: <!channel> & é');
  // A refusal is told as one, whatever else failed.
  const refusal = noticeOf({ ...REFUSED, exitCode: 5 });
  expect([refusal?.event, noticeOf({ ...REFUSED, exitCode: 143 })]).toEqual(['refusal', undefined]);
});

test('a login may be a password alone, and have a percent sign that nobody escaped', async ({
  receiver,
}) => {
  const options = { retryBaseMs: 0, signal: new AbortController().signal };
  for (const login of ['user:50%', ':t%C3%A9', 'user%zz:']) {
    const url = receiver.url.replace('//', `//${login}@`);
    expect(await sendHeartbeat(url, options)).toBeUndefined();
  }

  expect(receiver.told.map(({ headers }) => headers['authorization'])).toEqual(
    ['user:50%', ':té', 'user%zz:'].map((it) => `Basic ${Buffer.from(it).toString('base64')}`),
  );
});
