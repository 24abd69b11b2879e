import { expect, test } from '@playwright/test';
import type { BigqueryLoad } from '../../../src/export/bigquery/load.ts';
import type { Fault } from '../../bigquery/server.ts';
import { killedAt } from './killed.ts';
import { allFaults, type Published } from './observer.ts';
import {
  asRun,
  BACKUPS,
  contentsOf,
  DATASET,
  STAGING,
  tinyExport,
  withDouble,
  type Exported,
  type Place,
} from './warehouse.ts';

const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];

/** Exports of four days; under another run's name each can be published again and again. */
const exportsOf = (folder: string): Promise<Exported[]> =>
  Promise.all(
    DAYS.map((day, at) => tinyExport(folder, { run: `d${at}`, day, models: 3 + at, likes: at })),
  );

/** How the request is lost at which a process is killed: never carried out, or its answer unheard. */
const FAULTS: readonly (Fault | undefined)[] = [undefined, { drop: 'after' }, { cutAt: 100 }];
/** Each request in `scripts/soak/load.ts`. */
const EVERY = 7;

test('killed at a request, the same command ends in the same tables; readers see whole releases', async () => {
  await withDouble(async (place) => {
    const { double, folder, load } = place;
    const exports = await exportsOf(folder);
    const published = new Map<number, Exported>();
    let sequence = 0;
    let isKilled = true;
    for (let at = 1; isKilled; at += EVERY) {
      const source = exports[at % exports.length];
      if (source === undefined) throw new Error('no export');
      const exported = asRun(source, `r${at}`);
      sequence += 1;
      published.set(sequence, exported);
      const fault = FAULTS[sequence % FAULTS.length];
      isKilled = await killedAt(place, exported, { isTime: ({ number }) => number >= at, fault });
      // The server goes on without its client, at once or not before somebody asks.
      if (sequence % 2 === 0) double.settle();
      const result = await load(exported);
      expect(result.sequence, `killed at request ${at}`).toBe(sequence);
      checkEnd(place, published, result);
    }
    expect(sequence).toBeGreaterThan(8);
    expect(allFaults(double, published)).toEqual([]);
    const backups = contentsOf(double, BACKUPS);
    expect(Object.keys(backups).length).toBe(backupsOf(place).size);
  });
});

/** What must hold after each load that came to its end. */
function checkEnd({ double }: Place, published: Published, result: BigqueryLoad): void {
  const exported = published.get(result.sequence);
  const before = published.get(result.sequence - 1);
  expect(contentsOf(double, STAGING)).toEqual({});
  const { core_model: core } = contentsOf(double, DATASET);
  expect(core?.sha256).toBe(exported?.manifest.tables['core_model']?.sha256);
  const backup = result.backups['core_model'];
  if (before === undefined) expect(backup).toBe(null);
  else {
    // The snapshot holds the release before, not some state in between.
    expect(contentsOf(double, BACKUPS)[String(backup)]?.sha256).toBe(
      before.manifest.tables['core_model']?.sha256,
    );
  }
}

/** The snapshots that `releases` speaks of. */
const backupsOf = ({ double }: Place): Set<unknown> =>
  new Set(
    double
      .rows(DATASET, 'releases')
      .map((row) => row['backup'])
      .filter((it) => it !== null),
  );

test('a run that is published again after another is no repetition of the first time', async () => {
  await withDouble(async ({ double, folder, load }) => {
    const [first, second] = await exportsOf(folder);
    if (first === undefined || second === undefined) throw new Error('no exports');
    await load(first);
    await load(second);
    const result = await load(first);
    expect(result).toMatchObject({ outcome: 'published', sequence: 3 });
    expect(contentsOf(double, DATASET)['core_model']?.sha256).toBe(
      first.manifest.tables['core_model']?.sha256,
    );
    const published = new Map([first, second, first].map((it, at) => [at + 1, it]));
    expect(allFaults(double, published)).toEqual([]);
  });
});
