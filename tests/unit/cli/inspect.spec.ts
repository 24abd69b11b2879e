import { existsSync } from 'node:fs';
import path from 'node:path';
import { gatewayEnv, startGateway } from '../../hub/gateway.ts';
import { startBigqueryDouble } from '../../bigquery/server.ts';
import { withEnv } from '../../helpers/env.ts';
import { expect, test } from '../../helpers/fixtures.ts';

test('--fresh starts a new run; without it a failed one goes on where it stopped', async ({
  fewHub,
  pipeline,
  cli,
}) => {
  const run = (more: object = {}) =>
    pipeline({ sources: 'models', pageSize: 10, to: 'jsonl', tables: 'raw_model', ...more });
  const busy = [{ kind: '503', at: 4, times: 999 }] as const;

  fewHub.setFaults(busy);
  const failed = await run();
  fewHub.setFaults([]);
  const resumed = await run();
  const later = await run();
  fewHub.setFaults(busy);
  const failedAgain = await run();
  fewHub.setFaults([]);
  const fresh = await run({ fresh: true });

  expect(failed.report.exitCode).toBe(3);
  expect(resumed.report).toMatchObject({ run: failed.report.run, exitCode: 0 });
  expect(resumed.report.sources['models']).toMatchObject({ listed: 112, resumedFrom: 3 });
  expect(later.report.run).not.toBe(resumed.report.run);
  expect(fresh.report.run).not.toBe(failedAgain.report.run);
  expect(fresh.report.sources['models']).toMatchObject({ exported: 112, resumedFrom: null });
  const status = await cli(['status']);
  expect(status.stdout).toContain(fresh.report.run);
  expect(status.stdout).toMatch(/failed\s+3/);
});

test('a crawl alone stores captures; export replays any of them, byte for byte', async ({
  pipeline,
  cli,
}) => {
  const { report } = await pipeline({ sources: 'models,tags' }, { command: 'crawl' });

  const replay = async () =>
    JSON.parse(
      (await cli(['export', '--replay', report.run, '--to', 'jsonl', '--json'])).stdout,
    ) as { tables: object };
  const first = await replay();

  expect(report).toMatchObject({ exitCode: 0, tables: {}, warehouse: null });
  expect(Object.keys(first.tables)).toContain('raw_model');
  expect(await replay()).toEqual(first);
});

test('doctor says what is wrong, and its exit code is that of the worst', async ({ hub, cli }) => {
  const { url } = await hub();

  const well = await cli(['doctor', '--endpoint', url, '--json']);
  const down = await cli(['doctor', '--endpoint', 'http://127.0.0.1:9'], {
    env: { HUGGINGFACE_ETL_RETRY_BASE: '0.005' },
  });

  const { findings } = JSON.parse(well.stdout) as { findings: { what: string; ok: boolean }[] };
  const names = ['browser', 'endpoint', 'token', 'clock', 'disk'];
  expect(findings.map(({ what }) => what)).toEqual(names);
  expect(findings.find(({ what }) => what === 'endpoint')?.ok).toBe(true);
  expect([3, 75]).toContain(down.code);
  expect(down.stdout).toMatch(/FAIL\s+endpoint .*\[HTTP_NETWORK\]/);
});

test('doctor says what a token may do, and tries the places that settings name', async ({
  cli,
  folder,
  hub,
  keep,
  serve,
}) => {
  const { url } = await hub();
  // The replica of the Hub does not know who asks; what stands in front of it does.
  const whoami = { name: 'somebody', auth: { accessToken: { role: 'read' } } };
  const front = await serve((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/api/whoami-v2') response.end(JSON.stringify(whoami));
    else
      void fetch(`${url}${request.url ?? ''}`).then(async (answer) =>
        response.writeHead(answer.status).end(await answer.text()),
      );
  });
  const double = await keep(startBigqueryDouble());
  const google = ['--bigquery-project', double.project, '--bigquery-endpoint', double.url];
  const bucket = path.join(folder, 'state');
  const ask = (endpoint: string, ...more: string[]) =>
    cli(['doctor', '--endpoint', endpoint, ...more], { env: { HF_TOKEN: 'hf_somesecret' } });
  const known = await ask(url, '--state', `file://${bucket}`, ...google);
  expect(known.stdout).toMatch(/ok {4}token .*does not say what it may do/);
  expect(known.stdout).toMatch(/ok {4}state .*takes, gives and removes/);
  expect(known.stdout).toMatch(/ok {4}bigquery .*: 0 releases/);
  expect(existsSync(bucket)).toBe(false); // nothing is left

  const gateway = await keep(startGateway());
  const to = `${gateway.address}/public,hf://buckets/owner/none`;
  const env = { ...gatewayEnv(gateway.url), HUGGINGFACE_ETL_TO: to };
  const places = await withEnv(env, () => cli(['doctor', '--endpoint', url], { env }));
  expect(places.stdout).toMatch(/ok {4}to .*owner\/tables\/public takes, gives and removes/);
  expect(places.stdout).toMatch(/FAIL {2}to .*owner\/none: there is no such bucket/);
  expect(gateway.objects.size).toBe(0);

  const said = await ask(front, '--state', 'file:///dev/null/state');
  expect(said.stdout).toMatch(/ok {4}token .*read of somebody/);
  expect(said.stdout).toMatch(/FAIL {2}state /);
  expect(said.stdout + said.stderr).not.toContain('hf_somesecret');
});

test('boards and schema tell what is known, in every form', async ({ cli }) => {
  expect((await cli(['boards'])).stdout).toContain('open-llm');
  for (const form of ['markdown', 'duckdb', 'bigquery', 'json-schema']) {
    const { code, stdout } = await cli(['schema', 'usage', '--as', form]);
    expect(code).toBe(0);
    expect(stdout).toContain('downloads_all_time');
  }
  expect((await cli(['schema', 'no_such_table'])).code).toBe(2);
});
