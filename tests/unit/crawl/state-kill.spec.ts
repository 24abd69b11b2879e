import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBucket } from '../../../src/storage/bucket/open.ts';
import { openRemoteState } from '../../../src/storage/remote/remote.ts';
import { readRuns } from '../../../src/pipeline/state.ts';
import { runCli } from '../../helpers/cli.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { atRequest, onceThereIs } from '../../helpers/kill-runs.ts';
import { openWorld, runDays, startDay } from '../../helpers/state-days.ts';

/** Processes of more days are killed at more moments in `npm run test:soak`. */
const [DAYS, MOMENTS] =
  process.env['SOAK'] === '1'
    ? [
        3,
        [
          atRequest(12),
          onceThereIs('exports/*.huggingface-etl-new-*/*.jsonl'),
          atRequest(9),
          onceThereIs('warehouse/*.tmp'),
        ],
      ]
    : [2, [atRequest(12), onceThereIs('warehouse/*.tmp')]];

test('days on empty disks, whose processes are killed, give the tables and the history of one disk', async ({
  folder,
}) => {
  const state = pathToFileURL(path.join(folder, 'bucket')).href;
  const whole = await runDays({ folder, leastDays: DAYS });
  const killed = await runDays({
    ...{ folder, state, leastDays: DAYS },
    moments: MOMENTS,
  });
  const kills = MOMENTS.length;
  expect(killed).toEqual({ ...whole, kills, processes: DAYS + kills });
  expect(whole.history.length).toBeGreaterThan(4);

  const bucket = await openBucket(state, { env: {} });
  const before = await bucket.list('objects/');
  const options = {
    ...{ command: 'test', leaseMs: 60_000, signal: new AbortController().signal },
    log: { warn: () => expect('a holder').toBe('none') },
  };
  await (await openRemoteState(bucket, path.join(folder, 'last'), options)).close();
  expect(await bucket.list('objects/')).toEqual(before);
});

test('two at once: one does its work, the other ends with exit code 8', async ({
  folder,
  keep,
}) => {
  const state = pathToFileURL(path.join(folder, 'bucket')).href;
  const world = await keep(openWorld(folder, { tables: 'usage' }));
  const flagsIn = (name: string): string[] => [
    ...['--storage', path.join(folder, name), '--state', state, '--state-lease', '4'],
  ];
  const run = (name: string) => runCli(['run', ...world.args, '--json', ...flagsIn(name)]);
  world.hub.setFaults([{ kind: 'hang', at: 9, times: 1 }]);
  const first = await keep(Promise.resolve(startDay(world, { day: 0, flags: flagsIn('first') })));
  await expect.poll(() => world.hub.requests.length).toBeGreaterThan(8);
  expect(await run('second')).toMatchObject({
    code: 8,
    stdout: expect.stringContaining('STORAGE_LOCKED'),
  });
  first.child.kill('SIGTERM');
  expect(await first.done).toMatchObject({ code: 143 });
  expect(JSON.parse(readFileSync(path.join(folder, 'bucket', 'state.json'), 'utf8'))).toMatchObject(
    {
      holder: null,
    },
  );
  const pull = ['pull', '--state', state, '--storage', path.join(folder, 'copy')];
  expect(await runCli(pull)).toMatchObject({ code: 0, stdout: expect.stringContaining('files') });
  expect(readRuns(path.join(folder, 'copy'))).toMatchObject([{ stage: 'crawl' }]);
  // Its state is what it had: the next one goes on.
  const third = await run('third');
  expect(third.code, third.stderr).toBe(0);
  expect(JSON.parse(third.stdout)).toMatchObject({
    sources: { models: { resumedFrom: expect.any(Number) } },
  });
});
