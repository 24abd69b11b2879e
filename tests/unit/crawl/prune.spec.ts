import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeMemory } from '../../../src/pipeline/board-memory.ts';
import { prune } from '../../../src/pipeline/prune.ts';
import { readRuns } from '../../../src/pipeline/state.ts';
import { listDatasets } from '../../../src/storage/captures.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const SETTINGS = {
  ...{ sources: 'models,tags', to: 'jsonl', pageSize: 50, keepRuns: 0 },
  tables: 'raw_model,tags',
};

test('old runs go; what later runs stand on stays', async ({
  folder,
  cli,
  fewHub: replica,
  pipeline,
}) => {
  const run = async (more: object = {}): Promise<string> =>
    (await pipeline({ ...SETTINGS, ...more })).report.run;
  const whole = await run();
  const [first, second, foreign] = [
    await run({ limit: 3 }),
    await run({ author: 'SEBIS' }),
    await run({ limit: 5 }),
  ];
  replica.setFaults([{ kind: '503', at: 1, times: 99 }]);
  const unfinished = await run({ limit: 6 });
  replica.setFaults([]);
  const last = await run({ limit: 7 });
  const exported = (name: string): string => path.join(folder, 'exports', name);
  await writeFile(path.join(exported(foreign), 'notes.txt'), 'mine');
  await mkdir(path.join(folder, 'datasets', 'my-own'));
  // As if the last good capture of a board were in there.
  const lastGood = `tags-${second}`;
  writeMemory(folder, {
    ...{ format: 1, board: 'x', url: 'http://127.0.0.1/', run: second, dataset: lastGood, n: 0 },
    ...{ capturedAt: '', renderer: 'html', variant: '', headers: [], rows: 2, identity: [] },
    ...{ columns: [], identitiesSha256: '', before: null, isAccepted: false },
  });

  const told = await cli(['prune', '--keep-runs', '1', '--dry-run']);
  expect(told.stdout).toContain(first);
  expect(existsSync(exported(first))).toBe(true);
  const pruned = await prune(folder, { keepRuns: 1 });

  expect(pruned.map((it) => it.run)).toEqual([first, second, foreign]);
  const left = await listDatasets(folder);
  expect(left).toEqual(
    expect.arrayContaining(['my-own', `models-${whole}`, `models-${last}`, `tags-${unfinished}`]),
  );
  const ofOld = left.filter((it) => [first, second, foreign].some((name) => it.endsWith(name)));
  expect(ofOld).toEqual([lastGood]);
  expect([whole, first, second, foreign, last].map((it) => existsSync(exported(it)))).toEqual([
    ...[true, false, false],
    // It holds what is not ours.
    ...[true, true],
  ]);
  expect(readRuns(folder)).toHaveLength(6);
  expect(await prune(folder, { keepRuns: 1 })).toEqual([]);
  const again = await cli(['export', '--replay', first, '--to', 'jsonl']);
  expect(again).toMatchObject({ code: 2 });
  expect(again.stderr).toContain('were removed');
  // The next one begins its parts where the whole one was, and is told against it.
  const next = await pipeline({ ...SETTINGS, parts: 2, keepRuns: 1, pageSize: 10 });
  expect(next.report).toMatchObject({ exitCode: 0, run: expect.not.stringMatching(whole) });
  expect(existsSync(exported(last))).toBe(false);
});
